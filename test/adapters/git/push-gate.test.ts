import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { gatePushes, type PushGateOptions } from '../../../src/adapters/git/push-gate.ts';
import { pushTurnsIn } from '../../../src/adapters/git/push-turns.ts';
import { createRefs } from '../../../src/adapters/git/refs.ts';
import { identifySelf } from '../../../src/adapters/processes.ts';
import { HarnessError } from '../../../src/errors.ts';
import type { PushResult, Refs, RefUpdate } from '../../../src/ports.ts';
import { makeTempDir, waitFor } from '../../helpers/temp.ts';
import { aLog } from '../github/setup.ts';
import { entry } from './records.ts';
import { setScene } from './setup.ts';

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
  const push: Refs['push'] = async (_repo, updates) => {
    const refs = updates.map(({ ref }) => ref.replace('refs/heads/', ''));
    sent.push({ at: Date.now(), refs });
    await pause(1);
    const said = answer(refs);
    if (said instanceof Error) throw said;
    return said;
  };
  const start = (change: Partial<PushGateOptions> = {}, refs: Pick<Refs, 'push'> = { push }) =>
    aGate(directory, { read: unasked, attachment: unasked, packet: unasked, ...refs }, { limit, ...change });
  return { directory, sent, one: start(), two: start(), start };
}

const aGate = (directory: string, refs: Refs, change: Partial<PushGateOptions>): Refs =>
  gatePushes(refs, {
    turnsOf: pushTurnsIn(directory, { apiUrl: 'https://api.github.com', readOnly: false, log: aLog() }),
    ...{ limit: LIMIT, clock: { now: Date.now }, self: identifySelf(), kin: async () => 'kin' },
    ...change,
  });

/** Resolves when so many pushes wait for whichever process has its turn first. */
const offered = (directory: string, count: number) =>
  waitFor(() => {
    const [state] = readdirSync(directory).filter(name => name.endsWith('.pushes.v2.json'));
    const text = state === undefined ? '{"offers":[]}' : readFileSync(join(directory, state), 'utf8');
    return (JSON.parse(text) as { readonly offers: readonly unknown[] }).offers.length === count;
  }, 30_000);

/** A process that no longer runs. */
const ENDED = { pid: 1, started: 'never', boot: 'another' };

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
    const ahead = start({ clock: { now: () => Date.now() + 3_600_000 } });
    for (let round = 0; round < limit.most; round++) await ahead.push(REPO, [update(`a${round}`)]);
    for (let round = 0; round < limit.most; round++) await one.push(REPO, [update(`b${round}`)]);
    await one.push('acme/lib', [update('c')]);
    const [first, last] = [sent[0], sent.at(-1)];
    expect((last?.at ?? 0) - (first?.at ?? 0)).toBeLessThan(limit.withinMs / 2);
  });
});

describe('what several processes have to say to a repository at the same time', () => {
  const full = { most: 1, withinMs: 400 };
  /** It gets its turn later than the other one. */
  const late = { limit: { most: 1, withinMs: 60_000 } };
  const asUpdates = (...names: readonly string[]) => names.map(update);

  it('goes in one push', async () => {
    const { directory, sent, one, start } = twoProcesses(done, full);
    const others = [start(late), start(late)];
    await one.push(REPO, asUpdates('a'));
    const waiting = others.map((other, index) => other.push(REPO, asUpdates(`b${index}`)));
    await offered(directory, 2);
    const results = await Promise.all([one.push(REPO, asUpdates('c')), ...waiting]);
    expect(sent.map(({ refs }) => refs.toSorted())).toEqual([['a'], ['b0', 'b1', 'c']]);
    expect(results.map(({ kind }) => kind)).toEqual(['done', 'done', 'done']);
    expect(readdirSync(directory).filter(name => name.endsWith('.push.json'))).toEqual([]);
  });

  it('is kept apart where it moves the same ref, and where the token is another one', async () => {
    const { directory, sent, one, start } = twoProcesses(done, full);
    const patience = { ...late.limit };
    const stranger = start({ limit: patience, kin: async () => 'stranger' });
    const rival = start({ limit: patience });
    await one.push(REPO, asUpdates('a'));
    const waiting = [stranger.push(REPO, asUpdates('b')), rival.push(REPO, asUpdates('c'))];
    await offered(directory, 2);
    await one.push(REPO, asUpdates('c'));
    expect(sent.map(({ refs }) => refs)).toEqual([['a'], ['c']]);
    patience.withinMs = full.withinMs;
    await Promise.all(waiting);
  });

  it.each([
    ['lost', (): PushResult => ({ kind: 'lost', reason: 'b is not as expected' }), 'lost'],
    ['refused', () => new HarnessError('github-refused', 'not b'), 'github-refused'],
  ] as const)('is sent by each for itself when the one push is %s', async (_name, fail, told) => {
    const { directory, sent, one, start } = twoProcesses(
      refs => (refs.includes('b') ? fail() : done(refs)),
      full,
    );
    await one.push(REPO, asUpdates('a'));
    const patience = { ...late.limit };
    const theirs = start({ limit: patience })
      .push(REPO, asUpdates('b'))
      .then(
        ({ kind }) => kind,
        (error: HarnessError) => error.code,
      );
    await offered(directory, 1);
    expect((await one.push(REPO, asUpdates('c'))).kind).toBe('done');
    patience.withinMs = full.withinMs;
    expect(await theirs).toBe(told);
    expect(sent.map(({ refs }) => refs)).toEqual([['a'], ['c', 'b'], ['c'], ['b']]);
  });

  it('is not known to have gone when the process that took it ends', async () => {
    const { directory, sent, start } = twoProcesses(done, full);
    const stuck = new Promise<never>(() => {});
    const leader = start(
      { self: ENDED },
      {
        push: (_repo, updates) =>
          updates.length > 1 ? stuck : Promise.resolve(done(updates.map(({ ref }) => ref)) as PushResult),
      },
    );
    await leader.push(REPO, asUpdates('a'));
    const theirs = start(late).push(REPO, asUpdates('b'));
    await offered(directory, 1);
    void leader.push(REPO, asUpdates('c'));
    expect(await theirs).toMatchObject({ kind: 'unknown' });
    expect(sent).toEqual([]);
  });

  it('is not sent for a process that has ended', async () => {
    const { directory, sent, one, start } = twoProcesses(done, full);
    await one.push(REPO, asUpdates('a'));
    const patience = { ...late.limit };
    const theirs = start({ limit: patience, self: ENDED }).push(REPO, asUpdates('b'));
    await offered(directory, 1);
    await one.push(REPO, asUpdates('c'));
    expect(sent.map(({ refs }) => refs)).toEqual([['a'], ['c']]);
    patience.withinMs = full.withinMs;
    await theirs;
  });

  it('becomes a journal of each, whoever has sent it', async () => {
    const { options, tipOf } = await setScene();
    const directory = makeTempDir();
    const one = aGate(directory, createRefs(options), { limit: full });
    const two = aGate(directory, createRefs(options), late);
    const refOf = (number: number) => `refs/harness/issues/${number}`;
    const claim = (number: number): RefUpdate => ({
      kind: 'journal',
      ...{ ref: refOf(number), expected: null, entries: [entry()] },
    });
    await one.push(REPO, [claim(1)]);
    const theirs = two.push(REPO, [claim(2)]);
    await offered(directory, 1);
    const ours = await one.push(REPO, [claim(3)]);
    const [tip2, tip3] = [tipOf(refOf(2)), tipOf(refOf(3))];
    expect(await theirs).toMatchObject({ kind: 'done', tips: { [refOf(2)]: tip2 } });
    expect(ours).toMatchObject({ kind: 'done', tips: { [refOf(2)]: tip2, [refOf(3)]: tip3 } });
    expect((await two.read(REPO)).journals.map(({ ref }) => ref)).toEqual([1, 2, 3].map(refOf));
  });
});
