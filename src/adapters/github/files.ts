import * as z from 'zod';
import type { Client } from './client.ts';
import { statusOf } from './failure.ts';
import { readOne } from './pages.ts';

/** A file that is too large to be shown has no text here, and is there all the same. */
export const FileRow = z
  .object({ content: z.string().catch(''), encoding: z.string().catch('none') })
  .transform(({ content, encoding }) => ({
    text: encoding === 'base64' ? Buffer.from(content, 'base64').toString('utf8') : null,
  }));

const RefRow = z.object({ object: z.object({ sha: z.string() }) });

/** The head of a branch, null without one; that it has not moved since `known` is a free answer. */
export async function readHead(
  client: Client,
  place: {
    readonly repo: string;
    readonly branch: string;
    /** Under which its ETag is kept. */
    readonly key: string;
    /** null where it was never read. */
    readonly known: string | null;
    readonly etags: Readonly<Record<string, string>>;
  },
): Promise<{ readonly head: string | null; readonly etags: Readonly<Record<string, string>> }> {
  const { repo, branch, key, known, etags } = place;
  const ref = await unlessAbsent(() =>
    readOne(client, {
      path: `repos/${repo}/git/ref/heads/${branch.split('/').map(encodeURIComponent).join('/')}`,
      etag: known === null ? null : (etags[key] ?? null),
      shape: RefRow,
    }),
  );
  if (ref === null) return { head: null, etags: {} };
  if (ref.kind === 'same') return { head: known ?? '', etags: {} };
  return { head: ref.value.object.sha, etags: ref.etag === null ? {} : { [key]: ref.etag } };
}

/** null for a branch or file that is not there; 409 is the answer of a repository without commits. */
export async function unlessAbsent<T>(read: () => Promise<T>): Promise<T | null> {
  try {
    return await read();
  } catch (error) {
    if ([404, 409].includes(statusOf(error) ?? 0)) return null;
    throw error;
  }
}
