import { execFileSync } from 'node:child_process';
import { mkdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readOutcome } from '../../../src/adapters/sessions/outcome-file.ts';
import { type SessionPaths, sessionPaths } from '../../../src/adapters/sessions/session-files.ts';
import { makeTempDir } from '../../helpers/temp.ts';
import { makeFleet, makePlan, useSessionHost } from './fixture.ts';

const host = useSessionHost();
const PLAN = makePlan({});

const outcomeText = (change: object) =>
  JSON.stringify({
    version: 1,
    nonce: PLAN.nonce,
    repo: PLAN.repo,
    issue: PLAN.issue,
    status: 'done',
    summary: 'Said hello.',
    criteria: [],
    blockers: [],
    discoveries: [],
    ...change,
  });

/** What is made of the outcome that an agent leaves by `write`. */
function outcomeOf(write: (paths: SessionPaths) => void) {
  const paths = sessionPaths(makeTempDir(), PLAN.name);
  mkdirSync(paths.outcomeDir, { recursive: true });
  write(paths);
  return readOutcome(paths, PLAN);
}

describe('the outcome of an agent', () => {
  it('is missing when it wrote none', async () => {
    expect(await outcomeOf(() => {})).toEqual({ kind: 'missing' });
  });

  it('is read when it is one of this attempt, however the repository is spelt', async () => {
    const outcome = await outcomeOf(paths => writeFileSync(paths.outcome, outcomeText({ repo: 'Acme/App' })));
    expect(outcome).toMatchObject({ kind: 'valid', outcome: { repo: 'Acme/App', summary: 'Said hello.' } });
  });

  it.each([
    ['is no JSON', 'Done!', 'not valid JSON'],
    ['is empty', '', 'not valid JSON'],
    ['is huge', outcomeText({ summary: 'x'.repeat(300_000) }), 'the file is larger than 256 KB'],
    ['lacks a field', outcomeText({ summary: undefined }), 'summary: '],
    ['belongs to another attempt', outcomeText({ nonce: 'old' }), 'nonce: is "old", but this attempt has "'],
    [
      'belongs to another repository',
      outcomeText({ repo: 'a/b' }),
      'repo: is "a/b", but this attempt has "acme/app"',
    ],
    ['belongs to another issue', outcomeText({ issue: 8 }), 'issue: is 8, but this attempt has 7'],
  ])('is refused when it %s', async (_what, text, problem) => {
    const outcome = await outcomeOf(paths => writeFileSync(paths.outcome, text));
    expect(outcome).toEqual({ kind: 'invalid', problems: [expect.stringContaining(problem)] });
  });

  it.each<[string, (paths: SessionPaths) => void, string]>([
    [
      'a symbolic link',
      ({ dir, outcome }) => {
        writeFileSync(join(dir, 'real'), outcomeText({}));
        symlinkSync(join(dir, 'real'), outcome);
      },
      'it is a symbolic link, not a regular file',
    ],
    ['a named pipe', ({ outcome }) => execFileSync('mkfifo', [outcome]), 'it is not a regular file'],
    ['a directory', ({ outcome }) => mkdirSync(outcome), 'it is not a regular file'],
    [
      'in a directory that is a link',
      ({ dir, outcomeDir, outcome }) => {
        renameSync(outcomeDir, join(dir, 'elsewhere'));
        symlinkSync(join(dir, 'elsewhere'), outcomeDir);
        writeFileSync(outcome, outcomeText({}));
      },
      'its directory was replaced by something else',
    ],
  ])('is refused when it is %s', async (_what, write, problem) => {
    expect(await outcomeOf(write)).toEqual({ kind: 'invalid', problems: [problem] });
  });

  it('is not looked at while it works', async () => {
    const fleet = makeFleet(host, `finish({}); say('up'); work();`);
    const { name } = await fleet.start();
    await fleet.saw('up');
    expect((await fleet.find(name)).outcome).toEqual({ kind: 'missing' });
  });
});
