import { foldJournal } from '../../core/journal.ts';
import { isOfBugLane } from '../../core/rules/slots.ts';
import { workRef } from '../../leases/lease.ts';
import type { SessionPlan } from '../../ports.ts';
import type { Machine, SessionRecord } from '../machines/machine.ts';
import { remoteOf, subjectOf, type Universe } from '../universe.ts';
import { isWell, type Scene } from './scene.ts';
import type { Watch } from './watch.ts';

/** Watches the agents: started under a lease, one per issue, no more than there are slots. */
export function watchSessions(scene: Scene): Pick<Watch, 'reserves' | 'launches'> {
  return {
    reserves: (machine, { unit, repo, issue, name, kind }) => {
      if (isOfBugLane({ kind })) return;
      const { cap } = scene.universe().rules;
      const busy = [...machine.disk.sessions.values()].filter(
        record => record.plan.unit === unit && usesSlot(record) && !isOfBugLane(record.plan),
      ).length;
      if (busy < cap) return;
      scene.fail(
        'slots',
        subjectOf(repo, issue),
        `${name} is session ${busy + 1} of ${cap} on ${machine.name}`,
      );
    },
    launches: ({ machine }, { plan, begunAt }) => {
      const universe = scene.universe();
      // Stopped after it had asked: it can't know what happened since.
      if (machine.thawedAt > begunAt) return;
      const subject = subjectOf(plan.repo, plan.issue);
      const { holder, open } = stateOf(universe, plan);
      // A reviewer works under the lease of the attempt that it looks at.
      const attempt = plan.review?.session ?? plan.nonce;
      if (holder?.fleet !== machine.fleet || open?.session !== attempt) {
        const who = holder?.fleet ?? 'nobody';
        scene.fail('launch-under-lease', subject, `${plan.name} starts, but ${who} holds the lease`);
      }
      for (const other of universe.machines) {
        if (other === machine || !isAtWork(other, plan) || !isWell(other, universe)) continue;
        const quietMs = scene.signs.quietMs(remoteOf(universe, plan.repo), workRef(plan), other.fleet);
        if (quietMs >= universe.rules.leaseTtlMs * 0.99) continue;
        scene.fail('one-live-attempt', subject, `an agent of ${other.name} is at work on it, too`);
      }
    },
  };
}

/** The issues that agents of two machines work on, though both machines have been well for a while. */
export function doubledIssues(universe: Universe): readonly string[] {
  const seen = new Map<string, string>();
  const doubled: string[] = [];
  for (const machine of universe.machines.filter(one => isWell(one, universe))) {
    for (const { plan, agent } of machine.disk.sessions.values()) {
      const subject = subjectOf(plan.repo, plan.issue) ?? '';
      if (!agent?.isAlive || !machine.disk.claims.get(plan.unit)?.isAlive) continue;
      if (seen.has(subject)) doubled.push(subject);
      seen.set(subject, machine.name);
    }
  }
  return doubled;
}

const usesSlot = ({ exit, agent, owner, startedAt }: SessionRecord) =>
  exit === null && (startedAt === null ? owner.isAlive : agent?.isAlive === true);

const isAtWork = ({ disk }: Machine, { repo, issue }: SessionPlan) =>
  [...disk.sessions.values()].some(
    ({ plan, agent }) => plan.repo === repo && plan.issue === issue && agent?.isAlive,
  );

function stateOf(universe: Universe, plan: SessionPlan) {
  return foldJournal(remoteOf(universe, plan.repo).journals.get(workRef(plan))?.entries ?? []);
}
