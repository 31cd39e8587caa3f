import { endOfSession } from '../../core/session-end.ts';
import { HarnessError } from '../../errors.ts';
import type { Session, Sessions } from '../../ports.ts';
import { askToLeave, startAgent } from '../agents/agent.ts';
import { endAgent } from '../agents/end-agent.ts';
import { isoOf } from '../github/history.ts';
import type { Machine, SessionRecord } from '../machines/machine.ts';
import { nameOf, type Process } from '../machines/process.ts';
import { doLocally } from '../network.ts';
import { subjectOf, type Universe } from '../universe.ts';

/** Agent sessions on a machine. They outlive the worker that started them. */
export function simulateSessions(universe: Universe, process: Process): Sessions {
  const { machine } = process;
  const { sessions } = machine.disk;
  const locally = <T>(slowestMs: number, run: () => T) =>
    doLocally(universe, process, { tookMs: machine.random.between(1, slowestMs), run });
  return {
    reserve: plan =>
      locally(20, () => {
        if (sessions.has(plan.name)) return false;
        universe.watch.reserves(machine, plan);
        sessions.set(plan.name, {
          plan,
          owner: process,
          reservedAt: universe.scheduler.now(),
          startedAt: null,
          agent: null,
          lastActivityAt: null,
          exit: null,
          outcome: { kind: 'missing' },
          handoff: null,
        });
        return true;
      }),
    launch: name => {
      const begunAt = universe.scheduler.now();
      return locally(200, () => {
        const record = sessions.get(name);
        if (!record) throw new HarnessError('engine-failed', `Session ${name} was not reserved.`);
        universe.watch.launches(process, { plan: record.plan, begunAt });
        universe.trace.note(
          nameOf(process),
          subjectOf(record.plan.repo, record.plan.issue),
          `starts ${name}`,
        );
        startAgent(universe, machine, record);
        // The agent may run although its start is reported as failed.
        if (machine.random.chance(universe.weather.rates.failed)) {
          throw new HarnessError('tmux-failed', `Session ${name} did not start.`);
        }
      });
    },
    list: () => locally(10, () => [...sessions.values()].map(record => sessionOf(record, machine))),
    end: (name, reason) => locally(400, () => endAgent(universe, machine, { name, reason })),
    discard: name =>
      locally(20, () => {
        endAgent(universe, machine, { name, reason: 'stopped' });
        sessions.delete(name);
      }),
    conversation: async () => null,
    deliver: () => locally(10, () => 'unsupported' as const),
    checkpoint: name =>
      locally(10, () => {
        const record = sessions.get(name);
        return record ? askToLeave(universe, machine, record) : 'gone';
      }),
  };
}

function sessionOf(record: SessionRecord, machine: Machine): Session {
  const { plan, startedAt, reservedAt, lastActivityAt, exit, outcome } = record;
  const state = stateOf(record, machine);
  const isOver = state === 'ended' || state === 'lost';
  return {
    plan,
    state,
    startedAt: isoOf(startedAt ?? reservedAt),
    lastActivityAt: lastActivityAt === null ? null : isoOf(lastActivityAt),
    exit,
    outcome: isOver ? outcome : { kind: 'missing' },
    log: `/logs/${plan.name}`,
    transcript: null,
    agent: null,
    end: isOver ? endOfSession({ exit, outcome, problem: null, question: null }) : null,
    usage: { requests: null, tokens: null, costUsd: null, activeSeconds: null },
    question: null,
    conversation: null,
    handoff: isOver ? record.handoff : null,
    lastWords: null,
  };
}

function stateOf({ exit, agent, owner }: SessionRecord, machine: Machine): Session['state'] {
  if (exit) return 'ended';
  if (agent) return agent.isAlive ? 'running' : 'lost';
  return owner.isAlive && owner.boot === machine.boot ? 'starting' : 'lost';
}
