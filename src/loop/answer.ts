import { foldJournal } from '../core/journal.ts';
import { HarnessError } from '../errors.ts';
import { appendToLease, issueRef } from '../leases/lease.ts';
import type { Session } from '../ports.ts';
import type { Engine } from './engine.ts';
import { leaseFrom } from './open-attempt.ts';
import { setLabels } from './tell.ts';

/** Where an answer is to be given. */
export interface Answering {
  readonly repo: string;
  readonly number: number;
  readonly answer: string;
}

/**
 * Gives a person's answer to a live agent of this host, or leaves it in the journal for the next attempt, on whatever
 * host. Throws `nothing-asked` when nothing waits for one, and `already-running` when another fleet works on it.
 */
export async function answerIssue(engine: Engine, answering: Answering): Promise<'live' | 'next'> {
  const { repo, number, answer } = answering;
  const sessions = await engine.sessions.list();
  const live = sessions.find(
    ({ plan, state }) =>
      plan.repo.toLowerCase() === repo.toLowerCase() && plan.issue === number && state === 'running',
  );
  if (live && (await answerLive(engine, live, answer))) return 'live';
  await leaveAnswer(engine, answering);
  return 'next';
}

/** false: its agent is gone. */
async function answerLive(engine: Engine, { plan, question }: Session, answer: string): Promise<boolean> {
  const name = `${plan.repo}#${plan.issue}`;
  if (question === null) {
    throw new HarnessError('nothing-asked', `${name} is being worked on, and its agent asks nothing.`);
  }
  const delivery = await engine.sessions.deliver(plan.name, answer);
  if (delivery === 'taken') return true;
  if (delivery === 'gone') return false;
  throw new HarnessError('engine-failed', `The agent on ${name} did not take the answer.`, {
    fix: `Answer in its pane: \`harness attach ${plan.unit} ${plan.issue}\`.`,
  });
}

async function leaveAnswer(engine: Engine, { repo, number, answer }: Answering): Promise<void> {
  const name = `${repo}#${number}`;
  const { journals } = await engine.refs.read(repo);
  const journal = journals.find(({ ref }) => ref === issueRef(number));
  const { holder, question } = foldJournal(journal?.entries ?? []);
  if (holder) {
    throw new HarnessError('already-running', `${name} is being worked on by fleet ${holder.fleet}.`, {
      fix: 'Answer on the host of that fleet, or wait until the attempt has ended.',
    });
  }
  const lease = journal ? leaseFrom(repo, journal) : null;
  if (!lease || question === null) throw new HarnessError('nothing-asked', `${name} asks nothing.`);
  const { fleet, host, boot, worker } = engine.host.identity;
  const facts = { fleet, host, boot, worker, question, answer };
  const pushed = await appendToLease(engine, lease, [{ op: 'answer', facts }]);
  if (pushed.kind !== 'done') {
    throw new HarnessError('engine-failed', `${name} could not be answered: ${pushed.reason}`, {
      fix: 'Somebody else moved it at the same moment; look with `harness explain`, then try again.',
    });
  }
  await setLabels(engine, repo, await engine.board.issue(repo, number), { working: false, blocked: false });
}
