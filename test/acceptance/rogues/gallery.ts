import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, type TestContext } from 'vitest';
import type { JournalEntry } from '../../../src/core/contracts.ts';
import { type Fleet, openTown, REPO, type Town, until } from '../fleet.ts';

/** What the fleet's agents get by HARNESS_PASS_ENV, and must never be seen outside. */
export const SECRET = 'canary-of-the-model-51c0e7d2';

/** The project that the rogues work on: its check runs all tests, and looks for what is marked as wrong. */
const FILES = {
  'README.md': '# app\n',
  'package.json': '{ "name": "app", "scripts": { "test": "node test/run.mjs && ! grep -rs wrong work" } }\n',
  'list.txt': 'first\n',
  'src/sum.mjs': 'export const sum = (a, b) => a + b;\n',
  'src/version.txt': '1\n',
  'uses/first.txt': '1\n',
  'test/run.mjs': "await import('./sum.test.mjs');\nawait import('./uses.test.mjs');\n",
  'test/sum.test.mjs': [
    "import { equal } from 'node:assert/strict';",
    "import { test } from 'node:test';",
    "import { sum } from '../src/sum.mjs';",
    '',
    "test('adds', () => {",
    '  equal(sum(1, 2), 3);',
    '  equal(sum(2, 2), 4);',
    '});',
    '',
  ].join('\n'),
  'test/uses.test.mjs': [
    "import { equal } from 'node:assert/strict';",
    "import { readdirSync, readFileSync } from 'node:fs';",
    "import { test } from 'node:test';",
    '',
    "const version = readFileSync('src/version.txt', 'utf8');",
    "test('every use is of the version that there is', () => {",
    "  for (const name of readdirSync('uses')) equal(readFileSync('uses/' + name, 'utf8'), version);",
    '});',
    '',
  ].join('\n'),
};

const SETTINGS = {
  HARNESS_AGENT_COMMAND: `"${process.execPath}" "${import.meta.dirname}/rogue.mjs" "${import.meta.dirname}"`,
  HARNESS_VERIFY: 'node test/run.mjs && ! grep -rs wrong work',
  HARNESS_PASS_ENV: 'MODEL_TOKEN',
  MODEL_TOKEN: SECRET,
  HARNESS_MAX_ATTEMPTS: '1',
  HARNESS_CAP: '10',
};

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
  readonly play: (limitMs: number) => Promise<void>;
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
    play: async limitMs => {
      expect(await fleet.harness('start')).toMatchObject({ exit: 0 });
      const first = bystander + 1;
      await until('every attempt has ended', limitMs, () => {
        const last = lastEntries(town);
        return hired.every((attempts, at) => {
          const entry = last.get(first + at);
          return entry?.op === 'release' && entry.attempt >= attempts;
        });
      });
      expect((await fleet.harness('stop')).exit).toBe(0);
    },
    endsOf: issue =>
      town
        .journal(issue)
        .filter(({ op }) => op === 'receipt')
        .map(({ failure }) => (failure ? `${failure.class}: ${failure.message}` : 'landed')),
  };
}

/** The newest entry of each issue's journal. */
function lastEntries({ git }: Town): ReadonlyMap<number, JournalEntry> {
  const format = '--format=%(refname:lstrip=3) %(contents:subject)';
  const lines = git('for-each-ref', format, 'refs/harness/issues').split('\n').filter(Boolean);
  return new Map(
    lines.map(line => [
      Number(line.split(' ')[0]),
      JSON.parse(line.slice(line.indexOf('{'))) as JournalEntry,
    ]),
  );
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

/**
 * What must be true whatever rogues did: only what landed is to be seen, and nothing is left behind. `shown` were
 * issues whose changes a person was asked about, and did not want.
 */
export async function expectNothingElse(
  gallery: Gallery,
  { landed, shown = [] }: { readonly landed: readonly number[]; readonly shown?: readonly number[] },
): Promise<void> {
  const { town, bystander } = gallery;
  const face = await publicFaceOf(gallery);
  expect(face.branches).toEqual([...shown.map(issue => `refs/heads/issue/${issue}`), 'refs/heads/main']);
  const works = landed.map(issue => `work/${issue}.txt`);
  expect(face.files).toEqual([...Object.keys(FILES), ...works].sort());
  for (const work of works) expect(town.git('show', `main:${work}`)).toBe('right\n');
  const merged = face.pulls.filter(({ merged_at }) => merged_at !== null);
  expect(refsOf(merged)).toEqual(landed.map(issue => `issue/${issue}`).sort());
  expect(refsOf(face.pulls)).toEqual([...landed, ...shown].map(issue => `issue/${issue}`).sort());
  const issues = face.issues.filter(({ pull_request }) => !pull_request);
  const closed = issues.filter(({ state }) => state === 'closed').map(({ number }) => number);
  expect(closed.sort()).toEqual([...landed, ...shown].sort());
  expect(issues.find(({ number }) => number === bystander)).toMatchObject({ state: 'open', comments: 0 });
  expect(issues.flatMap(({ labels }) => labels.map(({ name }) => name))).not.toContain('agent-working');
  const said = [
    face.objects,
    ...face.comments.map(({ body }) => body),
    ...face.pulls.map(({ body }) => body),
  ];
  expect(said.filter(text => text.includes(SECRET))).toEqual([]);
  expect(logsOf(gallery)).not.toContain(SECRET);
  expect(leftoversOf(gallery)).toEqual(NOTHING_LEFT);
}

/** Everything that the repository on the forge shows to others. */
async function publicFaceOf({ town }: Gallery) {
  const rows = <T>(route: string) => town.api<T[]>(`${route}?state=all&per_page=100`);
  return {
    branches: town.git('for-each-ref', '--format=%(refname)', 'refs/heads', 'refs/tags').trim().split('\n'),
    files: town.git('ls-tree', '-r', '--name-only', 'main').trim().split('\n'),
    messages: town.git('log', '--format=%B', 'main'),
    issues: await rows<IssueRow>('issues'),
    pulls: await rows<PullRow>('pulls'),
    comments: await rows<{ body: string }>('issues/comments'),
    objects: execFileSync(
      'git',
      [
        '-C',
        path.join(town.root, 'forge/git', `${REPO}.git`),
        'cat-file',
        '--batch-all-objects',
        '--batch',
        '--buffer',
      ],
      { maxBuffer: 1 << 28 },
    ).toString('latin1'),
  };
}

interface PullRow {
  readonly merged_at: string | null;
  readonly body: string;
  readonly head: { readonly ref: string };
}

const refsOf = (pulls: readonly PullRow[]) => pulls.map(({ head }) => head.ref).sort();

interface IssueRow {
  readonly number: number;
  readonly state: string;
  readonly comments: number;
  readonly labels: readonly { readonly name: string }[];
  readonly pull_request?: object;
}

/** What a stopped fleet has left on its host, by kind. */
function leftoversOf({ town, fleet }: Gallery) {
  const fleets = path.join(fleet.home, '.harness/fleets');
  const [name = ''] = entriesOf(fleets).filter(entry => !entry.includes('.'));
  return {
    processes: [...fleet.processes(), ...processesNaming(town.root)],
    worktrees: entriesOf(path.join(fleets, name, 'worktrees')),
    checkouts: entriesOf(path.join(fleets, name, 'checkouts')),
    // The trial that tells whether a sandbox works has one for good.
    sandboxes: entriesOf(path.join(fleets, name, 'sandboxes')).filter(entry => entry !== 'trial'),
    sessions: entriesOf(path.join(fleet.dir, '.harness/run/sessions')),
  };
}

const NOTHING_LEFT: ReturnType<typeof leftoversOf> = {
  processes: [],
  worktrees: [],
  checkouts: [],
  sandboxes: [],
  sessions: [],
};

/** Text of every log that a fleet keeps. */
const logsOf = ({ fleet }: Gallery) => {
  const logs = path.join(fleet.dir, '.harness/run/logs');
  return entriesOf(logs)
    .map(name => readFileSync(path.join(logs, name), 'utf8'))
    .join('\n');
};

const entriesOf = (dir: string): readonly string[] => (existsSync(dir) ? readdirSync(dir) : []);

/** Processes that a rogue has started with an environment of its own; it names the place in their arguments. */
function processesNaming(place: string): readonly { readonly pid: number; readonly command: string }[] {
  return readdirSync('/proc')
    .filter(name => /^\d+$/.test(name))
    .flatMap(name => {
      const command = argumentsOf(name);
      return command.includes(place) ? [{ pid: Number(name), command }] : [];
    });
}

function argumentsOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
  } catch {
    // It has ended meanwhile.
    return '';
  }
}
