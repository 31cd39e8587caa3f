/** What is left of an attempt of ours that has no receipt yet, as it can be seen now. */
export interface Remains {
  /** `over`: its processes are gone, its files are there. `none`: this host has nothing of it. */
  readonly session: 'live' | 'over' | 'none';
  readonly outcome: 'valid' | 'invalid' | 'missing';
  /** `dirty`: it differs from the head of its branch. */
  readonly worktree: 'dirty' | 'clean' | 'gone';
  /** Its branch in the worktree has commits besides the base. */
  readonly hasCommits: boolean;
  /** A landing of this attempt has pushed its branch. */
  readonly isPushed: boolean;
  /** The pull request of what was pushed. */
  readonly pull: 'none' | 'open' | 'closed' | 'merged';
}

/**
 * What to do about an attempt:
 * - `wait`: its agent is at work, and nothing is to be done.
 * - `land`: its agent has left a result; take that through the gates.
 * - `go-on`: its branch was pushed already; go on with the landing from what the journal says.
 * - `save`: it ended without a result; keep what is there for the next attempt, and end it.
 * - `end`: nothing is left of it; end it.
 */
export type Resumption = 'wait' | 'land' | 'go-on' | 'save' | 'end';

/** Decides how an attempt is gone on with, on whatever host, after whatever came in between. */
export function resumptionOf(remains: Remains): Resumption {
  const { session, outcome, worktree, hasCommits, isPushed, pull } = remains;
  if (session === 'live') return 'wait';
  const isFinished = session === 'over' && outcome === 'valid';
  // Only what was pushed can be merged: whatever the worktree says by now, the journal has that head.
  if (isPushed && pull === 'merged') return 'go-on';
  if (isFinished && worktree !== 'gone') return 'land';
  if (isPushed) return 'go-on';
  // Without its files a result proves nothing; the gates say so in the receipt.
  if (isFinished) return 'land';
  return worktree === 'dirty' || hasCommits ? 'save' : 'end';
}
