import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { hostOfApi, resolveToken } from '../../../src/adapters/github/token.ts';
import { makeTempDir } from '../../helpers/temp.ts';

const apiUrl = 'https://api.github.com';

/** A PATH on which `gh` is this script. */
function withGh(script: string): string {
  const directory = makeTempDir();
  const path = join(directory, 'gh');
  writeFileSync(path, `#!/bin/sh\n${script}\n`);
  chmodSync(path, 0o755);
  return `${directory}:/usr/bin:/bin`;
}

describe('the token', () => {
  it('is the first that is set of HARNESS_TOKEN, GH_TOKEN and GITHUB_TOKEN', async () => {
    const env = { HARNESS_TOKEN: 'one', GH_TOKEN: 'two', GITHUB_TOKEN: 'three' };
    expect(await resolveToken({ env, apiUrl })).toBe('one');
    expect(await resolveToken({ env: { ...env, HARNESS_TOKEN: '  ' }, apiUrl })).toBe('two');
    expect(await resolveToken({ env: { GITHUB_TOKEN: ' three\n' }, apiUrl })).toBe('three');
  });

  it('is what gh is logged in with on that host, else', async () => {
    const PATH = withGh('echo "$*"');
    expect(await resolveToken({ env: { PATH, GH_TOKEN: '' }, apiUrl })).toBe(
      'auth token --hostname github.com',
    );
    const enterprise = { env: { PATH }, apiUrl: 'https://ghe.example.com/api/v3' };
    expect(await resolveToken(enterprise)).toBe('auth token --hostname ghe.example.com');
  });

  it('is asked of gh without anything else of the environment', async () => {
    const PATH = withGh('echo "$SECRET$GITHUB_ENTERPRISE_TOKEN$HOME"');
    const env = { PATH, HOME: '/home/me', SECRET: 'x', GITHUB_ENTERPRISE_TOKEN: 'y' };
    expect(await resolveToken({ env, apiUrl })).toBe('/home/me');
  });

  it.each([
    ['gh is not logged in', 'echo "no oauth token" >&2; exit 1'],
    ['gh says nothing', 'exit 0'],
  ])('is missing when %s', async (_, script) => {
    await expect(resolveToken({ env: { PATH: withGh(script) }, apiUrl })).rejects.toMatchObject({
      code: 'not-logged-in',
      fix: expect.stringContaining('gh auth login --hostname github.com'),
    });
  });

  it('is missing when there is no gh either', async () => {
    await expect(resolveToken({ env: { PATH: '/nowhere' }, apiUrl })).rejects.toMatchObject({
      code: 'not-logged-in',
    });
  });
});

describe('hostOfApi', () => {
  it.each([
    ['https://api.github.com', 'github.com'],
    ['https://ghe.example.com/api/v3', 'ghe.example.com'],
    ['https://api.octo.ghe.com', 'octo.ghe.com'],
    ['http://127.0.0.1:8080', '127.0.0.1'],
  ])('people log in for %s at %s', (api, host) => {
    expect(hostOfApi(api)).toBe(host);
  });
});
