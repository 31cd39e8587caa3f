import http from 'node:http';
import https from 'node:https';
import type { Socket } from 'node:net';
import { ReadableStream } from 'node:stream/web';
import tls from 'node:tls';
import { HarnessError } from '../../errors.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The `fetch` for an API: through the proxy that HTTPS_PROXY, HTTP_PROXY or ALL_PROXY name, unless NO_PROXY
 * excepts the host. Node's own `fetch` knows of no proxies before version 24.
 */
export function fetchFor(apiUrl: string, env: Environment): typeof fetch {
  const proxy = proxyFor(new URL(apiUrl), env);
  return proxy === null ? fetch : fetchThrough(proxy);
}

/** The proxy for an address by the usual variables, lower case first; null for none. */
export function proxyFor(target: URL, env: Environment): URL | null {
  const read = (name: string): string => (env[name.toLowerCase()] || env[name] || '').trim();
  const text = read(target.protocol === 'https:' ? 'HTTPS_PROXY' : 'HTTP_PROXY') || read('ALL_PROXY');
  if (text === '' || isExcepted(target.hostname, read('NO_PROXY'))) return null;
  const address = text.includes('://') ? text : `http://${text}`;
  if (/^https?:\/\//i.test(address) && URL.canParse(address)) return new URL(address);
  // Not the address itself: it may contain a password.
  throw new HarnessError('config-invalid', 'The proxy of the environment is no http or https address.', {
    fix: 'Correct HTTPS_PROXY, HTTP_PROXY or ALL_PROXY.',
  });
}

/** NO_PROXY lists hosts, each with everything below it; `*` is all of them. */
function isExcepted(host: string, list: string): boolean {
  const names = list.split(/[\s,]+/).map(name => name.replace(/^\*?\./, '').replace(/:\d+$/, ''));
  return names.some(name => name === '*' || (name !== '' && (host === name || host.endsWith(`.${name}`))));
}

const MOST_REDIRECTS = 5;

function fetchThrough(proxy: URL): typeof fetch {
  const agents = { 'http:': tunnelAgent(http.Agent, proxy), 'https:': tunnelAgent(https.Agent, proxy) };

  function send(url: URL, init: RequestInit): Promise<Response> {
    const { request, agent } =
      url.protocol === 'https:'
        ? { request: https.request, agent: agents['https:'] }
        : { request: http.request, agent: agents['http:'] };
    return new Promise((resolve, reject) => {
      const sent = request(
        url,
        {
          agent,
          method: init.method ?? 'GET',
          headers: Object.fromEntries(new Headers(init.headers)),
          ...(init.signal ? { signal: init.signal } : {}),
        },
        answer => resolve(responseOf(answer)),
      );
      sent.on('error', reject);
      sent.end(init.body ?? undefined);
    });
  }

  return async (input, init = {}) => {
    let url = new URL(String(input));
    for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
      const response = await send(url, init);
      const location = response.headers.get('location');
      const isRedirect = location !== null && response.status > 300 && response.status < 309;
      if (!isRedirect || init.redirect === 'manual') return response;
      const next = new URL(location, url);
      // The token must not follow to another host.
      if (next.origin !== url.origin) return response;
      await response.body?.cancel();
      url = next;
    }
    throw new TypeError('too many redirects');
  };
}

function responseOf(answer: http.IncomingMessage): Response {
  const status = answer.statusCode ?? 0;
  const headers = new Headers();
  for (let index = 0; index < answer.rawHeaders.length; index += 2) {
    headers.append(answer.rawHeaders[index] ?? '', answer.rawHeaders[index + 1] ?? '');
  }
  const hasBody = ![204, 205, 304].includes(status);
  if (!hasBody) answer.resume();
  return new Response(hasBody ? ReadableStream.from(answer) : null, { status, headers });
}

/** An agent whose connections are tunnels through the proxy. */
function tunnelAgent<A extends http.Agent>(Agent: new (options: http.AgentOptions) => A, proxy: URL): A {
  const agent = new Agent({ keepAlive: true });
  const secure = agent instanceof https.Agent;
  return Object.assign(agent, {
    createConnection(target: tls.ConnectionOptions, opened: (error: Error | null, socket?: Socket) => void) {
      const authority = `${target.host}:${target.port}`;
      const connect = (proxy.protocol === 'https:' ? https : http).request(proxy, {
        method: 'CONNECT',
        path: authority,
        headers: { host: authority, ...credentialsOf(proxy) },
        agent: false,
      });
      connect.on('connect', (answer, socket) => {
        if (answer.statusCode === 200) {
          opened(null, secure ? tls.connect({ ...target, socket }) : socket);
          return;
        }
        socket.destroy();
        opened(new Error(`the proxy ${proxy.host} answered ${answer.statusCode}`));
      });
      connect.on('error', error => opened(error));
      connect.end();
    },
  });
}

function credentialsOf({ username, password }: URL): Record<string, string> {
  if (username === '') return {};
  const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { 'proxy-authorization': `Basic ${Buffer.from(pair).toString('base64')}` };
}
