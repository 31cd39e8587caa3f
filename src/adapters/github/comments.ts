import * as z from 'zod';
import { commentKeyIn, commentMarker, fitBody, startsWithMarker } from '../../core/markers.ts';
import type { Comment } from '../../core/world.ts';
import type { Clock } from '../../ports.ts';
import { type LineFormat, oneLine } from '../snapshots/lines.ts';
import { LIST_LAG_MS } from '../snapshots/merge.ts';
import type { SharedFile } from '../snapshots/shared-file.ts';
import type { Client } from './client.ts';
import type { CreateOnce } from './creations.ts';
import { parseBody, statusOf } from './failure.ts';
import { readAll } from './pages.ts';
import { writeAgain, writeOnce } from './write.ts';

const CommentRow = z.object({
  id: z.int(),
  body: z.string().nullish(),
  user: z.object({ login: z.string() }).nullish(),
  created_at: z.string().nullish(),
});

interface OwnComment {
  readonly id: number;
  /** null where only its place is known. */
  readonly body: string | null;
}

const CommentNotes = z.object({
  version: z.literal(1),
  /** By place, `acme/app#7 status`; when is in epoch milliseconds. */
  created: z.record(z.string(), z.object({ id: z.int(), at: z.number() })),
});

/** The comments that this host has created lately, as a list may not show them yet to its other processes. */
export type CommentNotes = Readonly<z.infer<typeof CommentNotes>>;

export const commentNotesFormat: LineFormat<CommentNotes> = oneLine(CommentNotes);

/** Keeps one comment per issue and key. */
export interface CommentWriter {
  put(repo: string, number: number, comment: { key: string; body: string }): Promise<void>;
  /** The issue was read just now, and has so many comments: where it has none, the next one need not be looked for. */
  noteCount(repo: string, number: number, count: number): void;
  /** Every comment, oldest first; asks nothing of an issue that had none just now. */
  list(repo: string, number: number): Promise<readonly Comment[]>;
}

/** Comments that are created once, and edited in place from then on. */
export function createCommentWriter(options: {
  readonly client: Client;
  readonly login: () => Promise<string>;
  readonly notes: () => Promise<SharedFile<CommentNotes>>;
  readonly createOnce: CreateOnce;
  readonly clock: Clock;
  readonly pace: boolean;
}): CommentWriter {
  const { client, clock, pace } = options;
  const known = new Map<string, OwnComment>();
  const written = new Set<string>();
  /** When no comment of ours was there but those that are known. */
  const noneSince = new Map<string, number>();
  const emptySince = new Map<string, number>();
  const inTurn = createQueue();

  return {
    put(repo, number, comment) {
      const place = `${issueAt(repo, number)} ${comment.key}`;
      return inTurn(place, () => put(place, { repo, number, ...comment }));
    },
    noteCount(repo, number, count) {
      for (const since of [noneSince, emptySince]) {
        // Somebody else may have had the issue since it had none.
        if (count === 0) since.set(issueAt(repo, number), clock.now());
        else since.delete(issueAt(repo, number));
      }
    },
    async list(repo, number) {
      const issue = issueAt(repo, number);
      if (wasJust(emptySince, issue)) return [];
      const login = await options.login();
      const rows = await readComments(client, { repo, number });
      for (const { id, user, body } of [...rows].reverse()) {
        const key = isSame(user?.login, login) ? commentKeyIn(body ?? '') : null;
        const place = `${issue} ${key}`;
        // A list lags behind: what this process has written itself is newer.
        if (key !== null && !written.has(place)) known.set(place, { id, body: body ?? '' });
      }
      noneSince.set(issue, clock.now());
      return rows.map(({ user, body, created_at: createdAt }) => ({
        author: user?.login ?? '',
        body: body ?? '',
        createdAt: createdAt ?? null,
      }));
    },
  };

  /** Once for each read: from then on there may be one. */
  function wasJust(since: Map<string, number>, issue: string): boolean {
    const at = since.get(issue);
    since.delete(issue);
    return at !== undefined && isWithin(NONE_MS, at, clock.now());
  }

  async function put(
    place: string,
    comment: { repo: string; number: number; key: string; body: string },
  ): Promise<void> {
    const { repo, number, key } = comment;
    const body = fitBody(`${commentMarker(key)}\n${comment.body}`);
    written.add(place);
    const find = async () => findOwn(client, { repo, number, key, login: await options.login() });
    const create = async () => {
      const send = () => createComment(client, { repo, number, body });
      const made = await options.createOnce(place, () => writeOnce({ send, look: find, pace }));
      known.set(place, made);
      await note(place, made);
    };

    const isFirst = wasJust(noneSince, issueAt(repo, number));
    const old = known.get(place) ?? (await notedAt(place)) ?? (isFirst ? null : await find());
    if (old === null) return create();
    known.set(place, old);
    if (old.body === body) return;
    try {
      known.set(place, await writeAgain(() => editComment(client, { repo, id: old.id, body })));
    } catch (error) {
      known.delete(place);
      // Somebody deleted it: its place is free for a new one.
      if (statusOf(error) !== 404) throw error;
      await create();
    }
  }

  async function note(place: string, { id }: OwnComment): Promise<void> {
    const now = clock.now();
    await (await options.notes()).change(notes => {
      const young = Object.entries(notes?.created ?? {}).filter(([, { at }]) => isYoung(at, now));
      return { version: 1, created: { ...Object.fromEntries(young), [place]: { id, at: now } } };
    });
  }

  async function notedAt(place: string): Promise<OwnComment | null> {
    const found = (await options.notes()).read()?.created[place];
    return found && isYoung(found.at, clock.now()) ? { id: found.id, body: null } : null;
  }
}

const issueAt = (repo: string, number: number): string => `${repo.toLowerCase()}#${number}`;

// In less time no other fleet can have taken the issue, said something, and lost it to this one.
const NONE_MS = 60_000;

const isWithin = (ms: number, at: number, now: number): boolean => at <= now && now - at < ms;

const isYoung = (at: number, now: number): boolean => isWithin(LIST_LAG_MS, at, now);

/** Runs what concerns the same place one after the other: two at once would both find nothing there. */
function createQueue(): (place: string, work: () => Promise<void>) => Promise<void> {
  const last = new Map<string, Promise<void>>();
  return (place, work) => {
    const turn = (last.get(place) ?? Promise.resolve()).catch(() => {}).then(work);
    last.set(place, turn);
    return turn;
  };
}

/** The oldest comment of our own login that begins with the marker; anybody may have quoted or forged one. */
async function findOwn(
  client: Client,
  place: { repo: string; number: number; key: string; login: string },
): Promise<OwnComment | null> {
  const rows = await readComments(client, place);
  const own = rows.find(
    ({ user, body }) => isSame(user?.login, place.login) && startsWithMarker(body ?? '', place.key),
  );
  return own === undefined ? null : { id: own.id, body: own.body ?? '' };
}

const isSame = (one: string | undefined, other: string) => one?.toLowerCase() === other.toLowerCase();

const readComments = (client: Client, { repo, number }: { readonly repo: string; readonly number: number }) =>
  readAll(client, {
    path: `repos/${repo}/issues/${number}/comments`,
    query: { per_page: 100 },
    row: CommentRow,
  });

async function createComment(
  client: Client,
  comment: { repo: string; number: number; body: string },
): Promise<OwnComment> {
  const url = `/repos/${comment.repo}/issues/${comment.number}/comments`;
  const answer = await client.request({ method: 'POST', url, data: { body: comment.body } });
  const { id } = parseBody(CommentRow, answer.data as unknown, `POST ${url}`);
  return { id, body: comment.body };
}

async function editComment(
  client: Client,
  comment: { repo: string; id: number; body: string },
): Promise<OwnComment> {
  const url = `/repos/${comment.repo}/issues/comments/${comment.id}`;
  const answer = await client.request({ method: 'PATCH', url, data: { body: comment.body } });
  // What stands between here and GitHub may answer 200, too.
  const { id } = parseBody(CommentRow, answer.data as unknown, `PATCH ${url}`);
  return { id, body: comment.body };
}
