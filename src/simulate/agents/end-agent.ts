import type { SessionExit } from '../../ports.ts';
import { isoOf } from '../github/history.ts';
import type { Machine, SessionRecord } from '../machines/machine.ts';
import { ring } from '../machines/process.ts';
import { subjectOf, type Universe } from '../universe.ts';

/** Ends a session's processes; ending what is gone changes nothing. */
export function endAgent(
  universe: Universe,
  machine: Machine,
  { name, reason }: { readonly name: string; readonly reason: SessionExit['reason'] },
): void {
  const record = machine.disk.sessions.get(name);
  if (!record?.agent?.isAlive) return;
  finish(universe, machine, record, { code: null, signal: 'SIGTERM', reason });
}

/** Writes the exit file and rings the bell of every worker on the machine. */
export function finish(
  { scheduler, trace }: Universe,
  machine: Machine,
  record: SessionRecord,
  exit: Omit<SessionExit, 'endedAt'>,
): void {
  if (record.agent) record.agent.isAlive = false;
  record.exit = { ...exit, endedAt: isoOf(scheduler.now()) };
  record.lastActivityAt = scheduler.now();
  trace.note(
    'agent',
    subjectOf(record.plan.repo, record.plan.issue),
    `ends on ${machine.name}: ${exit.reason}`,
  );
  for (const process of machine.processes) ring(process, 'a session ended');
}
