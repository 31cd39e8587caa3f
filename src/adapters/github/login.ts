import * as z from 'zod';
import { HarnessError } from '../../errors.ts';
import { type LineFormat, oneLine } from '../snapshots/lines.ts';
import type { SharedFile } from '../snapshots/shared-file.ts';
import type { Client } from './client.ts';
import { readOne } from './pages.ts';

const KnownLogin = z.object({
  version: z.literal(1),
  login: z.string(),
  readAt: z.number(),
  etag: z.string().nullable(),
});

/** Whose token it is, and when GitHub said so (epoch milliseconds). */
export type KnownLogin = Readonly<z.infer<typeof KnownLogin>>;

export const loginFormat: LineFormat<KnownLogin> = oneLine(KnownLogin);

/** A token never changes hands; only its owner may take another name. */
const FRESH_MS = 3_600_000;

const User = z.object({ login: z.string() });

/**
 * The login that a token belongs to, asked once an hour by all processes together, for free while it is the
 * same. While GitHub cannot be asked the last answer counts, so that what is known can still be looked at.
 */
export async function readLogin(client: Client, file: SharedFile<KnownLogin>, now: number): Promise<string> {
  const known = file.read();
  if (known !== null && now >= known.readAt && now - known.readAt < FRESH_MS) return known.login;
  try {
    const answer = await readOne(client, { path: 'user', etag: known?.etag ?? null, shape: User });
    const next = answer.kind === 'new' ? { login: answer.value.login, etag: answer.etag } : known;
    if (next === null) throw new HarnessError('github-unreachable', 'GET /user: the answer makes no sense.');
    file.replace({ version: 1, login: next.login, etag: next.etag, readAt: now });
    return next.login;
  } catch (error) {
    if (known === null || !cannotBeAsked(error)) throw error;
    return known.login;
  }
}

const cannotBeAsked = (error: unknown): boolean =>
  error instanceof HarnessError && (error.code === 'github-unreachable' || error.code === 'github-limited');
