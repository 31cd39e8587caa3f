import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import { type AddressInfo, connect, type Server } from 'node:net';
import { join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, it, vi } from 'vitest';
import { fetchFor, proxyFor } from '../../../src/adapters/github/proxy.ts';
import { aForgeWithRepository } from '../../forge/a-forge.ts';
import { makeTempDir } from '../../helpers/temp.ts';
import { aBoard, afterwards, NOW } from './setup.ts';

const API = new URL('https://api.github.com');

async function listen(server: Server & { closeAllConnections?: () => void }): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  afterwards(() => {
    server.close();
    server.closeAllConnections?.();
  });
  return (server.address() as AddressInfo).port;
}

/** A proxy that keeps what it was asked to connect to, and with which credentials. */
async function aProxy(answer: 'tunnel' | 'refuse' = 'tunnel') {
  const asked: { target: string; credentials: string }[] = [];
  const server = http.createServer();
  server.on('connect', (request, socket) => {
    asked.push({ target: request.url ?? '', credentials: request.headers['proxy-authorization'] ?? '' });
    if (answer === 'refuse') return socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n');
    const [host, port] = (request.url ?? '').split(':');
    const target = connect(Number(port), host, () => {
      socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
      target.pipe(socket).pipe(target);
    });
    target.on('error', () => socket.destroy());
    socket.on('error', () => target.destroy());
    afterwards(() => target.destroy());
  });
  return { asked, url: `http://127.0.0.1:${await listen(server)}` };
}

describe('proxyFor', () => {
  it.each([
    ['HTTPS_PROXY', { HTTPS_PROXY: 'http://proxy:3128' }, 'http://proxy:3128/'],
    ['a name without a scheme', { https_proxy: 'proxy:3128' }, 'http://proxy:3128/'],
    ['lower case before upper case', { https_proxy: 'http://a', HTTPS_PROXY: 'http://b' }, 'http://a/'],
    ['ALL_PROXY', { ALL_PROXY: 'http://proxy' }, 'http://proxy/'],
    ['nothing', {}, null],
    ['blanks', { HTTPS_PROXY: ' ' }, null],
    ['the proxy of another scheme', { HTTP_PROXY: 'http://proxy' }, null],
    ['an exception', { HTTPS_PROXY: 'http://proxy', NO_PROXY: 'localhost, api.github.com' }, null],
    ['an exception of the domain', { HTTPS_PROXY: 'http://proxy', no_proxy: '.github.com:443' }, null],
    ['an exception of everything', { HTTPS_PROXY: 'http://proxy', NO_PROXY: '*' }, null],
    ['an exception of another', { HTTPS_PROXY: 'http://proxy', NO_PROXY: 'hub.com' }, 'http://proxy/'],
  ])('reads %s', (_, env, expected) => {
    expect(proxyFor(API, env)?.href ?? null).toBe(expected);
  });

  it('refuses what it cannot use, and does not print it', () => {
    const wrong = () => proxyFor(API, { HTTPS_PROXY: 'socks5://me:secret@proxy' });
    expect(wrong).toThrow(expect.objectContaining({ code: 'config-invalid' }));
    expect(wrong).not.toThrow(/secret/);
  });
});

describe('a board behind a proxy', () => {
  it('reads and writes through it', async () => {
    const forge = await aForgeWithRepository();
    forge.addIssue({ repo: 'acme/app', title: 'one' });
    const proxy = await aProxy();
    const env = { HTTP_PROXY: proxy.url.replace('http://', 'http://me:p%40ss@') };
    const board = aBoard(forge, { fetch: fetchFor(forge.apiUrl, env) });
    expect(await board.snapshot('acme/app', NOW)).toMatchObject({ read: 'fresh', issues: [{ number: 1 }] });
    await board.putComment('acme/app', 1, { key: 'status', body: 'é' });
    await board.snapshot('acme/app', NOW);
    await board.snapshot('acme/app', NOW);
    expect(forge.requests.count({ status: 304 })).toBe(1);
    const credentials = `Basic ${Buffer.from('me:p@ss').toString('base64')}`;
    expect(new Set(proxy.asked.map(({ target }) => target))).toEqual(new Set([new URL(forge.apiUrl).host]));
    expect(proxy.asked[0]?.credentials).toBe(credentials);
  });

  it('speaks TLS with GitHub, not with the proxy', async () => {
    const directory = makeTempDir();
    const [key, cert] = [join(directory, 'key.pem'), join(directory, 'cert.pem')];
    const subject = ['-subj', '/CN=localhost', '-days', '1', '-nodes'];
    await execa('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-keyout', key, '-out', cert, ...subject]);
    const server = https.createServer(
      { key: readFileSync(key), cert: readFileSync(cert) },
      (request, response) => {
        response.setHeader('content-type', 'application/json');
        response.end(JSON.stringify({ login: request.headers.authorization }));
      },
    );
    const apiUrl = `https://127.0.0.1:${await listen(server)}`;
    const proxy = await aProxy();
    const board = aBoard({ apiUrl }, { fetch: fetchFor(apiUrl, { HTTPS_PROXY: proxy.url }) });
    await expect(board.login()).rejects.toThrow(/self.signed/);
    vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0');
    afterwards(() => vi.unstubAllEnvs());
    expect(await board.login()).toBe('Bearer token-acme');
    expect(proxy.asked).toHaveLength(2);
  });

  it('follows a redirect on the same host, and carries its token to no other', async () => {
    const seen: string[] = [];
    const server = http.createServer((request, response) => {
      seen.push(request.url ?? '');
      const location = { '/user': '/moved', '/moved': 'http://127.0.0.2:9/user' }[request.url ?? ''];
      response.writeHead(301, { location, 'content-type': 'application/json' }).end('{"login":"nobody"}');
    });
    const apiUrl = `http://127.0.0.1:${await listen(server)}`;
    const proxy = await aProxy();
    const board = aBoard({ apiUrl }, { fetch: fetchFor(apiUrl, { HTTP_PROXY: proxy.url }) });
    await board.login();
    expect(seen).toEqual(['/user', '/moved']);
    expect(new Set(proxy.asked.map(({ target }) => target))).toEqual(new Set([new URL(apiUrl).host]));
  });

  it('says when the proxy refuses', async () => {
    const forge = await aForgeWithRepository();
    const proxy = await aProxy('refuse');
    const board = aBoard(forge, { fetch: fetchFor(forge.apiUrl, { HTTP_PROXY: proxy.url }) });
    await expect(board.login()).rejects.toMatchObject({
      code: 'github-unreachable',
      message: expect.stringContaining('407'),
    });
  });
});
