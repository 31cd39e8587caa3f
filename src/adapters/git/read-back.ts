import { messageOf } from '../../errors.ts';
import type { Oid } from '../../ports.ts';
import { fetchRef } from './fetch.ts';
import { listRefs } from './list-refs.ts';
import type { Move } from './records.ts';
import { kindOfRef, nameAt, type Place } from './ref-names.ts';
import type { Git } from './run-git.ts';

/** An atomic push from the bare clone `gitDir`. */
export interface Push {
  readonly repo: string;
  readonly gitDir: string;
  readonly place: Place;
  readonly moves: readonly Move[];
}

/**
 * What became of a push: it `moved` the refs; nothing has moved (`unmoved`); one was moved by somebody else
 * (`other`); or the remote could not be read.
 */
export type Found = 'moved' | 'unmoved' | 'other' | 'unreadable';

/** Reads back the refs of a push whose answer was lost, or did not say who won. */
export async function readBack(git: Git, push: Push): Promise<Found> {
  try {
    return await compare(git, push);
  } catch (error) {
    git.options.log.warn('could not read back a push', { repo: push.repo, reason: messageOf(error) });
    return 'unreadable';
  }
}

async function compare(git: Git, push: Push): Promise<Found> {
  const tips = await remoteTips(git, push);
  // A record's commit exists once in the world; a branch may have been at its target before.
  const records = push.moves.filter(({ ref, target }) => kindOfRef(ref) !== 'other' && target !== null);
  const telling = records.length > 0 ? records : push.moves;
  const states: Found[] = [];
  for (const move of telling)
    states.push(await stateOf(git, push, move, tips.get(nameAt(push.place, move.ref)) ?? null));
  const isMoved = records.length > 0 ? states.includes('moved') : states.every(state => state === 'moved');
  if (isMoved) return 'moved';
  return states.includes('other') ? 'other' : 'unmoved';
}

async function stateOf(git: Git, push: Push, move: Move, tip: Oid | null): Promise<Found> {
  if (tip === move.target) return 'moved';
  if (tip === move.expected) return 'unmoved';
  if (tip === null || move.target === null) return 'other';
  const fetched = await fetchRef(git, push.repo, nameAt(push.place, move.ref));
  if (fetched === null) return 'other';
  const descends = await git.holds({
    gitDir: push.gitDir,
    args: ['merge-base', '--is-ancestor', move.target, fetched],
  });
  return descends ? 'moved' : 'other';
}

const remoteTips = (git: Git, { repo, gitDir, place, moves }: Push) =>
  listRefs(git, { repo, gitDir, names: moves.map(({ ref }) => nameAt(place, ref)) });
