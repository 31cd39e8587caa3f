import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { gatePushes, pushTimesIn } from '../../../src/adapters/git/push-gate.ts';
import { HarnessError } from '../../../src/errors.ts';
import type { PushResult, Refs, RefUpdate } from '../../../src/ports.ts';
import { makeTempDir } from '../../helpers/temp.ts';
import { aLog } from '../github/setup.ts';

const REPO = 'acme/app';
const LIMIT = { most: 3, withinMs: 400 };

const update = (name: string): RefUpdate => ({
  kind: 'branch',
  ref: `refs/heads/${name}`,
  expected: null,
  target: 'a'.repeat(40),
});

type Answer = (refs: readonly string[]) => PushResult | Error;

const done: Answer = refs => ({
  kind: 'done',
  tips: Object.fromEntries(refs.map(ref => [ref, 'a'.repeat(40)])),
});

/** Two processes of a host, and what they send. */
function twoProcesses(answer: Answer = done, limit = LIMIT) {
  const directory = makeTempDir();
  const sent: { readonly at: number; readonly refs: readonly string[] }[] = [];
  const start = (now: () => number = Date.now) => {
    const push: Refs['push'] = async (_repo, updates) => {
      const refs = updates.map(({ ref }) => ref.replace('refs/heads/', ''));
      sent.push({ at: Date.now(), refs });
      await pause(1);
      const said = answer(refs);
      if (said instanceof Error) throw said;
      return said;
    };
    const refs = { read: unasked, attachment: unasked, packet: unasked, push };
    const timesOf = pushTimesIn(directory, {
      apiUrl: 'https://api.github.com',
      readOnly: false,
      log: aLog(),
    });
    return gatePushes(refs, { timesOf, limit, clock: { now } });
  };
  return { sent, one: start(), two: start(), start };
}

const unasked = () => Promise.reject(new Error('Nobody asks for this.'));

describe('the gate of pushes', () => {
  it('lets as many through in a minute as it may, over all processes', async () => {
    const { sent, one, two } = twoProcesses();
    for (let round = 0; round < 4; round++) {
      await one.push(REPO, [update(`a${round}`)]);
      await two.push(REPO, [update(`b${round}`)]);
    }
    expect(sent).toHaveLength(8);
    const spans = sent.slice(LIMIT.most).map(({ at }, index) => at - (sent[index]?.at ?? 0));
    expect(Math.min(...spans)).toBeGreaterThanOrEqual(LIMIT.withinMs - 150);
  });

  it('sends in one push what waits at the same time', async () => {
    const { sent, one } = twoProcesses();
    for (let round = 0; round < LIMIT.most; round++) await one.push(REPO, [update(`a${round}`)]);
    const names = ['b', 'c', 'd'];
    const results = await Promise.all(names.map(name => one.push(REPO, [update(name)])));
    expect(sent.slice(LIMIT.most).map(({ refs }) => refs)).toEqual([names]);
    expect(results.map(({ kind }) => kind)).toEqual(['done', 'done', 'done']);
  });

  it('keeps two moves of the same ref apart, in their order', async () => {
    const { sent, one } = twoProcesses();
    await Promise.all(['a', 'b', 'a'].map(name => one.push(REPO, [update(name)])));
    expect(sent.map(({ refs }) => refs)).toEqual([['a', 'b'], ['a']]);
  });

  it.each([
    ['lost', (): PushResult => ({ kind: 'lost', reason: 'a is not as expected' }), 'lost'],
    ['refused', () => new HarnessError('github-refused', 'not a'), 'github-refused'],
  ] as const)('lets nobody pay for another one that is %s', async (_name, fail, told) => {
    const { sent, one } = twoProcesses(refs => (refs.includes('a') ? fail() : done(refs)));
    const kindOf = (name: string) =>
      one.push(REPO, [update(name)]).then(
        ({ kind }) => kind,
        (error: HarnessError) => error.code,
      );
    expect(await Promise.all(['a', 'b'].map(kindOf))).toEqual([told, 'done']);
    expect(sent.map(({ refs }) => refs)).toEqual([['a', 'b'], ['a'], ['b']]);
  });

  it('sends nothing twice when nobody knows what became of it', async () => {
    const { sent, one } = twoProcesses(() => ({ kind: 'unknown', reason: 'no answer' }));
    const results = await Promise.all(['a', 'b'].map(name => one.push(REPO, [update(name)])));
    expect(results.map(({ kind }) => kind)).toEqual(['unknown', 'unknown']);
    expect(sent).toHaveLength(1);
  });

  it('waits for no other repository, and not for a clock that was set back', async () => {
    const limit = { most: 3, withinMs: 20_000 };
    const { sent, one, start } = twoProcesses(done, limit);
    const ahead = start(() => Date.now() + 3_600_000);
    for (let round = 0; round < limit.most; round++) await ahead.push(REPO, [update(`a${round}`)]);
    for (let round = 0; round < limit.most; round++) await one.push(REPO, [update(`b${round}`)]);
    await one.push('acme/lib', [update('c')]);
    const [first, last] = [sent[0], sent.at(-1)];
    expect((last?.at ?? 0) - (first?.at ?? 0)).toBeLessThan(limit.withinMs / 2);
  });
});
