import { expectsChecks } from '../landing/expected-checks.ts';
import { checkedMessage, type MessagesFacts, messageOf, messagesGate } from '../landing/gates/messages.ts';
import type { GateResult } from '../landing/gates.ts';
import type { Oid, Published } from '../ports.ts';
import type { Engine } from './engine.ts';

/** The commits of a change. */
interface Range {
  readonly repo: string;
  readonly base: Oid;
  readonly head: Oid;
}

/** Asks whether the messages of the commits from `base` to `head` may be pushed, and may land. */
export async function askMessages(engine: Engine, range: Range): Promise<GateResult> {
  return messagesGate(await factsOf(engine, range));
}

/**
 * The head whose messages say nothing that is not an agent's to say: where the gate would stop them, the commits are
 * made anew. What a person has pushed to the branch stays, since nothing could be pushed over it.
 */
export async function checkMessages(
  engine: Engine,
  range: Range & { readonly branch: string },
): Promise<Oid> {
  const { repo, base, head, branch } = range;
  const facts = await factsOf(engine, range);
  if (!messagesGate(facts).failure) return head;
  const pushed = await engine.repos.remoteBranch(repo, branch);
  const isPushed = async (commit: Oid) =>
    pushed !== null && (await engine.repos.isAncestor(repo, { ancestor: commit, commit: pushed }));
  const messages: Record<Oid, string> = {};
  for (const { oid, message } of changedIn(facts.commits)) {
    if (!(await isPushed(oid))) messages[oid] = message;
  }
  return engine.repos.rewriteMessages(repo, { base, head, messages });
}

/** The messages that are not as they may be. */
function changedIn(
  commits: Published['commits'],
): readonly { readonly oid: Oid; readonly message: string }[] {
  return commits.flatMap(({ oid, text }) => {
    const said = messageOf(text ?? '');
    const message = checkedMessage(said);
    return text === null || message.trim() === said.trim() ? [] : [{ oid, message }];
  });
}

const ANY_AGE_MS = 300_000;

async function factsOf(engine: Engine, { repo, base, head }: Range): Promise<MessagesFacts> {
  const [{ commits }, isExpected, { rules }] = await Promise.all([
    engine.repos.published(repo, { base, head }),
    expectsChecks(engine, repo, head),
    engine.board.snapshot(repo, { maxAgeMs: ANY_AGE_MS }),
  ]);
  // A merge queue writes its own messages, with those of the commits in them.
  const landAsTheyAre = engine.settings.HARNESS_MERGE !== 'squash' || rules?.queue === true;
  return { commits, expectsChecks: isExpected, landAsTheyAre };
}
