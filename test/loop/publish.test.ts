import { describe, expect, it } from 'vitest';
import { publishSafely } from '../../src/loop/publish.ts';
import type { RefUpdate } from '../../src/ports.ts';
import { aStage } from '../helpers/ports.ts';

const SECRET = 'value-of-the-hosts-secret';
const withheld = async () => ({ secrets: [SECRET], place: { home: '/home/ann', hostName: 'anns-laptop' } });
const TOLD = `${SECRET} in /home/ann/app on anns-laptop`;
const UNTOLD = '[redacted] in ~/app on [host]';

describe('what the engine publishes', () => {
  it('holds no secret and no place, in whichever text of GitHub', async () => {
    const said: string[] = [];
    const { board: known, refs } = aStage().fleet().engine;
    const note = async (...args: readonly unknown[]) => {
      said.push(JSON.stringify(args));
      return undefined as never;
    };
    const heard = { ...known, updateIssue: note, putComment: note, openPull: note, mergePull: note };
    const { board } = publishSafely({ board: heard, refs }, withheld);
    await board.updateIssue('a/b', 1, { title: TOLD, body: TOLD });
    await board.putComment('a/b', 1, { key: 'status', body: TOLD });
    await board.openPull('a/b', {
      head: 'issue/1',
      sha: '',
      base: 'main',
      title: TOLD,
      body: TOLD,
      isFirst: false,
    });
    await board.mergePull('a/b', 2, { sha: '1'.repeat(40), method: 'squash', title: TOLD, message: TOLD });
    expect(said.join('\n')).not.toMatch(/value-of|ann/);
    expect(said.join('\n').split(UNTOLD)).toHaveLength(8);
    expect(said[3]).toContain('1'.repeat(40));
  });

  it('holds neither in a journal', async () => {
    const pushed: RefUpdate[] = [];
    const stage = aStage();
    const { board, refs } = stage.fleet().engine;
    const heard = {
      ...refs,
      push: async (_repo: string, updates: readonly RefUpdate[]) => {
        pushed.push(...updates);
        return { kind: 'done' as const, tips: {} };
      },
    };
    const failure = { class: 'verify' as const, signature: TOLD, message: TOLD };
    const gates = [{ gate: 'verify', verdict: 'fail' as const, reason: TOLD }];
    const entry = { ...stage.github.journal().entries[0], failure, gates } as never;
    const update = { kind: 'journal' as const, ref: 'refs/harness/issues/1', expected: null };
    await publishSafely({ board, refs: heard }, withheld).refs.push('a/b', [
      { ...update, entries: [entry], attachments: { 'verify.log': TOLD } },
    ]);
    expect(JSON.stringify(pushed)).not.toMatch(/value-of|ann/);
    expect(JSON.stringify(pushed).split(UNTOLD)).toHaveLength(5);
  });
});

describe('a change that holds a secret of the host', () => {
  it('becomes visible nowhere, and the next attempt starts afresh', async () => {
    const stage = aStage();
    const here = stage.fleet('h1', engine => ({
      ...engine,
      withheld: async () => ({ ...(await withheld()), secrets: ['done 1, attempt 1'] }),
    }));
    await here.finish();
    expect(stage.github.story()).toContain('receipt:secrets');
    expect(stage.github.files()['own/1']).toBe('done 1, attempt 2');
    expect(JSON.stringify(stage.github.journal().entries)).not.toContain('done 1, attempt 1');
    expect(stage.github.pulls()).toHaveLength(1);
  });
});
