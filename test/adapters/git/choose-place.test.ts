import { describe, expect, it } from 'vitest';
import {
  choosePlaces,
  type PlacedPush,
  type PlaceRemote,
  pushToPlace,
} from '../../../src/adapters/git/choose-place.ts';
import { MARKER, nameAt, type Place } from '../../../src/adapters/git/ref-names.ts';
import { HarnessError } from '../../../src/errors.ts';
import type { Oid, PushResult } from '../../../src/ports.ts';

const REPO = 'acme/app';
const LEASE = 'refs/harness/issues/7';

/** A host that wants the lease: what it may write, and after how many requests it dies. */
interface Host {
  readonly name: string;
  readonly mayWriteRefs: boolean;
  readonly dies: number;
}

/** Lets a request go, in whatever order the play has. */
type Ask = <T>(serve: () => T) => Promise<T>;

/** Takes the lease as the adapter does, and once more when it was lost: as a tick would. */
async function take(host: Host, refs: Map<string, Oid>, ask: Ask): Promise<PushResult['kind'] | 'refused'> {
  let made = 0;
  const mayWrite = (ref: string) => host.mayWriteRefs || ref.startsWith('refs/heads/');
  const swap = (ref: string, { expected, target }: { expected: Oid | null; target: Oid | null }) => {
    if ((refs.get(ref) ?? null) !== expected) return false;
    if (target === null) refs.delete(ref);
    else refs.set(ref, target);
    return true;
  };
  const remote: PlaceRemote = {
    list: () =>
      ask(() => new Map([...refs].filter(([ref]) => ref.startsWith('refs/harness/') || ref === MARKER))),
    move: (_repo, { ref, ...move }) =>
      ask(() => (mayWrite(ref) ? (swap(ref, move) ? 'moved' : 'unclear') : 'refused')),
    commit: async () => {
      made += 1;
      return `marker ${made} of ${host.name}`;
    },
  };
  const push: PlacedPush = {
    send: (place: Place) =>
      ask((): PushResult => {
        const ref = nameAt(place, LEASE);
        if (!mayWrite(ref)) throw new HarnessError('github-refused', `${ref} is refused.`);
        const isMoved = swap(ref, { expected: null, target: host.name });
        return isMoved ? { kind: 'done', tips: {} } : { kind: 'lost', reason: 'it is taken' };
      }),
    withdraw: () =>
      ask((): PushResult => {
        swap(LEASE, { expected: host.name, target: null });
        return { kind: 'lost', reason: 'it is elsewhere' };
      }),
  };
  const places = choosePlaces(remote);
  const once = () =>
    pushToPlace(places, REPO, push).then(
      ({ kind }) => kind,
      () => 'refused' as const,
    );
  const first = await once();
  return first === 'lost' ? once() : first;
}

interface Played {
  readonly results: readonly (PushResult['kind'] | 'refused' | 'died')[];
  readonly refs: ReadonlyMap<string, Oid>;
  /** How many there were to choose from at each step. */
  readonly choices: readonly number[];
}

/** Plays hosts against one remote; the schedule says at each step whose request is served, the first one after its end. */
async function play(hosts: readonly Host[], schedule: readonly number[]): Promise<Played> {
  const refs = new Map<string, Oid>();
  const waiting = new Map<number, () => void>();
  const results: Played['results'][number][] = hosts.map(() => 'died');
  hosts.forEach((host, at) => {
    let requests = 0;
    const ask: Ask = serve =>
      new Promise((resolve, reject) => {
        requests += 1;
        if (requests > host.dies) return;
        waiting.set(at, () => {
          try {
            resolve(serve());
          } catch (error) {
            reject(error);
          }
        });
      });
    void take(host, refs, ask).then(result => {
      results[at] = result;
    });
  });
  const choices: number[] = [];
  for (await settled(); waiting.size > 0; await settled()) {
    const ready = [...waiting.keys()].sort();
    const chosen = ready[schedule[choices.length] ?? 0] ?? 0;
    choices.push(ready.length);
    const serve = waiting.get(chosen);
    waiting.delete(chosen);
    serve?.();
  }
  return { results, refs, choices };
}

// Longer than any chain of promises between two requests.
async function settled(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
}

/** Every order in which the requests of these hosts can arrive. */
async function* everyOrder(hosts: readonly Host[]): AsyncGenerator<Played> {
  let schedule: readonly number[] | null = [];
  while (schedule) {
    const played: Played = await play(hosts, schedule);
    yield played;
    schedule = nextSchedule(schedule, played.choices);
  }
}

function nextSchedule(schedule: readonly number[], choices: readonly number[]): readonly number[] | null {
  const full = choices.map((_count, at) => schedule[at] ?? 0);
  const at = full.findLastIndex((chosen, step) => chosen + 1 < (choices[step] ?? 0));
  return at < 0 ? null : [...full.slice(0, at), (full[at] ?? 0) + 1];
}

const NEVER = Number.POSITIVE_INFINITY;
const host = (name: string, mayWriteRefs: boolean, dies = NEVER): Host => ({ name, mayWriteRefs, dies });

/** Who believes to have the lease, and who has it where all look for it from now on. */
function endOf({ results, refs }: Played, hosts: readonly Host[]) {
  const winners = hosts.flatMap(({ name }, at) => (results[at] === 'done' ? [name] : []));
  const owner = refs.get(nameAt(refs.has(MARKER) ? 'branches' : 'refs', LEASE)) ?? null;
  return { winners, owner };
}

const ALIKE: readonly (readonly [string, boolean])[] = [
  ['two that may write branches only', false],
  ['two that may write all refs', true],
];

describe('of hosts that find an empty repository at once', () => {
  it.each(ALIKE)(
    '(%s) one has the lease, where all look for it, in whatever order they ask',
    async (_what, may) => {
      const hosts = [host('one', may), host('two', may)];
      let orders = 0;
      for await (const played of everyOrder(hosts)) {
        orders += 1;
        const { winners, owner } = endOf(played, hosts);
        expect(winners).toEqual([owner]);
      }
      expect(orders).toBeGreaterThan(may ? 1 : 1_000);
    },
  );

  it.each(ALIKE)(
    '(%s) nobody has it where nobody looks, though one dies at whatever request',
    async (_what, may) => {
      for (let dies = 1; dies <= 10; dies += 1) {
        const hosts = [host('one', may, dies), host('two', may)];
        for await (const played of everyOrder(hosts)) {
          const { winners, owner } = endOf(played, hosts);
          expect(winners.filter(name => name !== owner)).toEqual([]);
        }
      }
    },
  );

  // The limit that docs/leases.md states: one may have it where nobody looks any more, until it reads the refs again.
  it('(only one of which may write all refs) never two have it', async () => {
    for (let dies = 1; dies <= 10; dies += 1) {
      for (const hosts of [
        [host('one', false, dies), host('two', true)],
        [host('one', false), host('two', true, dies)],
      ]) {
        for await (const played of everyOrder(hosts)) {
          expect(endOf(played, hosts).winners.length).toBeLessThan(2);
        }
      }
    }
  });
});
