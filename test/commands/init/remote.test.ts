import { describe, expect, test } from 'vitest';
import { parseRemote, parseRepository } from '../../../src/commands/init/remote.ts';

const GITHUB = 'https://api.github.com';

describe('parseRemote', () => {
  test.each([
    ['https://github.com/acme/app', 'acme/app', GITHUB],
    ['https://github.com/acme/app.git', 'acme/app', GITHUB],
    ['https://github.com/acme/app/', 'acme/app', GITHUB],
    ['https://ada:token@github.com/acme/app.git', 'acme/app', GITHUB],
    ['git@github.com:acme/app.git', 'acme/app', GITHUB],
    ['github.com:acme/app', 'acme/app', GITHUB],
    ['git@github.com-work:acme/app.git', 'acme/app', GITHUB],
    ['ssh://git@github.com/acme/app.git', 'acme/app', GITHUB],
    ['ssh://git@ssh.github.com:443/acme/app.git', 'acme/app', GITHUB],
    ['git://github.com/acme/foo.js.git', 'acme/foo.js', GITHUB],
    ['https://GitHub.com/Acme/.github', 'Acme/.github', GITHUB],
    ['https://git.acme.example/acme/app.git', 'acme/app', 'https://git.acme.example/api/v3'],
    ['https://git.acme.example:8443/acme/app', 'acme/app', 'https://git.acme.example:8443/api/v3'],
    ['git@git.acme.example:acme/app.git', 'acme/app', 'https://git.acme.example/api/v3'],
    ['ssh://git@git.acme.example:2222/acme/app.git', 'acme/app', 'https://git.acme.example/api/v3'],
    ['http://127.0.0.1:4321/acme/app.git', 'acme/app', 'http://127.0.0.1:4321'],
    ['http://localhost:4321/acme/app', 'acme/app', 'http://localhost:4321'],
    ['http://github.localhost:4321/acme/app', 'acme/app', 'http://github.localhost:4321'],
    ['http://[::1]:4321/acme/app', 'acme/app', 'http://[::1]:4321'],
  ])('%s is %s', (address, repo, apiUrl) => {
    expect(parseRemote(address)).toEqual({ repo, apiUrl });
  });

  test.each([
    '/srv/git/app.git',
    '../app.git',
    'file:///srv/git/app.git',
    'C:\\work\\app',
    'https://github.com/acme',
    'https://github.com/acme/..',
    'https://github.com/acme/app/tree/main',
    'https://github.com/acme/a%20b',
    'not an address',
    '',
  ])('%s is no repository on a GitHub', address => {
    expect(parseRemote(address)).toBeNull();
  });

  test('is linear on a hostile address', () => {
    const started = performance.now();
    parseRemote(`https://github.com/${'/'.repeat(50_000)}a/${'.'.repeat(50_000)}`);
    parseRemote(`${'a'.repeat(50_000)}:${'/'.repeat(50_000)}`);
    expect(performance.now() - started).toBeLessThan(500);
  });
});

describe('parseRepository', () => {
  test('takes owner/name as a person writes it', () => {
    expect(parseRepository('acme/app')).toEqual({ repo: 'acme/app', apiUrl: GITHUB });
  });

  test.each(['acme', 'acme/app/x', 'ac me/app', '-x/app', '../app'])('refuses %s', text => {
    expect(parseRepository(text)).toBeNull();
  });
});
