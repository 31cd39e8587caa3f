import type { Oid, RefUpdate } from '../../ports.ts';
import type { Remote } from '../github/remote.ts';
import { type Scene, subjectOfRef } from './scene.ts';

/** A merge that could not be verified because a person moved the base in time must be told in its receipt. */
export function watchReadBack(
  { fail }: Scene,
  remote: Remote,
  { ref, entries }: Extract<RefUpdate, { kind: 'journal' }>,
  isUnverified: (commit: Oid) => boolean,
): void {
  for (const { landed, gates } of entries) {
    if (!landed || !isUnverified(landed.commit)) continue;
    const verdict = gates.find(({ gate }) => gate === 'read-back')?.verdict;
    if (verdict !== 'pass') continue;
    fail(
      'honest-read-back',
      subjectOfRef(remote, ref),
      `${landed.commit} was not verified, its receipt says so`,
    );
  }
}
