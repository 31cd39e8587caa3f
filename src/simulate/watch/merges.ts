import { foldJournal } from '../../core/journal.ts';
import { bodyHashOf } from '../../leases/digest.ts';
import { issueRef } from '../../leases/lease.ts';
import type { Oid } from '../../ports.ts';
import { latest, stateAt } from '../github/history.ts';
import { BASE, issueOfBranch, type Remote } from '../github/remote.ts';
import { isSound } from '../project.ts';
import { subjectOf } from '../universe.ts';
import { isInjecting, type Scene } from './scene.ts';
import type { Watch } from './watch.ts';

/** Watches what reaches the base: only what was verified, and an issue's work once. */
export function watchMerges(scene: Scene): Pick<
  Watch,
  'merged' | 'basePushed' | 'verified' | 'closes' | 'reopens'
> & {
  readonly isUnverified: (commit: Oid) => boolean;
} {
  const verified = new Set<Oid>();
  // The tree of each: an engine that has not heard of its merge may verify that afterwards.
  const unverified = new Map<Oid, Oid>();
  const merges = new Map<string, number>();
  const personsPush = new Map<string, number>();
  /** The base contains what the attempt that is open has landed; its pull request may have been closed meanwhile. */
  const isPushed = ({ journals, branches }: Remote, issue: number) => {
    const commit = foldJournal(journals.get(issueRef(issue))?.entries ?? []).landing?.landed?.commit;
    const tip = branches.get(BASE);
    return commit !== undefined && tip !== undefined && scene.universe().objects.isAncestor(commit, tip);
  };
  const keyOf = ({ repo }: Remote, issue: number | null) => `${repo}#${issue}`;

  return {
    verified: ({ oid }) => void verified.add(oid),
    basePushed: ({ repo }) => void personsPush.set(repo, scene.universe().scheduler.now()),
    closes: (remote, issue) => {
      if (isMerged(remote, issue) || isPushed(remote, issue)) return;
      scene.fail(
        'closes-landed',
        subjectOf(remote.repo, issue),
        'the engine closed it, and nothing was merged',
      );
    },
    reopens: (remote, issue, by) => {
      if (by === 'engine' && !isInjecting(remote))
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
      const change = changeBefore(scene, remote, issue);
      if (change) scene.fail('wanted-merge', subject, change);
      if (issue !== null && earlier > 0)
        scene.fail('one-merge', subject, `#${pull.number} is merge ${earlier + 1} of one issue`);
      if (verified.has(commit.tree.oid)) return;
      unverified.set(commit.oid, commit.tree.oid);
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
    isUnverified: commit => unverified.has(commit) && !verified.has(unverified.get(commit) ?? ''),
  };
}

/** What changed so long before a merge that it should not have happened; null when nothing did. */
function changeBefore({ universe }: Scene, remote: Remote, number: number | null): string | null {
  const history = number === null ? undefined : remote.issues.get(number);
  const since = universe().scheduler.now() - LAST_LOOK_MS;
  const before = history && stateAt(history, since)?.issue;
  if (!before || !history || number === null) return null;
  const { open } = foldJournal(remote.journals.get(issueRef(number))?.entries ?? []);
  const { issue: now } = latest(history);
  const recent = history.states.filter(({ at }) => at > since).map(({ issue }) => issue);
  if ([before, ...recent].every(({ state }) => state === 'closed')) return 'it was closed';
  const hasRested = bodyHashOf(before) === bodyHashOf(now);
  return hasRested && open && open.bodyHash !== bodyHashOf(now) ? 'its text was changed' : null;
}

// From the last look at the issue to the merge: a verification may lie between, and a merge that is repeated.
const LAST_LOOK_MS = 45_000;

// The base can move under a landing by a person's hand: between its last look and the merge.
const PERSON_MS = 60_000;

/** What the attempt that is open has published was merged. */
function isMerged({ journals, pulls }: Remote, number: number): boolean {
  const entries = journals.get(issueRef(number))?.entries ?? [];
  const claim = entries.findLastIndex(({ op }) => op === 'claim');
  const heads = entries.slice(claim + 1).flatMap(({ op, head }) => (op === 'landing' ? [head] : []));
  return [...pulls.values()].some(
    ({ mergeCommit, headSha }) => mergeCommit !== null && heads.includes(headSha),
  );
}
