import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { childEnv, identityEnv, parseNames } from '../../src/adapters/child-env.ts';
import { makeTempDir } from '../helpers/temp.ts';

const NOTHING = { pass: [], extras: {} };

it('lets through what every program needs, and nothing else', () => {
  const env = {
    PATH: '/bin',
    HOME: '/home/ada',
    LC_TIME: 'C',
    https_proxy: 'http://p',
    EDITOR: 'vi',
    UNSET: undefined,
  };
  const child = childEnv(env, NOTHING);
  expect(child).toMatchObject({ PATH: '/bin', HOME: '/home/ada', LC_TIME: 'C', https_proxy: 'http://p' });
  expect(child).not.toHaveProperty('EDITOR');
});

it('lets through what is named, but never what would give access or confuse', () => {
  const named = {
    ANTHROPIC_API_KEY: 'k',
    CLAUDE_CODE_OAUTH_TOKEN: 'o',
    GH_TOKEN: 'token-1',
    GITHUB_TOKEN: 'token-2',
    GH_ENTERPRISE_TOKEN: 'token-3',
    GITHUB_ENTERPRISE_TOKEN: 'token-4',
    HARNESS_TOKEN: 'token-5',
    OTHER_NAME: 'Bearer token-1',
    CLAUDECODE: '1',
    CLAUDE_CODE_ENTRYPOINT: 'cli',
    TMUX: '/tmp/tmux',
    TMUX_PANE: '%1',
    GIT_DIR: '/repo/.git',
    HARNESS_SESSION: 'outer',
  };
  const pass = parseNames(Object.keys(named).join(', '));
  const before = childEnv({}, NOTHING);
  expect(childEnv(named, { pass, extras: {} })).toEqual({
    ...before,
    ANTHROPIC_API_KEY: 'k',
    CLAUDE_CODE_OAUTH_TOKEN: 'o',
  });
});

it('takes no variable for a token because a very short one happens to be in it', () => {
  const env = { PATH: '/opt/box/bin', HOME: '/home/ada', GH_TOKEN: 'x', COPY: 'x' };
  const child = childEnv(env, { pass: ['COPY'], extras: {} });
  expect(child).toMatchObject({ PATH: '/opt/box/bin', HOME: '/home/ada' });
  expect(child).not.toHaveProperty('COPY');
});

it('lets the extras win', () => {
  const child = childEnv({ HOME: '/home/ada' }, { pass: [], extras: { HOME: '/other', HARNESS_ISSUE: '7' } });
  expect(child).toMatchObject({ HOME: '/other', HARNESS_ISSUE: '7' });
});

it("keeps git from the user's credentials, signing and questions, and commits in the given name", () => {
  const home = makeTempDir();
  writeFileSync(
    join(home, '.gitconfig'),
    `[credential]\n\thelper = "!echo password=leaked"\n[credential "https://github.com"]\n\thelper = "!echo password=leaked"
[commit]\n\tgpgSign = true\n[user]\n\tname = Somebody\n\temail = some@example.com\n`,
  );
  const extras = identityEnv({ name: 'Ada', email: 'ada@example.com' });
  const env = childEnv({ ...process.env, HOME: home }, { pass: [], extras });
  const git = (args: string[], input = '') =>
    execFileSync('git', args, { cwd: home, env, input, encoding: 'utf8', stdio: 'pipe' });

  const fill = () => git(['credential', 'fill'], 'protocol=https\nhost=github.com\n\n');
  expect(fill).toThrow(/terminal prompts disabled|could not read/);
  git(['init', '-q']);
  git(['commit', '-q', '--allow-empty', '-m', 'First']);
  expect(git(['log', '--format=%an <%ae> %cn <%ce> %G?']).trim()).toBe(
    'Ada <ada@example.com> Ada <ada@example.com> N',
  );
});
