import { parseHostRecord } from '../../contracts.ts';
import type { HostRecord, Journal, Oid, Refs, RefsView } from '../../ports.ts';
import { processTable } from '../processes.ts';
import { ARCHIVE_REF, type Archive, NO_ARCHIVE, readArchive } from './archive.ts';
import type { Places } from './choose-place.ts';
import { LOCAL_REFS, openClone } from './clone.ts';
import { fetchRefs } from './fetch.ts';
import { readJournal } from './journals.ts';
import { FOLDERS, kindOfRef, MARKER, nameAt, type Place } from './ref-names.ts';
import { type Git, READ_LIMIT_MS } from './run-git.ts';

const MIRRORS = `${LOCAL_REFS}/seen`;

interface MirroredRef extends Omit<SeenRef, 'ref'> {
  /** As the remote calls it. */
  readonly name: string;
}

interface SeenRef {
  readonly ref: string;
  readonly tip: Oid;
  /** Seconds since the epoch, as the commit says. */
  readonly committed: number;
  /** First line of the commit's message. */
  readonly subject: string;
}

/** Reads refs, and keeps in mind what is in the archive. */
export interface Reader {
  readonly read: Refs['read'];
  /** The archive as it was read last. */
  readonly archiveOf: (repo: string) => Archive;
}

/**
 * Makes what reads a repository's refs, by mirroring them into the bare clone. Each reader has a namespace of
 * its own there, named after this process, so that processes that read at once don't fail each other.
 */
export function createReader(git: Git, places: Places): Reader {
  const namespace = `${MIRRORS}/${process.pid}-${git.options.nonce()}`;
  const known = new Map<string, ReadonlyMap<string, Journal>>();
  const archives = new Map<string, Archive>();
  const archiveOf = (repo: string) => archives.get(repo) ?? NO_ARCHIVE;
  const reading = new Map<string, Promise<unknown>>();

  const read = async (repo: string): Promise<RefsView> => {
    const gitDir = await openClone(git, repo);
    await fetchRefs(git, { repo, gitDir, refspecs: refspecsInto(namespace), limitMs: READ_LIMIT_MS });
    const mirrored = await listMirrored(git, gitDir, namespace);
    const place: Place = mirrored.some(({ name }) => name === MARKER) ? 'branches' : 'refs';
    const refs = seenAt(place, mirrored);
    places.note(repo, { place, isFresh: place === 'refs' && refs.length === 0 });
    const before = known.get(repo);
    const journals: Journal[] = [];
    for (const { ref, tip } of refs.filter(({ ref }) => kindOfRef(ref) === 'journal')) {
      const seen = before?.get(ref);
      journals.push(seen?.tip === tip ? seen : await readJournal(git, gitDir, { ref, tip }));
    }
    const tip = refs.find(({ ref }) => ref === ARCHIVE_REF)?.tip;
    archives.set(repo, tip ? await readArchive(git, gitDir, tip, archiveOf(repo)) : NO_ARCHIVE);
    const live = new Set(journals.map(({ ref }) => ref));
    const archived = [...archiveOf(repo).journals.values()].filter(({ ref }) => !live.has(ref));
    // What could not be read is looked at again: the failure may have been this host's.
    const readable = journals.filter(({ problem }) => problem === null);
    known.set(repo, new Map(readable.map(journal => [journal.ref, journal])));
    // Only now, so that the first fetch of a new process could still build on what the dead ones had.
    if (!before) await dropMirrorsOfTheDead(git, gitDir);
    const view = viewOf(git, [...journals, ...archived], refs);
    return place === 'branches' ? { ...view, onBranches: true } : view;
  };

  // Two reads at once would share the namespace: the later one waits.
  const inTurn = async (repo: string) => {
    const before = reading.get(repo) ?? Promise.resolve();
    const view = before.catch(() => undefined).then(() => read(repo));
    reading.set(repo, view);
    return view;
  };
  return { read: inTurn, archiveOf };
}

/** Both places at once, so that what is read shows by itself where this repository has them. */
const refspecsInto = (namespace: string): readonly string[] =>
  [
    ...FOLDERS.map(folder => `refs/harness/${folder}/*`),
    // Patterns: that there is none is no failure then.
    `${ARCHIVE_REF}*`,
  ]
    .flatMap(pattern => [pattern, nameAt('branches', pattern)])
    .concat(`${MARKER}*`)
    .map(pattern => `+${pattern}:${pattern.replace(/^refs/, namespace)}`);

/** Those of our refs that are at `place`, by the names that all others know them by. */
function seenAt(place: Place, mirrored: readonly MirroredRef[]): readonly SeenRef[] {
  const prefix = nameAt(place, 'refs/harness/');
  return mirrored.flatMap(({ name, ...seen }) =>
    name.startsWith(prefix) ? [{ ...seen, ref: `refs/harness/${name.slice(prefix.length)}` }] : [],
  );
}

async function listMirrored(git: Git, gitDir: string, namespace: string): Promise<readonly MirroredRef[]> {
  const format = '%(objectname) %(refname) %(committerdate:unix)%09%(contents:subject)';
  const listed = await git.read({ gitDir, args: ['for-each-ref', `--format=${format}`, namespace] });
  return listed
    .split('\n')
    .filter(text => text !== '')
    .map(text => {
      const [left = '', subject = ''] = cut(text, '\t');
      const [tip = '', mirror = '', seconds = ''] = left.split(' ');
      const name = `refs${mirror.slice(namespace.length)}`;
      return { tip, name, committed: Number(seconds), subject };
    });
}

function cut(text: string, separator: string): readonly [string, string] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + separator.length)];
}

// Without its holder's record a lease would look abandoned, so it is held rather than taken over.
function viewOf(git: Git, journals: readonly Journal[], refs: readonly SeenRef[]): RefsView {
  const hosts: HostRecord[] = [];
  const unread = new Set<string>();
  for (const { ref, tip, committed, subject } of refs.filter(({ ref }) => kindOfRef(ref) === 'host')) {
    const parsed = parseHostRecord(subject);
    if (parsed.kind === 'valid') {
      hosts.push({ ref, tip, at: new Date(committed * 1000).toISOString(), body: parsed.value });
    } else unread.add(ref);
  }
  if (unread.size === 0) return { journals, hosts };
  git.options.log.warn('host records could not be read', { refs: [...unread] });
  return { hosts, journals: journals.map(journal => holdIfHeldBy(unread, journal)) };
}

function holdIfHeldBy(unread: ReadonlySet<string>, journal: Journal): Journal {
  const last = journal.entries.at(-1);
  const record = `refs/harness/hosts/${last?.fleet}-${last?.boot}`;
  if (journal.problem !== null || !unread.has(record)) return journal;
  return { ...journal, problem: `${record} could not be read` };
}

async function dropMirrorsOfTheDead(git: Git, gitDir: string): Promise<void> {
  const listed = await git.line({ gitDir, args: ['for-each-ref', '--format=%(refname)', MIRRORS] });
  const refs = listed.split('\n').filter(ref => ref !== '');
  const dead = new Set([...new Set(refs.map(pidOf))].filter(pid => !processTable.read(pid)));
  if (dead.size === 0) return;
  const deletions = refs.filter(ref => dead.has(pidOf(ref))).map(ref => `delete ${ref}\n`);
  const run = await git.attempt({ gitDir, args: ['update-ref', '--stdin'], input: deletions.join('') });
  if (run.exit !== 0) git.options.log.debug('could not drop old mirrors', { reason: run.stderr.trim() });
}

const pidOf = (ref: string) => Number.parseInt(ref.slice(MIRRORS.length + 1), 10);
