import type { Outcome, Review } from '../../core/contracts.ts';
import type { Delivery, SessionPlan } from '../../ports.ts';
import type { Commit, Files } from '../git/objects.ts';
import type { Machine, SessionRecord, Worktree } from '../machines/machine.ts';
import { remoteOf, subjectOf, type Universe } from '../universe.ts';
import { type Work, workOf } from './behaviours.ts';
import { finish } from './end-agent.ts';

/** Starts the agent of a session; it does its work, leaves its outcome and stops, unless somebody ends it. */
export function startAgent(universe: Universe, machine: Machine, record: SessionRecord): void {
  const { plan } = record;
  const { objects, scheduler, rules } = universe;
  const agent = { isAlive: true };
  record.agent = agent;
  record.startedAt = scheduler.now();
  record.lastActivityAt = scheduler.now();
  const behaviour = machine.random.draw(universe.agents(plan));
  const work = workOf(behaviour, {
    files: objects.read(plan.start).tree.files,
    issue: plan.issue ?? 0,
    attempt: plan.attempt,
    wish: remoteOf(universe, plan.repo).wishes.get(plan.issue ?? 0) ?? 'own',
    isFix: plan.kind === 'FIX',
  });
  universe.trace.note('agent', subjectOf(plan.repo, plan.issue), `${behaviour}, attempt ${plan.attempt}`);

  const onMachine = (delayMs: number, run: () => void) =>
    whileAlive(universe, machine, { agent, delayMs, run });
  const tookMs = machine.random.between(...work.tookMs) * rules.agentPace;
  if (plan.kind === 'IMPL') {
    onMachine(Math.min(tookMs, rules.sessionLimitMs) * machine.random.next(), () => draft(machine, record));
  }
  onMachine(Math.min(tookMs, rules.sessionLimitMs), () => {
    if (tookMs > rules.sessionLimitMs) {
      return finish(universe, machine, record, { code: null, signal: 'SIGTERM', reason: 'timeout' });
    }
    deliver(universe, machine, record, work);
    finish(universe, machine, record, { ...work.exit, reason: 'exited' });
    if (behaviour === 'restless') wanderOn(universe, machine, record);
  });
}

/** Asks an agent to make room: it may do so after a while, leaving a handoff, or not listen. */
export function askToLeave(universe: Universe, machine: Machine, record: SessionRecord): Delivery {
  const { agent } = record;
  if (!agent?.isAlive) return 'gone';
  const answer = machine.random.pick(['taken', 'taken', 'unsupported', 'late'] as const);
  if (answer !== 'taken') return answer;
  const run = () => {
    record.handoff = 'What is left is to finish.';
    finish(universe, machine, record, { code: 0, signal: null, reason: 'exited' });
  };
  whileAlive(universe, machine, { agent, delayMs: machine.random.between(500, 20_000), run });
  return answer;
}

function whileAlive(
  { scheduler }: Universe,
  machine: Machine,
  { agent, delayMs, run }: { agent: { isAlive: boolean }; delayMs: number; run: () => void },
): void {
  const step = () => {
    if (machine.isAsleep) machine.held.push(step);
    else if (agent.isAlive) run();
  };
  scheduler.after(delayMs, step);
}

/** Writes something that is not committed yet. */
function draft({ disk }: Machine, { plan }: SessionRecord): void {
  const worktree = disk.worktrees.get(plan.worktree);
  if (worktree)
    worktree.files = new Map(worktree.files).set(`draft/${plan.issue}`, `attempt ${plan.attempt}`);
}

function deliver(universe: Universe, machine: Machine, record: SessionRecord, work: Work): void {
  const { plan } = record;
  const worktree = machine.disk.worktrees.get(plan.worktree);
  if (worktree && !plan.review) commitAll(universe, worktree, record, work);
  if (work.outcome === 'none') return;
  record.outcome =
    work.outcome === 'invalid'
      ? { kind: 'invalid', problems: ['not valid JSON'] }
      : { kind: 'valid', outcome: { ...outcomeOf(universe, record), status: work.outcome } };
}

function commitAll(
  { objects }: Universe,
  worktree: Worktree,
  { plan }: SessionRecord,
  { commits, leaves }: Work,
): void {
  const by = `agent of attempt ${plan.attempt}`;
  const commit = (files: Files, parent: string | null): Commit =>
    objects.commit({ files, parents: parent === null ? [] : [parent], by });
  const isRewritten = leaves === 'rewritten';
  worktree.head = commits.reduce<string | null>(
    (parent, files) => commit(files, isRewritten ? null : parent).oid,
    worktree.head,
  );
  const files = worktree.head === null ? worktree.files : objects.read(worktree.head).tree.files;
  worktree.files = leaves === 'dirty' ? new Map(files).set('scratch', 'left over') : files;
}

const outcomeOf = ({ proposals }: Universe, { plan }: SessionRecord): Outcome => ({
  version: 1,
  nonce: plan.nonce,
  repo: plan.repo,
  issue: plan.issue ?? 0,
  status: 'done',
  summary: 'It is done. Closes #1.',
  criteria: [],
  blockers: [],
  discoveries: [`attempt ${plan.attempt} on #${plan.issue} found this`],
  proposal: plan.review ? reviewBy(plan, proposals(plan)) : proposals(plan),
});

/** A verdict that everything is as it should be, unless the simulation says in what it is not. */
const reviewBy = ({ nonce, repo, issue, review }: SessionPlan, over: unknown): Review => ({
  version: 1,
  nonce,
  repo,
  issue: issue ?? 0,
  sha: review?.head ?? '',
  summary: 'Looks good.',
  criteria: (review?.criteria ?? []).map(id => ({ id, verdict: 'pass', evidence: 'it works' })),
  findings: [],
  accepts: [],
  ...(over as Partial<Review> | undefined),
});

/** Goes on committing for a while, though it has said that it is done. */
function wanderOn(universe: Universe, machine: Machine, { plan }: SessionRecord): void {
  const { objects, scheduler } = universe;
  for (const delayMs of [300, 1_500, 4_000, 9_000]) {
    scheduler.after(delayMs * machine.random.between(0.5, 1.5), () => {
      const worktree = machine.disk.worktrees.get(plan.worktree);
      if (!worktree?.head) return;
      const files = new Map(worktree.files).set('afterthought', `${delayMs}`);
      worktree.head = objects.commit({ files, parents: [worktree.head], by: 'restless agent' }).oid;
      worktree.files = files;
    });
  }
}
