import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, type TestContext } from 'vitest';
import { type Fleet, ONE_WORKER, openTown, REPO, type Town, until } from '../fleet.ts';
import { FILES } from './project.ts';

/** What the fleet's agents get by HARNESS_PASS_ENV, and must never be seen outside. */
export const SECRET = 'canary-of-the-model-51c0e7d2';

const SETTINGS = {
  ...ONE_WORKER,
  HARNESS_AGENT_COMMAND: `"${process.execPath}" "${import.meta.dirname}/rogue.mjs" "${import.meta.dirname}"`,
  HARNESS_VERIFY: 'node test/run.mjs && ! grep -rs wrong work',
  HARNESS_PASS_ENV: 'MODEL_TOKEN',
  MODEL_TOKEN: SECRET,
  HARNESS_MAX_ATTEMPTS: '1',
  HARNESS_CAP: '10',
};

// On a machine that does nothing else it takes a fifth of it.
const LIMIT_MS = 300_000;

/** A fleet at work on issues that rogues take. */
export interface Gallery {
  readonly town: Town;
  readonly fleet: Fleet;
  /** An issue that no agent may touch. */
  readonly bystander: number;
  /** A file that exists when something of a clone's configuration was run. */
  readonly trap: string;
  /** Files an issue for a rogue (`honest` is none), and returns its number. */
  readonly hire: (title: string, options?: { readonly attempts: number }) => number;
  /** Files an issue for each rogue. */
  readonly hireAll: (names: readonly string[]) => Readonly<Record<string, number>>;
  /** Starts the fleet, waits until every attempt has ended, and stops it. */
  readonly play: () => Promise<void>;
  /** How an issue's attempts ended: `landed`, or the class of the failure and what is said of it. */
  readonly endsOf: (issue: number) => readonly string[];
}

/** Sets up a forge and a fleet; several tests may do so at a time, so that each says how it ends. */
export async function aGallery(
  { onTestFinished }: Pick<TestContext, 'onTestFinished'>,
  settings: Readonly<Record<string, string>>,
): Promise<Gallery> {
  const town = await openTown(FILES);
  onTestFinished(town.close);
  const fleet = await town.fleet('den', { ...SETTINGS, ...settings });
  const trap = path.join(fleet.home, 'trap');
  const addIssue = (title: string, body: string, labels: readonly string[]) =>
    town.forge.addIssue({ repo: REPO, title, body, labels: [...labels], author: 'bot' });
  const bystander = addIssue('Nobody touches this', 'It stays as it is.', []);
  const places = {
    api: town.forge.apiUrl,
    git: `http://127.0.0.1:${town.forge.port}/${REPO}.git`,
    home: fleet.home,
    checkout: fleet.dir,
    bystander,
    trap,
  };
  const body = Object.entries(places)
    .map(([name, value]) => `${name}: ${value}`)
    .join('\n');
  const hired: number[] = [];
  const hire: Gallery['hire'] = (title, { attempts } = { attempts: 1 }) => {
    hired.push(attempts);
    return addIssue(title, body, ['ready-for-agent']);
  };
  return {
    town,
    fleet,
    bystander,
    trap,
    hire,
    hireAll: names => Object.fromEntries(names.map(name => [name, hire(name)])),
    play: async () => {
      expect(await fleet.harness('start')).toMatchObject({ exit: 0 });
      const first = bystander + 1;
      const unfinished = () => {
        const last = town.lastEntries();
        return hired.flatMap((attempts, at) => {
          const entry = last.get(first + at);
          const isOver = entry?.op === 'release' && entry.attempt >= attempts;
          return isOver ? [] : [`#${first + at}: ${entry?.op ?? 'nothing'}, attempt ${entry?.attempt ?? 0}`];
        });
      };
      try {
        await until('every attempt has ended', LIMIT_MS, async () => {
          // Each look starts a git, and there are several galleries.
          await pause(400);
          return unfinished().length === 0;
        });
      } catch (error) {
        throw new Error(`Still under way: ${unfinished().join('; ')}`, { cause: error });
      }
      expect((await fleet.harness('stop')).exit).toBe(0);
    },
    endsOf: issue =>
      town
        .journal(issue)
        .filter(({ op }) => op === 'receipt')
        .map(({ failure }) => (failure ? `${failure.class}: ${failure.message}` : 'landed')),
  };
}

/** Compares how attempts ended with what is expected of each rogue's one attempt. */
export function expectEnds(
  { endsOf }: Gallery,
  issues: Readonly<Record<string, number>>,
  expected: Readonly<Record<string, RegExp>>,
): void {
  const ends = Object.entries(issues).map(([name, issue]) => [name, endsOf(issue)]);
  const wanted = Object.entries(expected).map(([name, end]) => [name, [expect.stringMatching(end)]]);
  expect(Object.fromEntries(ends)).toEqual(Object.fromEntries(wanted));
}
