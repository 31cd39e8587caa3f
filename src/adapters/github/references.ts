import type { Issue, Pull, ReferenceState } from '../../core/world.ts';
import { messageOf } from '../../errors.ts';
import type { Clock, Log } from '../../ports.ts';
import type { SnapshotDocument } from '../snapshots/document.ts';
import type { Client } from './client.ts';
import { statusOf } from './failure.ts';
import { readOne } from './pages.ts';
import { IssueRow, issueOf } from './rows.ts';

interface Seen {
  readonly state: ReferenceState;
  readonly etag: string | null;
  readonly at: number;
}

/** How long an answer is taken as it is; after that a free conditional request asks again. */
export const REFERENCE_FRESH_MS = 60_000;

/** Reads the states of issues and pull requests of any repository, by `owner/repo#n`; remembers the answers. */
export function createReferenceReader(options: {
  readonly client: Client;
  /** The repository as this host read it lately; null when it did not. */
  readonly lookUp: (repo: string) => Promise<SnapshotDocument | null>;
  readonly clock: Clock;
  readonly log: Log;
}): (refs: readonly string[]) => Promise<Readonly<Record<string, ReferenceState>>> {
  const seen = new Map<string, Seen>();

  async function stateOf(ref: string): Promise<ReferenceState> {
    const [, repo, digits] = /^([\w.-]+\/[\w.-]+)#([1-9]\d*)$/.exec(ref) ?? [];
    if (repo === undefined) return 'unknown';
    const number = Number(digits);
    return stateIn(await options.lookUp(repo), number) ?? ask(ref, `repos/${repo}/issues/${number}`);
  }

  async function ask(ref: string, path: string): Promise<ReferenceState> {
    const key = ref.toLowerCase();
    const last = seen.get(key);
    const now = options.clock.now();
    if (last !== undefined && now >= last.at && now - last.at < REFERENCE_FRESH_MS) return last.state;
    try {
      const answer = await readOne(options.client, { path, etag: last?.etag ?? null, shape: IssueRow });
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

/** What a snapshot says of a number; null when it names none, which may only be too new for it. */
function stateIn(document: SnapshotDocument | null, number: number): ReferenceState | null {
  const issue = document?.issues.find(record => record.issue.number === number)?.issue;
  if (issue !== undefined) return stateOfIssue(issue);
  const pull = document?.pulls.find(record => record.pull.number === number)?.pull;
  return pull === undefined ? null : stateOfPull(pull);
}

function stateOfRow(row: IssueRow): ReferenceState {
  if (row.pull_request == null) return stateOfIssue(issueOf(row));
  return stateOfPull({ state: row.state, merged: typeof row.pull_request.merged_at === 'string' });
}

function stateOfIssue({ state, stateReason }: Pick<Issue, 'state' | 'stateReason'>): ReferenceState {
  if (state === 'open') return 'open';
  return stateReason === 'not_planned' || stateReason === 'duplicate' ? stateReason : 'closed';
}

/** Closed without a merge is work that was given up. */
function stateOfPull({ state, merged }: Pick<Pull, 'state' | 'merged'>): ReferenceState {
  if (state === 'open') return 'open';
  return merged ? 'merged' : 'not_planned';
}

/** 404: never there, or not for us to see; 410: deleted. */
const isGone = (error: unknown): boolean => [404, 410].includes(statusOf(error) ?? 0);
