import { describe, expect, it } from 'vitest';
import { makeFleet, useSessionHost } from './fixture.ts';

const host = useSessionHost();

/** What is reported of the outcome of an agent that runs `script`. */
async function outcomeOf(script: string) {
  const fleet = makeFleet(host, script);
  const { name } = await fleet.start();
  return (await fleet.untilEnded(name)).outcome;
}

describe('the outcome of an agent', () => {
  it('is missing when it wrote none', async () => {
    expect(await outcomeOf('')).toEqual({ kind: 'missing' });
  });

  it('is not looked at while it works', async () => {
    const fleet = makeFleet(host, `finish({}); say('up'); work();`);
    const { name } = await fleet.start();
    await fleet.saw('up');
    expect((await fleet.find(name)).outcome).toEqual({ kind: 'missing' });
  });

  it.each([
    ['is no JSON', `writeFileSync(env.HARNESS_OUTCOME, 'Done!')`, 'not valid JSON'],
    ['is empty', `writeFileSync(env.HARNESS_OUTCOME, '')`, 'not valid JSON'],
    ['is huge', `finish({ summary: 'x'.repeat(300_000) })`, 'the file is larger than 256 KB'],
    ['lacks a field', 'finish({ summary: undefined })', 'summary: '],
    ['belongs to another attempt', `finish({ nonce: 'old' })`, 'nonce: is "old", but this attempt has "'],
    [
      'belongs to another repository',
      `finish({ repo: 'a/b' })`,
      'repo: is "a/b", but this attempt has "acme/app"',
    ],
    ['belongs to another issue', 'finish({ issue: 8 })', 'issue: is 8, but this attempt has 7'],
    [
      'is a symbolic link',
      `writeFileSync('real', outcome({})); symlinkSync(process.cwd() + '/real', env.HARNESS_OUTCOME)`,
      'it is a symbolic link, not a regular file',
    ],
    [
      'is a named pipe',
      `(await import('node:child_process')).execFileSync('mkfifo', [env.HARNESS_OUTCOME])`,
      'it is not a regular file',
    ],
    [
      'is a directory',
      `(await import('node:fs')).mkdirSync(env.HARNESS_OUTCOME)`,
      'it is not a regular file',
    ],
    [
      'is in a directory that is a link',
      `const { renameSync } = await import('node:fs'), dir = env.HARNESS_OUTCOME.replace('/outcome.json', '');
       renameSync(dir, 'elsewhere'); symlinkSync(process.cwd() + '/elsewhere', dir); finish({})`,
      'its directory was replaced by something else',
    ],
  ])('is refused when it %s', async (_what, script, problem) => {
    const outcome = await outcomeOf(script);
    expect(outcome).toEqual({ kind: 'invalid', problems: [expect.stringContaining(problem)] });
  });

  it('may spell the repository in another case', async () => {
    expect(await outcomeOf(`finish({ repo: 'Acme/App' })`)).toMatchObject({ kind: 'valid' });
  });
});
