import type { ArchiveUpdate, HostRecordBody, Oid, RefUpdate } from '../../ports.ts';
import type { Process } from '../machines/process.ts';
import { hashOf } from '../random.ts';
import type { Universe } from '../universe.ts';
import { isoOf } from './history.ts';
import { followBranch, mergeByPush } from './pulls.ts';
import { BASE, type Remote } from './remote.ts';

/** An update whose commits are made: sending it twice sends the same commits. */
export interface BuiltUpdate {
  readonly update: RefUpdate;
  /** What the ref is to point to; null deletes it. */
  readonly target: Oid | null;
}

/** Makes the commits of an update. Like git's, their names depend on their content and parents alone. */
export function build(update: RefUpdate, nonce: () => string): BuiltUpdate {
  switch (update.kind) {
    case 'branch':
      return { update, target: update.target };
    case 'host':
      return { update, target: update.body && nameOfCommit(null, update.body, nonce()) };
    case 'journal': {
      const target = update.entries.reduce<Oid | null>(
        (parent, entry) => nameOfCommit(parent, entry, nonce()),
        update.restarts ? null : update.expected,
      );
      return { update, target };
    }
    case 'archive':
      return { update, target: nameOfCommit(null, update.journals, nonce()) };
    default:
      return update satisfies never;
  }
}

function nameOfCommit(parent: Oid | null, record: object, nonce: string): Oid {
  const text = `${parent} ${JSON.stringify(record)} ${nonce}`;
  return `j${hashOf(text).toString(16)}${hashOf(`${nonce} ${text.length} ${text}`).toString(16)}`;
}

/** The refs that are not as an update expects; one that is already at its target counts as it does for git. */
export function staleRefs(remote: Remote, updates: readonly BuiltUpdate[]): readonly string[] {
  return updates.flatMap(({ update, target }) => {
    if (update.kind === 'archive') {
      return update.journals.filter(({ ref, tip }) => tipOf(remote, ref) !== tip).map(({ ref }) => ref);
    }
    const tip = tipOf(remote, update.ref);
    return tip === expectedBy(remote, update) || (tip !== null && tip === target) ? [] : [update.ref];
  });
}

/** What a ref must be for an update; a journal that is in the archive has none. */
export function expectedBy(remote: Remote, update: Exclude<RefUpdate, ArchiveUpdate>): Oid | null {
  return remote.archive.get(update.ref)?.tip === update.expected ? null : update.expected;
}

/** Moves all refs of a push, or none. Returns false when any was not as expected. */
export function receive(
  universe: Universe,
  remote: Remote,
  push: { readonly process: Process; readonly updates: readonly BuiltUpdate[] },
): boolean {
  if (staleRefs(remote, push.updates).length > 0) return false;
  for (const built of push.updates) {
    if (tipOf(remote, built.update.ref) !== built.target) move(universe, remote, push.process, built);
  }
  const archived = [...remote.archive.values()].filter(({ ref }) => !remote.journals.has(ref));
  const view = { journals: [...remote.journals.values(), ...archived], hosts: [...remote.records.values()] };
  remote.views.push({ at: universe.scheduler.now(), view });
  return true;
}

/** Where a ref points; null when it is not there. */
export function tipOf({ journals, records, branches }: Remote, ref: string): Oid | null {
  return journals.get(ref)?.tip ?? records.get(ref)?.tip ?? branches.get(ref) ?? null;
}

function move(universe: Universe, remote: Remote, process: Process, { update, target }: BuiltUpdate): void {
  const { ref } = update;
  switch (update.kind) {
    case 'branch':
      universe.watch.movesBranch(remote, {
        process,
        ref,
        from: remote.branches.get(ref) ?? null,
        to: target,
      });
      if (target === null) remote.branches.delete(ref);
      else remote.branches.set(ref, target);
      if (ref === BASE && target !== null) mergeByPush(universe, remote, target);
      else followBranch(universe, remote, ref);
      return;
    case 'host':
      moveRecord(universe, remote, { ref, tip: target, body: update.body });
      return;
    case 'journal': {
      const before = remote.journals.get(ref) ?? remote.archive.get(ref) ?? null;
      const entries = [...(update.restarts ? [] : (before?.entries ?? [])), ...update.entries];
      const journal = { ref, tip: target as Oid, entries, problem: null };
      universe.watch.appends(remote, { process, before, update });
      remote.journals.set(ref, journal);
      const earlier = update.expected === null ? {} : remote.attachments.get(update.expected);
      remote.attachments.set(journal.tip, { ...earlier, ...update.attachments });
      return;
    }
    case 'archive':
      for (const journal of update.journals) {
        remote.journals.delete(journal.ref);
        remote.archive.set(journal.ref, { ...journal, isArchived: true });
      }
      return;
    default:
      update satisfies never;
  }
}

function moveRecord(
  universe: Universe,
  remote: Remote,
  {
    ref,
    tip,
    body,
  }: { readonly ref: string; readonly tip: Oid | null; readonly body: HostRecordBody | null },
): void {
  if (tip === null || body === null) return void remote.records.delete(ref);
  remote.records.set(ref, { ref, tip, at: isoOf(universe.scheduler.now()), body });
  universe.watch.beats(remote, body);
}
