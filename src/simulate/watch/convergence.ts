import { decide } from '../../core/decide.ts';
import type { Decision, HoldCode } from '../../core/decision.ts';
import { foldJournal } from '../../core/journal.ts';
import { isTrain } from '../../landing/boarding.ts';
import { look } from '../../loop/observe.ts';
import { createEngine, type FleetPlan } from '../machines/fleet.ts';
import { createProcess } from '../machines/process.ts';
import { trueIssues } from '../ports/snapshots.ts';
import { subjectOf, type Universe } from '../universe.ts';

/** Whether a simulation has come to rest: nothing runs, nothing is held, nothing is left to do. */
export interface Convergence {
  /** Looks once; cheap as long as something is visibly under way. */
  readonly look: () => void;
  readonly isReached: () => boolean;
  /** Reports what is still not at rest. */
  readonly complain: () => void;
  /** Open issues by the code of their hold. */
  readonly held: () => Readonly<Record<string, number>>;
}

/** What is left over at a place, for people. */
interface Leftover {
  readonly subject: string | null;
  readonly message: string;
}

// Everything must stay at rest for so long: a sign of life of a fleet that holds nothing would show.
const QUIET_MS = 25_000;

/** Holds that end by themselves. */
const PASSING: ReadonlySet<HoldCode> = new Set([
  'backoff',
  'paused',
  'no-slot',
  'stale',
  'working',
  'leased',
]);

export function convergence(universe: Universe, fleet: FleetPlan): Convergence {
  let restedAt: number | null = null;
  let activity = 0;
  let isLooking = false;
  let decision: Decision | null = null;
  let isReached = false;

  const inspect = async () => {
    const machine = universe.machines.find(({ isUp }) => isUp) ?? noMachine();
    const inspector = createProcess(machine, 0, 1);
    const seen = await look(createEngine(universe, inspector, { ...fleet, alter: engine => engine }));
    decision = decide(seen.world);
    const isFresh = [...seen.snapshots.values()].every(({ read }) => read === 'fresh');
    if (!isFresh || decision.actions.length > 0 || decision.holds.some(({ code }) => PASSING.has(code)))
      restedAt = null;
  };

  return {
    look: () => {
      const { scheduler, watch } = universe;
      const isQuiet = leftovers(universe).length === 0;
      if (!isQuiet || activity !== pushesOf(universe)) restedAt = null;
      activity = pushesOf(universe);
      if (!isQuiet || isLooking) return;
      restedAt ??= scheduler.now();
      if (scheduler.now() - restedAt >= QUIET_MS && decision && decision.actions.length === 0) {
        isReached = true;
        for (const { subject, message } of remains(universe, decision))
          watch.fail('leaves-nothing', subject, message);
        return;
      }
      isLooking = true;
      const lookAgain = () => {
        isLooking = false;
      };
      // A machine that is cut off sees nothing; it is asked again.
      inspect().then(lookAgain, lookAgain);
    },
    isReached: () => isReached,
    complain: () => {
      const found = leftovers(universe);
      const open = decision?.actions.map(({ kind, repo, issue, reason }) => ({
        subject: subjectOf(repo, issue),
        message: `${kind}: ${reason}`,
      }));
      const all = [...found, ...(open ?? [])];
      if (all.length === 0) universe.watch.fail('converges', null, 'something is written again and again');
      for (const { subject, message } of all) universe.watch.fail('converges', subject, message);
    },
    held: () => countsOf((decision?.holds ?? []).map(({ code }) => code)),
  };
}

function noMachine(): never {
  throw new Error('There is no machine.');
}

/** How often a journal or a host record has moved. */
const pushesOf = ({ trace, remotes }: Universe) =>
  trace.events.length + [...remotes.values()].reduce((sum, { records }) => sum + records.size, 0);

/** What says that work is under way. */
function leftovers({ remotes, machines }: Universe): readonly Leftover[] {
  const found: Leftover[] = [];
  for (const remote of remotes.values()) {
    const { repo, journals } = remote;
    const isComplete = trueIssues(remote).every(({ state }) => state === 'closed');
    for (const { ref, entries } of journals.values()) {
      const { holder, open } = foldJournal(entries);
      // A train that its attempt has left behind is freed by whoever drives the unit next.
      if (isTrain({ ref }) && isComplete) continue;
      const issue = /issues\/(\d+)$/.exec(ref)?.[1];
      const subject = issue === undefined ? null : subjectOf(repo, Number(issue));
      if (holder) found.push({ subject, message: `${holder.fleet} holds ${ref}` });
      else if (open && subject) found.push({ subject, message: `attempt ${open.attempt} has no receipt` });
    }
  }
  for (const { name, disk, isAsleep, processes } of machines.filter(({ isUp }) => isUp)) {
    if (isAsleep || processes.some(process => process.isAlive && process.isFrozen)) {
      found.push({ subject: null, message: `${name} has not gone on yet` });
    }
    for (const { plan } of disk.sessions.values()) {
      found.push({
        subject: subjectOf(plan.repo, plan.issue),
        message: `${name} has the session ${plan.name}`,
      });
    }
  }
  return found;
}

/** What should not be there once everything rests. */
function remains(universe: Universe, decision: Decision): readonly Leftover[] {
  const found: Leftover[] = [];
  for (const { name, disk } of universe.machines.filter(({ isUp }) => isUp)) {
    for (const path of disk.worktrees.keys()) found.push({ subject: null, message: `${name} has ${path}` });
  }
  for (const remote of universe.remotes.values()) {
    for (const { number, state, labels } of trueIssues(remote)) {
      const subject = subjectOf(remote.repo, number);
      if (labels.includes('agent-working')) found.push({ subject, message: 'is labelled agent-working' });
      if (state === 'closed' || !labels.includes('ready-for-agent')) continue;
      if (decision.holds.some(hold => hold.repo === remote.repo && hold.issue === number)) continue;
      found.push({ subject, message: 'is open, and no reason is given' });
    }
  }
  return found;
}

function countsOf(codes: readonly string[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const code of codes) counts[code] = (counts[code] ?? 0) + 1;
  return counts;
}
