import type { Oid } from '../../ports.ts';
import { issueOfBranch, type Remote } from '../github/remote.ts';
import { isSound } from '../project.ts';
import { subjectOf } from '../universe.ts';
import type { Scene } from './scene.ts';
import type { Watch } from './watch.ts';

/** Watches what reaches the base: only what was verified, and an issue's work once. */
export function watchMerges(scene: Scene): Pick<Watch, 'merged' | 'basePushed' | 'verified' | 'reopens'> & {
  readonly isUnverified: (commit: Oid) => boolean;
} {
  const verified = new Set<Oid>();
  const unverified = new Set<Oid>();
  const merges = new Map<string, number>();
  const personsPush = new Map<string, number>();
  const keyOf = ({ repo }: Remote, issue: number | null) => `${repo}#${issue}`;

  return {
    verified: ({ oid }) => void verified.add(oid),
    basePushed: ({ repo }) => void personsPush.set(repo, scene.universe().scheduler.now()),
    reopens: (remote, issue, by) => {
      if (by === 'engine')
        scene.fail('never-reopens', subjectOf(remote.repo, issue), 'the engine reopened it');
      merges.delete(keyOf(remote, issue));
    },
    merged: (remote, { pull, base, commit }) => {
      const issue = issueOfBranch(pull.head);
      const subject = subjectOf(remote.repo, issue);
      const earlier = merges.get(keyOf(remote, issue)) ?? 0;
      merges.set(keyOf(remote, issue), earlier + 1);
      if (pull.mergedBy !== 'engine')
        return void personsPush.set(remote.repo, scene.universe().scheduler.now());
      if (earlier > 0)
        scene.fail('one-merge', subject, `#${pull.number} is merge ${earlier + 1} of one issue`);
      if (verified.has(commit.tree.oid)) return;
      unverified.add(commit.oid);
      const isBroken = isSound(commit.tree.files) ? 'sound' : 'broken';
      const sinceMs =
        scene.universe().scheduler.now() - (personsPush.get(remote.repo) ?? Number.NEGATIVE_INFINITY);
      if (sinceMs < PERSON_MS) return;
      scene.fail(
        'verified-merge',
        subject,
        `${commit.oid} (${pull.headSha} onto ${base}) has the tree ${commit.tree.oid}, which was never verified (${isBroken})`,
      );
    },
    isUnverified: commit => unverified.has(commit),
  };
}

// The base can move under a landing by a person's hand: between its last look and the merge.
const PERSON_MS = 60_000;
