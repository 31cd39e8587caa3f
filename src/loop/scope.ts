import { readBody } from '../core/grammar/body.ts';
import { isProposed } from '../core/markers.ts';
import type { Issue } from '../core/world.ts';
import { parsePatterns } from '../landing/gates/patterns.ts';
import { scopeGate } from '../landing/gates/scope.ts';
import type { GateResult } from '../landing/gates.ts';
import type { Oid } from '../ports.ts';
import type { Engine } from './engine.ts';

/** Asks whether the commits from `base` to `head` touch what agents must not change. */
export async function askScope(
  { repos, settings }: Engine,
  issue: Pick<Issue, 'body' | 'state'>,
  { repo, base, head }: { readonly repo: string; readonly base: Oid; readonly head: Oid },
): Promise<GateResult> {
  const { scope } = readBody(issue, { repo, hosts: new Set() });
  return scopeGate({
    files: await repos.patch(repo, { base, head }),
    protect: parsePatterns(settings.HARNESS_PROTECT),
    unprotect: parsePatterns(settings.HARNESS_UNPROTECT),
    scope,
    // Only trusted authors' issues are dispatched; but what the engine has filed says what an agent proposed.
    scopeTrusted: !isProposed(issue.body),
  });
}
