import type { Clock, Log } from '../../ports.ts';
import { type Account, createAccounts } from './account.ts';
import { type Client, createClient, isLoopback } from './client.ts';
import type { RequestTally } from './counts.ts';
import { rememberToken } from './credentials.ts';
import { createTransport } from './transport.ts';

export interface ConnectionOptions {
  /** `https://api.github.com`, or `https://HOST/api/v3` of a GitHub Enterprise Server. */
  readonly apiUrl: string;
  /** Asked once, and again when GitHub no longer accepts the token. */
  readonly token: () => Promise<string>;
  /** Where snapshots are kept: for all fleets of this user, or for one. */
  readonly snapshotsDir: string;
  /** Where the gates are; all processes of this user that have a token share its gate. */
  readonly gatesDir: string;
  /** Write nothing there: what is read stays in memory. */
  readonly readOnly: boolean;
  readonly clock: Clock;
  readonly log: Log;
  /** What sends the requests. */
  readonly fetch: typeof fetch;
  /** A request that takes longer is given up. */
  readonly limitMs?: number;
}

/** GitHub's API behind the gate of the token in use. */
export interface Connection {
  readonly client: Client;
  account(): Promise<Account>;
  readonly tally: () => RequestTally;
  /** false for an API on this host, which needs no pacing. */
  readonly pace: boolean;
}

/** At least a second between two writes (GitHub docs, "Best practices for using the REST API"). */
const WRITE_SPACING_MS = 1_000;

/** GitHub gives up on a request after 10 s; an answer of a hundred long issues takes its time after that. */
const REQUEST_LIMIT_MS = 30_000;

/** Puts client, gate and counting together; nothing is sent yet. */
export function connect(options: ConnectionOptions): Connection {
  const { apiUrl, clock, log } = options;
  const pace = !isLoopback(apiUrl);
  const credentials = rememberToken(options.token);
  const accountOf = createAccounts({ ...options, writeSpacingMs: pace ? WRITE_SPACING_MS : 0 });
  const account = async () => accountOf(await credentials.current());
  const gate = async () => (await account()).gate;
  const { fetch, tally } = createTransport({
    gate,
    clock,
    send: options.fetch,
    limitMs: options.limitMs ?? REQUEST_LIMIT_MS,
  });
  return { client: createClient({ apiUrl, credentials, fetch, pace, log }), account, tally, pace };
}
