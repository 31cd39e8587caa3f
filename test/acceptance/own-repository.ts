import { createHash } from 'node:crypto';
import { lstatSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { execaSync } from 'execa';
import { onTestFinished } from 'vitest';

/** A directory that is gone after the test. */
export function aDir(): string {
  const dir = mkdtempSync(path.join(tmpdir(), 'harness-test-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

/** A person's repository: two branches, one of them checked out, and work that is not committed. */
export function ownRepository(files: Readonly<Record<string, string>> = {}): string {
  const dir = path.join(aDir(), 'my-app');
  const git = (...args: readonly string[]) =>
    execaSync('git', ['-C', dir, '-c', 'user.name=Ann', '-c', 'user.email=ann@example.com', ...args], {
      env: { PATH: process.env.PATH ?? '', GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' },
      extendEnv: false,
    });
  execaSync('git', ['init', '--quiet', '--initial-branch=trunk', dir]);
  for (const [name, text] of Object.entries({ 'README.md': '# mine\n', ...files })) {
    mkdirSync(path.dirname(path.join(dir, name)), { recursive: true });
    writeFileSync(path.join(dir, name), text);
  }
  git('add', '--all');
  git('commit', '--quiet', '-m', 'Begin');
  git('branch', 'other');
  git('tag', 'v1');
  writeFileSync(path.join(dir, 'README.md'), '# mine, not committed\n');
  writeFileSync(path.join(dir, 'untracked.txt'), 'precious\n');
  return dir;
}

/** Every file below a directory with its content and times, so that any write to it shows. */
export function everythingIn(dir: string): readonly string[] {
  return readdirSync(dir, { recursive: true, encoding: 'utf8' })
    .sort()
    .map(name => {
      const file = path.join(dir, name);
      const { mode, mtimeMs, ctimeMs } = lstatSync(file);
      const content = lstatSync(file).isFile() ? readFileSync(file) : '';
      return [name, mode, mtimeMs, ctimeMs, createHash('sha256').update(content).digest('hex')].join(' ');
    });
}
