import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'vitest';
import { REPO } from '../fleet.ts';
import { type Gallery, SECRET } from './gallery.ts';
import { FILES } from './project.ts';

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
    checkouts: entriesOf(path.join(fleets, name, 'checkouts', REPO)),
    // The trial that tells whether a sandbox works has one for good.
    scratch: entriesOf(path.join(fleets, name, 'scratch')).filter(entry => entry !== 'trial'),
    sessions: entriesOf(path.join(fleet.dir, '.harness/run/sessions')),
  };
}

const NOTHING_LEFT: ReturnType<typeof leftoversOf> = {
  processes: [],
  worktrees: [],
  checkouts: [],
  scratch: [],
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
