import { spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import { nextChunk } from './chunks.ts';
import type { Git } from './run.ts';

/** A request for `git http-backend` (CGI). */
export interface BackendRequest {
  readonly method: string;
  /** `/owner/name.git/info/refs` */
  readonly path: string;
  readonly query: string;
  readonly contentType: string;
  /** The `Git-Protocol` header. */
  readonly protocol: string;
  /** null: anonymous, which may not push. */
  readonly login: string | null;
  readonly environment: Readonly<Record<string, string>>;
  /** What was read of the body already. */
  readonly begun: Buffer | null;
  /** The rest of the body, uncompressed; null when there is none. */
  readonly body: Readable | null;
}

export interface BackendAnswer {
  readonly status: number;
  readonly headers: readonly (readonly [string, string])[];
  readonly body: Readable;
  /** Resolves when the process is gone. */
  readonly ended: Promise<void>;
}

/** Starts `git http-backend` for one request and answers as soon as its headers are there. */
export async function askBackend(git: Git, request: BackendRequest): Promise<BackendAnswer> {
  const child = spawn('git', ['http-backend'], {
    env: { ...git.environment, ...cgiEnvironment(git, request), ...request.environment },
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  const ended = new Promise<void>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', () => resolve());
  });
  ended.catch(() => undefined);
  // The backend stops reading when it refuses a push; the client's rest has nowhere to go then.
  child.stdin.on('error', () => undefined);
  if (request.begun !== null) child.stdin.write(request.begun);
  if (request.body === null) child.stdin.end();
  else request.body.on('error', () => child.kill()).pipe(child.stdin);
  return { ...(await readHead(child.stdout)), body: child.stdout, ended };
}

function cgiEnvironment(git: Git, request: BackendRequest): Record<string, string> {
  return {
    GIT_PROJECT_ROOT: git.projectRoot,
    GIT_HTTP_EXPORT_ALL: '1',
    REQUEST_METHOD: request.method,
    PATH_INFO: request.path,
    QUERY_STRING: request.query,
    CONTENT_TYPE: request.contentType,
    GIT_PROTOCOL: request.protocol,
    REMOTE_ADDR: '127.0.0.1',
    ...(request.login === null ? {} : { REMOTE_USER: request.login }),
  };
}

/** Reads the CGI header block and puts back what follows it. */
async function readHead(stream: Readable): Promise<Pick<BackendAnswer, 'status' | 'headers'>> {
  let head = Buffer.alloc(0);
  while (head.indexOf('\r\n\r\n') < 0) {
    const chunk = await nextChunk(stream);
    if (chunk === null) return { status: 500, headers: [] };
    head = Buffer.concat([head, chunk]);
  }
  const end = head.indexOf('\r\n\r\n');
  stream.unshift(head.subarray(end + 4));
  const lines = head.toString('latin1', 0, end).split('\r\n');
  const pairs = lines.map(line => {
    const colon = line.indexOf(':');
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()] as const;
  });
  const status = Number.parseInt(pairs.find(([name]) => name === 'status')?.[1] ?? '200', 10);
  return { status, headers: pairs.filter(([name]) => name !== 'status') };
}
