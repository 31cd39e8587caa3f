import type { Octokit } from 'octokit';
import type { ReferenceState } from '../../core/world.ts';
import { messageOf } from '../../errors.ts';
import type { Clock, Log } from '../../ports.ts';
import { statusOf } from './failure.ts';
import { readOne } from './pages.ts';
import { IssueRow, issueOf } from './rows.ts';

interface Seen {
  readonly state: ReferenceState;
  readonly etag: string | null;
  readonly at: number;
}

/** How long an answer is taken as it is; after that a free conditional request asks again. */
const FRESH_MS = 60_000;

/** Reads the states of issues and pull requests of any repository, by `owner/repo#n`; remembers the answers. */
export function createReferenceReader(options: {
  readonly octokit: Octokit;
  readonly clock: Clock;
  readonly log: Log;
}): (refs: readonly string[]) => Promise<Readonly<Record<string, ReferenceState>>> {
  const seen = new Map<string, Seen>();

  async function stateOf(ref: string): Promise<ReferenceState> {
    const parsed = /^([\w.-]+\/[\w.-]+)#([1-9]\d*)$/.exec(ref);
    if (parsed === null) return 'unknown';
    const key = ref.toLowerCase();
    const last = seen.get(key);
    const now = options.clock.now();
    if (last !== undefined && now >= last.at && now - last.at < FRESH_MS) return last.state;
    try {
      const path = `repos/${parsed[1]}/issues/${parsed[2]}`;
      const answer = await readOne(options.octokit, { path, etag: last?.etag ?? null, shape: IssueRow });
      const next =
        answer.kind === 'new'
          ? { state: stateOfRow(answer.value), etag: answer.etag, at: now }
          : { state: last?.state ?? 'unknown', etag: last?.etag ?? null, at: now };
      seen.set(key, next);
      return next.state;
    } catch (error) {
      seen.delete(key);
      if (isGone(error)) return 'missing';
      options.log.debug('could not read a reference', { ref, problem: messageOf(error) });
      return 'unknown';
    }
  }

  return async refs => {
    const states = await Promise.all(refs.map(async ref => [ref, await stateOf(ref)] as const));
    return Object.fromEntries(states);
  };
}

/** The state that a reference to this issue or pull request has; closed unmerged counts as not planned. */
export function stateOfRow(row: IssueRow): ReferenceState {
  if (row.state === 'open') return 'open';
  if (row.pull_request != null)
    return typeof row.pull_request.merged_at === 'string' ? 'merged' : 'not_planned';
  const { stateReason } = issueOf(row);
  return stateReason === 'not_planned' || stateReason === 'duplicate' ? stateReason : 'closed';
}

/** 404: never there, or not for us to see; 410: deleted. */
const isGone = (error: unknown): boolean => [404, 410].includes(statusOf(error) ?? 0);
