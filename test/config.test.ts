import { chmod, mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { loadConfig } from '../src/config.ts';
import { SETTING_NAMES, SETTINGS } from '../src/core/settings.ts';

async function project(files: Record<string, string | Uint8Array>): Promise<string> {
  const directory = await realpath(await mkdtemp(join(tmpdir(), 'harness-config-')));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  await mkdir(join(directory, '.harness'));
  for (const [name, text] of Object.entries(files)) await writeFile(join(directory, '.harness', name), text);
  return directory;
}

async function load(
  files: Record<string, string | Uint8Array>,
  env: Record<string, string> = {},
  policy: string | null = null,
) {
  const projectDir = await project(files);
  return loadConfig({
    projectDir,
    env,
    policy: policy === null ? null : { text: policy, where: 'main:config' },
  });
}

describe('layers', () => {
  test('an empty file means every default', async () => {
    const { settings, raw, origins, warnings } = await load({ config: '' });
    for (const name of SETTING_NAMES) {
      expect(settings[name]).toBe(SETTINGS[name].default);
      expect(origins[name]).toEqual({ value: SETTINGS[name].default, origin: 'default', where: null });
    }
    expect(raw).toEqual({});
    expect(warnings).toEqual([]);
  });

  test('the environment wins over config.local, which wins over config', async () => {
    const files = {
      config: 'HARNESS_POOL=2\nHARNESS_CAP=2\nHARNESS_POLL=20',
      'config.local': 'HARNESS_CAP=4\nHARNESS_POLL=40',
    };
    const projectDir = await project(files);
    const { settings, origins } = await loadConfig({ projectDir, env: { HARNESS_POLL: '60' } });
    expect(settings).toMatchObject({ HARNESS_POOL: 2, HARNESS_CAP: 4, HARNESS_POLL: 60 });
    expect(origins.HARNESS_POOL).toEqual({
      value: 2,
      origin: 'file',
      where: join(projectDir, '.harness/config:1'),
    });
    expect(origins.HARNESS_CAP).toMatchObject({
      origin: 'local',
      where: join(projectDir, '.harness/config.local:1'),
    });
    expect(origins.HARNESS_POLL).toMatchObject({ origin: 'environment', where: 'the environment' });
  });

  test('a blank value counts as none in every layer', async () => {
    const { settings, raw } = await load(
      { config: 'HARNESS_POOL=2\nHARNESS_CAP=', 'config.local': 'HARNESS_POOL=""' },
      { HARNESS_POOL: '  ', HARNESS_CAP: '' },
    );
    expect(settings).toMatchObject({ HARNESS_POOL: 2, HARNESS_CAP: 3 });
    expect(raw).toEqual({ HARNESS_POOL: '2' });
  });

  test('the raw map holds text, without what is not a setting', async () => {
    const { raw } = await load(
      { config: 'HARNESS_CI_GATE=0\nOTHER=1' },
      { HARNESS_TOKEN: 'secret', PATH: '/bin' },
    );
    expect(raw).toEqual({ HARNESS_CI_GATE: '0' });
  });
});

describe('policy of the default branch', () => {
  test('wins over every layer of this host', async () => {
    const { settings, origins, warnings } = await load(
      { config: 'HARNESS_MODE=planned', 'config.local': 'HARNESS_VERIFY=true' },
      { HARNESS_MODE: 'issue-only' },
      'HARNESS_MODE=prd\nHARNESS_VERIFY="npm test"',
    );
    expect(settings).toMatchObject({ HARNESS_MODE: 'prd', HARNESS_VERIFY: 'npm test' });
    expect(origins.HARNESS_MODE).toEqual({ value: 'prd', origin: 'policy', where: 'main:config:1' });
    expect(warnings).toEqual([
      'the environment: HARNESS_MODE has no effect: main:config:1 sets it for every host.',
      expect.stringMatching(/config:1: HARNESS_MODE has no effect/),
      expect.stringMatching(/config\.local:1: HARNESS_VERIFY has no effect/),
    ]);
  });

  test('leaves what it does not set to this host', async () => {
    const { settings } = await load(
      { config: 'HARNESS_MERGE=rebase' },
      {},
      'HARNESS_MERGE=\nHARNESS_MODE=prd',
    );
    expect(settings).toMatchObject({ HARNESS_MERGE: 'rebase', HARNESS_MODE: 'prd' });
  });

  test('never sets what is a matter of the host', async () => {
    const { settings } = await load({ config: '' }, {}, 'HARNESS_POOL=64\nHARNESS_AGENT_COMMAND=evil');
    expect(settings).toMatchObject({ HARNESS_POOL: 3, HARNESS_AGENT_COMMAND: '' });
  });

  test('does not send a fork back to its origin', async () => {
    const { settings } = await load({ config: 'HARNESS_REPO=me/app' }, {}, 'HARNESS_REPO=acme/app');
    expect(settings.HARNESS_REPO).toBe('me/app');
  });
});

describe('problems', () => {
  test('a wrong value is refused with file and line, all of them at once', async () => {
    await expect(load({ config: '\nHARNESS_MODE=chaos\nHARNESS_POOL=0' })).rejects.toMatchObject({
      code: 'config-invalid',
      exit: 2,
      message: expect.stringMatching(
        /config:2: HARNESS_MODE: expected one of issue-only, prd, planned, got "chaos"\.\n.*config:3: HARNESS_POOL: .*1 to 64/,
      ),
    });
  });

  test('a wrong value is refused also where a stronger layer hides it', async () => {
    await expect(load({ config: 'HARNESS_POOL=many' }, { HARNESS_POOL: '2' })).rejects.toThrow(
      /config:1: HARNESS_POOL/,
    );
  });

  test('a wrong value in the environment says so', async () => {
    await expect(load({ config: '' }, { HARNESS_POOL: '1e1' })).rejects.toThrow(
      /^the environment: HARNESS_POOL/,
    );
  });

  test.each([
    [
      'HARNESS_REPO',
      ['acme/app', 'app', 'Acme/foo.js', 'me/.github'],
      ['a/b/c', 'acme/', '..', 'acme/..', 'a b/c'],
    ],
    ['HARNESS_OWNER', ['acme', 'a-b_c'], ['acme/app', '-a', 'a b']],
    ['HARNESS_BASE', ['main', 'release/1.x'], ['-x', 'a..b', 'a b', 'x.lock', '/x', 'a//b', 'x@{1}', 'x/']],
    [
      'HARNESS_SPEC',
      ['docs/spec.md', 'my spec.md', 'a..b'],
      ['/etc/passwd', '../spec.md', 'docs/../../x', '..'],
    ],
    [
      'HARNESS_API_URL',
      ['https://h/api/v3', 'http://127.0.0.1:80', 'http://[::1]:1'],
      ['h/api', 'ftp://h', 'https://'],
    ],
    ['HARNESS_LABEL_READY', ['Agent: GO', 'x'.repeat(50)], ['a,b', 'x'.repeat(51)]],
    [
      'HARNESS_AUTHOR_ALLOWLIST',
      ['*', 'ada', 'ada, grace,', 'renovate[bot],me_acme'],
      ['ada grace', '@ada', 'a/b'],
    ],
    ['HARNESS_PASS_ENV', ['A_KEY', 'A_KEY, B', 'A B'], ['A-B', 'KEY=value', '$KEY']],
    ['HARNESS_SANDBOX_PATHS', ['/opt/x', '~/.m2, ~/.codex:rw', '/a b,~'], ['.m2', '~ada/x', '/a, b']],
    ['HARNESS_AUTHOR_EMAIL', ['ada@example.com'], ['ada', 'Ada <ada@example.com>']],
    ['HARNESS_AGENT_COMMAND', ["sh -c 'a b'"], ["sh -c 'a b", 'it\\"s']],
    ['HARNESS_CODEX_ARGS', ["-c 'a=1'"], ["-c 'a=1"]],
  ])('%s must have its form', async (name, right, wrong) => {
    for (const value of right) expect((await load({ config: `${name}="${value}"` })).raw[name]).toBe(value);
    for (const value of wrong)
      await expect(load({ config: `${name}="${value}"` })).rejects.toThrow(`${name}: expected`);
  });

  test('a label can have one meaning only, however it is written', async () => {
    await expect(load({ config: 'HARNESS_LABEL_READY=Bug' })).rejects.toMatchObject({
      code: 'config-invalid',
      message: 'HARNESS_LABEL_READY and HARNESS_LABEL_BUG name the same label, "bug".',
    });
  });

  test.each(['HARNESS_PASS_ENV', 'HARNESS_AUTHOR_ALLOWLIST', 'HARNESS_SANDBOX_PATHS', 'HARNESS_CLAUDE_ARGS'])(
    'a hostile value of %s is refused at once',
    async name => {
      for (const piece of ['a,', 'a ', '~,', '/', `''`, '"\\\\']) {
        await load({ config: `${name}=${JSON.stringify(`${piece.repeat(50_000)}'%`)}` }).catch(() => {});
      }
    },
  );

  test('a line that is no setting is refused with file and line', async () => {
    await expect(load({ config: 'HARNESS_POOL=2\nif true; then' })).rejects.toMatchObject({
      code: 'config-invalid',
      message: expect.stringMatching(/config:2: expected KEY=VALUE/),
    });
  });

  test('a missing file means that the project is not initialised', async () => {
    await expect(load({ 'config.local': 'HARNESS_POOL=2' })).rejects.toMatchObject({
      code: 'not-initialised',
    });
  });

  test('a file that is no UTF-8 text is unreadable', async () => {
    await expect(load({ config: Uint8Array.of(0xff, 0xfe, 0x41, 0x00) })).rejects.toMatchObject({
      code: 'config-unreadable',
    });
  });

  test('a directory in place of the file is unreadable', async () => {
    const projectDir = await project({});
    await mkdir(join(projectDir, '.harness/config'));
    await expect(loadConfig({ projectDir, env: {} })).rejects.toMatchObject({ code: 'config-unreadable' });
  });

  test.skipIf(process.getuid?.() === 0)('a file without permission is unreadable', async () => {
    const projectDir = await project({ config: '' });
    await chmod(join(projectDir, '.harness/config'), 0);
    await expect(loadConfig({ projectDir, env: {} })).rejects.toMatchObject({ code: 'config-unreadable' });
  });
});

describe('warnings', () => {
  test('name the nearest setting for a misspelt key', async () => {
    const { warnings } = await load(
      { config: 'HARNESS_POOOL=3\nHARNESS_LABEL_REDY=go' },
      { harness_x: '1', HARNESS_CAPS: '1' },
    );
    expect(warnings).toEqual([
      'the environment: HARNESS_CAPS is not a setting; did you mean HARNESS_CAP?',
      expect.stringMatching(/config:1: HARNESS_POOOL is not a setting; did you mean HARNESS_POOL\?/),
      expect.stringMatching(
        /config:2: HARNESS_LABEL_REDY is not a setting; did you mean HARNESS_LABEL_READY\?/,
      ),
    ]);
  });

  test('suggest nothing when nothing is near, also for hostile names', async () => {
    const { warnings, settings } = await load({ config: 'EDITOR=vi\n__proto__=1\nconstructor=2' });
    expect(warnings).toEqual([
      expect.stringMatching(/EDITOR is not a setting$/),
      expect.stringMatching(/__proto__ is not a setting$/),
      expect.stringMatching(/constructor is not a setting$/),
    ]);
    expect(settings.HARNESS_POOL).toBe(3);
  });

  test('pass over the variables that agents and the installer get', async () => {
    const { warnings } = await load(
      { config: '' },
      { HARNESS_PROMPT: '/p', HARNESS_HOME: '/h', HARNESS_DEBUG: '1' },
    );
    expect(warnings).toEqual([]);
  });

  test('say which of two lines counts', async () => {
    const { warnings, settings } = await load({ config: 'HARNESS_POOL=2\n\nHARNESS_POOL=4' });
    expect(settings.HARNESS_POOL).toBe(4);
    expect(warnings).toEqual([expect.stringMatching(/config:3: HARNESS_POOL was set in line 1 already/)]);
  });
});
