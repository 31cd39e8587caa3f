import { readBody } from '../core/grammar/body.ts';
import { isPersonsText, trustOf } from '../core/rules/trust.ts';
import type { Issue } from '../core/world.ts';
import { parsePatterns } from '../landing/gates/patterns.ts';
import { scopeGate } from '../landing/gates/scope.ts';
import type { GateResult } from '../landing/gates.ts';
import type { Oid } from '../ports.ts';
import type { Engine } from './engine.ts';

/** Asks whether the commits from `base` to `head` touch what agents must not change. */
export async function askScope(
  { board, repos, settings }: Engine,
  issue: Pick<Issue, 'body' | 'state' | 'lastEditor'>,
  { repo, base, head }: { readonly repo: string; readonly base: Oid; readonly head: Oid },
): Promise<GateResult> {
  const login = await board.login();
  const { scope } = readBody(issue, { repo, hosts: new Set() });
  return scopeGate({
    files: await repos.patch(repo, { base, head }),
    protect: parsePatterns(settings.HARNESS_PROTECT),
    unprotect: parsePatterns(settings.HARNESS_UNPROTECT),
    scope,
    // Only what trusted people wrote is dispatched; but what the engine has written says what an agent proposed.
    scopeTrusted: isPersonsText(issue, { login, trust: trustOf(settings, login) }),
  });
}
