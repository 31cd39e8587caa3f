import { spawn } from 'node:child_process';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a test makes the server do with one request, before or after git has handled it. */
export type Fault = 'none' | 'drop-before' | 'drop-after' | 'hang' | 401 | 403 | 429 | 500;

export interface GitServer {
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  /** Decides each request's fate; git serves it when this says `none`. */
  readonly onRequest: (decide: (request: IncomingMessage) => Fault) => void;
  /** Sends every request on to another server. */
  readonly redirectTo: (url: string) => void;
  readonly requests: readonly string[];
  /**
   * Lets a client use its connection again. When such a connection drops, libcurl sends the request once more
   * by itself, also one that was served already.
   */
  readonly keepConnections: () => void;
  readonly close: () => Promise<void>;
}

/** Serves the bare repositories below `root` over HTTP, by `git http-backend` as a CGI program. */
export async function startGitServer(root: string): Promise<GitServer> {
  const requests: string[] = [];
  let decide: (request: IncomingMessage) => Fault = () => 'none';
  let isKept = false;
  let elsewhere: string | null = null;
  const server = createServer((request, response) => {
    requests.push(`${request.method} ${request.url}`);
    response.shouldKeepAlive = isKept;
    if (elsewhere) return void response.writeHead(302, { Location: `${elsewhere}${request.url}` }).end();
    const fault = decide(request);
    if (fault === 'drop-before') return void request.socket.destroy();
    if (fault === 'hang') return;
    if (typeof fault === 'number')
      return void request.resume().on('end', () => response.writeHead(fault, CHALLENGE).end());
    serve(root, request, response, fault);
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    onRequest: next => {
      decide = next;
    },
    redirectTo: url => {
      elsewhere = url;
    },
    requests,
    keepConnections: () => {
      isKept = true;
    },
    close: () => {
      server.closeAllConnections();
      return new Promise(resolve => server.close(() => resolve()));
    },
  };
}

const CHALLENGE = { 'WWW-Authenticate': 'Basic realm="git"' };

function serve(root: string, request: IncomingMessage, response: ServerResponse, fault: Fault): void {
  const url = new URL(request.url ?? '/', 'http://localhost');
  const backend = spawn('git', ['http-backend'], {
    env: {
      PATH: process.env.PATH,
      HOME: root,
      GIT_CONFIG_GLOBAL: '/dev/null',
      GIT_PROJECT_ROOT: root,
      GIT_HTTP_EXPORT_ALL: '1',
      REQUEST_METHOD: request.method,
      PATH_INFO: url.pathname,
      QUERY_STRING: url.search.slice(1),
      CONTENT_TYPE: request.headers['content-type'] ?? '',
      HTTP_CONTENT_ENCODING: request.headers['content-encoding'] ?? '',
      GIT_PROTOCOL: String(request.headers['git-protocol'] ?? ''),
      REMOTE_USER: 'tester',
    },
  });
  request.pipe(backend.stdin);
  backend.stdin.on('error', () => undefined);
  const chunks: Buffer[] = [];
  backend.stdout.on('data', chunk => chunks.push(chunk));
  backend.on('close', () => {
    if (fault === 'drop-after') return void request.socket.destroy();
    const output = Buffer.concat(chunks);
    const end = output.indexOf('\r\n\r\n');
    const headers = output
      .subarray(0, end)
      .toString()
      .split('\r\n')
      .map(line => line.split(/: (.*)/s));
    const status = headers.find(([name]) => name === 'Status')?.[1];
    response.writeHead(
      status ? Number.parseInt(status, 10) : 200,
      Object.fromEntries(headers.map(([name, value]) => [name, value])),
    );
    response.end(output.subarray(end + 4));
  });
}
