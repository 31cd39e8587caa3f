import { heldProposal } from '../core/held-proposal.ts';
import { foldJournal } from '../core/journal.ts';
import { HarnessError } from '../errors.ts';
import { appendToLease, workRef } from '../leases/lease.ts';
import type { Session } from '../ports.ts';
import type { Engine } from './engine.ts';
import { leaseFrom } from './open-attempt.ts';
import { setLabels } from './tell.ts';

/** Where an answer is to be given. */
export interface Answering {
  readonly repo: string;
  readonly unit: string;
  /** null for the stages of the unit. */
  readonly number: number | null;
  readonly answer: string;
}

/**
 * Gives a person's answer to a live agent of this host, or leaves it in the journal for the next attempt, on whatever
 * host; a proposal that waits for a person is dropped by it. Throws `nothing-asked` when nothing waits for one, and `already-running` when another fleet works on it.
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

async function leaveAnswer(engine: Engine, { repo, unit, number, answer }: Answering): Promise<void> {
  const name = number === null ? unit : `${repo}#${number}`;
  const { journals } = await engine.refs.read(repo);
  const journal = journals.find(({ ref }) => ref === workRef({ unit, issue: number }));
  const { holder, question: asked } = foldJournal(journal?.entries ?? []);
  const held = heldProposal(journal?.entries ?? []);
  const question = held?.word === 'none' ? 'Is your last proposal right?' : asked;
  if (holder && held?.word !== 'none') {
    throw new HarnessError('already-running', `${name} is being worked on by fleet ${holder.fleet}.`, {
      fix: 'Answer on the host of that fleet, or wait until the attempt has ended.',
    });
  }
  const lease = journal ? leaseFrom(repo, journal) : null;
  if (!lease || question === null) throw new HarnessError('nothing-asked', `${name} asks nothing.`);
  const { fleet, host, boot, worker } = engine.host.identity;
  // Said of a proposal, it stands in its attempt's name, which goes on.
  const facts = { ...(held ? {} : { fleet, host, boot, worker }), question, answer };
  const pushed = await appendToLease(engine, lease, [{ op: 'answer', facts }]);
  if (pushed.kind !== 'done') {
    throw new HarnessError('engine-failed', `${name} could not be answered: ${pushed.reason}`, {
      fix: 'Somebody else moved it at the same moment; look with `harness explain`, then try again.',
    });
  }
  if (number === null || held) return;
  await setLabels(engine, repo, await engine.board.issue(repo, number), { working: false, blocked: false });
}
