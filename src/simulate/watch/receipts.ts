import { foldJournal } from '../../core/journal.ts';
import type { Oid, RefUpdate } from '../../ports.ts';
import type { Remote } from '../github/remote.ts';
import { type Scene, subjectOfRef } from './scene.ts';

/**
 * Watches that receipts tell the truth about merges: a merged attempt has landed, and one that could not be
 * verified, because a person moved the base in time, does not pass for a verified one.
 */
export function watchReceipts(
  { fail }: Scene,
  remote: Remote,
  { ref, entries }: Extract<RefUpdate, { kind: 'journal' }>,
  isUnverified: (commit: Oid) => boolean,
): void {
  const subject = subjectOfRef(remote, ref);
  for (const { op, landed, gates, head } of entries.filter(entry => entry.op === 'receipt')) {
    const merged = [...remote.pulls.values()].find(
      pull =>
        pull.mergedBy === 'engine' &&
        pull.headSha === head &&
        // An agent that commits nothing has the base's head, which may be one that was landed as it was.
        (pull.mergeCommit !== head || hasPublished(remote, ref, head)),
    );
    if (merged && !landed)
      fail('honest-receipt', subject, `#${merged.number} is merged, its ${op} says it is not`);
    if (!landed || !isUnverified(landed.commit)) continue;
    const verdict = gates.find(({ gate }) => gate === 'read-back')?.verdict;
    if (verdict === 'pass') fail('honest-read-back', subject, `${landed.commit} was never verified`);
  }
}

/** Whether the attempt that is open has published that head. */
function hasPublished({ journals }: Remote, ref: string, head: Oid): boolean {
  const { landing } = foldJournal(journals.get(ref)?.entries ?? []);
  return landing?.head === head;
}
