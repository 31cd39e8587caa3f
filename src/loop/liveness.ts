import type { JournalState } from '../core/journal.ts';
import type { Clock, Host, HostRecord, Journal, RefsView } from '../ports.ts';

/**
 * Which leases of others are still alive, by this process's own monotonic clock: a lease lives while its
 * journal, or a host record that lists it, was seen to move within the time-to-live. No timestamp of another
 * host is ever compared, so clocks may be wrong; a process that has just started waits a full time-to-live.
 */
export interface Liveness {
  /**
   * Remembers when each tip was seen first, in a read that was sent at `sentAt` (monotonic milliseconds); true
   * when another fleet moved one since the last look.
   */
  note(repo: string, view: RefsView, sentAt: number): boolean;
  isLive(repo: string, journal: Journal, state: JournalState, hosts: readonly HostRecord[]): boolean;
}

// Observers wait a little longer than holders may act: the difference absorbs clocks that run unevenly.
const MARGIN = 1.05;

export function createLiveness(clock: Clock, host: Host, ttlMs: number): Liveness {
  const firstSeen = new Map<string, { tip: string; at: number }>();
  const readAt = new Map<string, number>();
  const seenAt = (key: string, tip: string) => {
    const known = firstSeen.get(key);
    return known?.tip === tip ? known.at : clock.monotonic();
  };
  return {
    note(repo, view, sentAt) {
      readAt.set(repo, sentAt);
      const moved = [...view.journals, ...view.hosts].filter(
        ({ ref, tip }) => firstSeen.get(`${repo} ${ref}`)?.tip !== tip,
      );
      for (const { ref, tip } of moved) firstSeen.set(`${repo} ${ref}`, { tip, at: clock.monotonic() });
      return moved.some(tip => 'entries' in tip && tip.entries.at(-1)?.fleet !== host.identity.fleet);
    },
    isLive(repo, journal, state, hosts) {
      if (!state.holder) return false;
      if (host.isGone(state.holder)) return false;
      const records = hosts.filter(record => lists(record, journal.ref, state));
      const signs = [journal, ...records].map(({ ref, tip }) => seenAt(`${repo} ${ref}`, tip));
      // Up to the read, not up to now: a process that was stopped in between knows nothing of that time.
      return (readAt.get(repo) ?? 0) - Math.max(...signs) < ttlMs * MARGIN;
    },
  };
}

const lists = ({ body }: HostRecord, ref: string, { holder, epoch }: JournalState) =>
  body.fleet === holder?.fleet && body.leases.some(lease => lease.ref === ref && lease.epoch === epoch);
