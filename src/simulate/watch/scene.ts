import { foldJournal } from '../../core/journal.ts';
import { issueRef, STAGE_REFS } from '../../leases/lease.ts';
import type { Remote } from '../github/remote.ts';
import type { Machine } from '../machines/machine.ts';
import { subjectOf, type Universe } from '../universe.ts';
import type { Rule } from './watch.ts';

/** What every part of the watch sees, and how it complains. */
export interface Scene {
  readonly universe: () => Universe;
  readonly fail: (rule: Rule, subject: string | null, message: string) => void;
  readonly signs: Signs;
}

/** When each fleet last proved to the world that it holds a lease: by an entry, or a host record that lists it. */
export interface Signs {
  readonly note: (remote: Remote, ref: string, fleet: string) => void;
  /** Somebody has taken the lease. */
  readonly taken: (remote: Remote, ref: string) => void;
  /** Milliseconds since somebody took it. */
  readonly heldMs: (remote: Remote, ref: string) => number;
  /** Milliseconds between the fleet's last two signs. */
  readonly gapMs: (remote: Remote, ref: string, fleet: string) => number;
  /** Milliseconds since the fleet's last sign; infinite when it never gave one. */
  readonly quietMs: (remote: Remote, ref: string, fleet: string) => number;
}

export function createSigns(now: () => number): Signs {
  const last = new Map<string, number>();
  const keyOf = ({ repo }: Remote, ref: string, fleet: string) => `${repo} ${ref} ${fleet}`;
  const gaps = new Map<string, number>();
  const taken = new Map<string, number>();
  const leaseKey = ({ repo }: Remote, ref: string) => `${repo} ${ref}`;
  return {
    note: (remote, ref, fleet) => {
      const sign = keyOf(remote, ref, fleet);
      gaps.set(sign, now() - (last.get(sign) ?? now()));
      last.set(sign, now());
    },
    taken: (remote, ref) => void taken.set(leaseKey(remote, ref), now()),
    gapMs: (remote, ref, fleet) => gaps.get(keyOf(remote, ref, fleet)) ?? 0,
    heldMs: (remote, ref) => now() - (taken.get(leaseKey(remote, ref)) ?? Number.NEGATIVE_INFINITY),
    quietMs: (remote, ref, fleet) =>
      now() - (last.get(keyOf(remote, ref, fleet)) ?? Number.NEGATIVE_INFINITY),
  };
}

const ISSUES = issueRef(1).slice(0, -1);

/** The issue that a journal's ref is about; null for another ref. */
export const issueOfRef = (ref: string): number | null =>
  ref.startsWith(ISSUES) ? Number(ref.slice(ISSUES.length)) : null;

export const subjectOfRef = ({ repo }: Remote, ref: string) => subjectOf(repo, issueOfRef(ref));

/** Whether somebody adds to the work right now: who adds an issue to a closed PRD opens that again. */
export const isInjecting = ({ journals }: Remote): boolean =>
  [...journals.values()].some(
    ({ ref, entries }) =>
      ref.startsWith(STAGE_REFS) && entries.at(-1)?.kind === 'INJECT' && foldJournal(entries).holder !== null,
  );

/** It was without trouble for so long that it has noticed what became of its leases. */
export const isWell = (machine: Machine, { scheduler, weather }: Universe) =>
  machine.isUp &&
  machine.isConnected &&
  !machine.isAsleep &&
  machine.processes.some(({ isAlive }) => isAlive) &&
  !machine.processes.some(({ isAlive, isFrozen }) => isAlive && isFrozen) &&
  Math.max(machine.troubledUntil, weather.gitDownUntil) + NOTICE_MS < scheduler.now();

/** What a machine gets to notice, after its troubles, that a lease is no longer its own. */
const NOTICE_MS = 40_000;
