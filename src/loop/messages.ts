import { expectsChecks } from '../landing/expected-checks.ts';
import { messagesGate } from '../landing/gates/messages.ts';
import type { GateResult } from '../landing/gates.ts';
import type { Oid } from '../ports.ts';
import type { Engine } from './engine.ts';

/** Asks whether the messages of the commits from `base` to `head` may be pushed, and may land. */
export async function askMessages(
  engine: Engine,
  { repo, base, head }: { readonly repo: string; readonly base: Oid; readonly head: Oid },
): Promise<GateResult> {
  const [{ commits }, isExpected] = await Promise.all([
    engine.repos.published(repo, { base, head }),
    expectsChecks(engine, repo, head),
  ]);
  const landAsTheyAre = engine.settings.HARNESS_MERGE !== 'squash';
  return messagesGate({ commits, expectsChecks: isExpected, landAsTheyAre });
}
