import { foldJournal } from '../../core/journal.ts';
import { issueRef } from '../../leases/lease.ts';
import type { Oid } from '../../ports.ts';
import { stateAt } from '../github/history.ts';
import { BASE, issueOf, issueOfBranch, type Remote } from '../github/remote.ts';
import type { Process } from '../machines/process.ts';
import { LAG_MS, LONGEST_MS } from '../network.ts';
import { remoteOf, subjectOf } from '../universe.ts';
import { isInjecting, type Scene } from './scene.ts';
import type { Watch } from './watch.ts';

/** GitHub's API replaces all labels at once: what a person changes between a look and the write is lost. */
const GLANCE_MS = LAG_MS + LONGEST_MS;

/** Watches what the engine shows to people: written by the holder of the lease, once, and nobody else's work lost. */
export function watchWrites(scene: Scene): Pick<Watch, 'sends' | 'comments' | 'labels' | 'movesBranch'> {
  return {
    sends: ({ machine }, { repo, issue, name, begunAt }) => {
      // Stopped between two requests of one call: the engine is not asked in between, so it can't tell.
      if (machine.thawedAt > begunAt) return;
      const remote = remoteOf(scene.universe(), repo);
      const ref = issueRef(issue);
      const entries = remote.journals.get(ref)?.entries ?? [];
      const { holder } = foldJournal(entries);
      if (holder?.fleet === machine.fleet) return;
      // Its own release may have arrived after it had given up waiting for the answer.
      const isRelease = holder === null && entries.at(-1)?.fleet === machine.fleet;
      if (isRelease && scene.signs.quietMs(remote, ref, machine.fleet) < LONGEST_MS) return;
      // A label that is left over is put right by whoever sees it; somebody may take the lease that very moment.
      const isNew = holder === null || scene.signs.heldMs(remote, ref) < GLANCE_MS;
      if (isNew && name.startsWith('labels')) return;
      if (name.startsWith('state open') && isInjecting(remote)) return;
      const who = holder?.fleet ?? 'nobody';
      scene.fail(
        'writes-under-lease',
        subjectOf(repo, issue),
        `${machine.name} sends ${name}, but ${who} holds the lease`,
      );
    },
    comments: ({ machine }, { repo, issue, begunAt }, key) => {
      const { comments } = remoteOf(scene.universe(), repo);
      if (machine.thawedAt > begunAt) return;
      if (!comments.get(issue)?.some(({ author }) => author === 'engine')) return;
      scene.fail('one-comment', subjectOf(repo, issue), `a second comment, ${key}`);
    },
    labels: ({ machine }, { repo, issues }, { issue, from, to }) => {
      const glancedAt = scene.universe().scheduler.now() - GLANCE_MS;
      if (machine.thawedAt > glancedAt) return;
      const history = issues.get(issue);
      const before = (history && stateAt(history, glancedAt)?.issue.labels) ?? [];
      // A label that somebody set and somebody took away since then may be in what it had read.
      const seen =
        history?.states.filter(({ at }) => at > glancedAt).flatMap(({ issue }) => issue.labels) ?? [];
      const isPersons = (label: string) =>
        !label.startsWith('agent-') && label !== 'reviewed' && label !== 'bug-triaged';
      const lost = from.filter(label => isPersons(label) && before.includes(label) && !to.includes(label));
      const made = to.filter(label => isPersons(label) && ![...before, ...seen].includes(label));
      if (lost.length + made.length === 0) return;
      const what = [...lost.map(label => `-${label}`), ...made.map(label => `+${label}`)].join(' ');
      scene.fail('keeps-labels', subjectOf(repo, issue), `the engine changed labels of a person: ${what}`);
    },
    movesBranch: (remote, { process, ref, from, to }) => {
      const { objects } = scene.universe();
      const issue = issueOfBranch(ref) ?? issueOf(ref, 'wip');
      const subject = subjectOf(remote.repo, issue);
      if (ref.startsWith('refs/heads/issue/unit-')) return;
      if (ref === BASE && isLanding(remote, process, to)) return;
      if (ref === BASE || issue === null) return scene.fail('fenced-branch', null, `the engine moves ${ref}`);
      const last = remote.journals.get(issueRef(issue))?.entries.at(-1);
      if (last?.fleet !== process.machine.fleet) {
        scene.fail(
          'fenced-branch',
          subject,
          `${process.machine.name} moves ${ref} under a lease of ${last?.fleet}`,
        );
      }
      if (from !== null && to === null && issueOf(ref, 'wip') !== null) {
        const landed = remote.journals
          .get(issueRef(issue))
          ?.entries.findLast(({ op }) => op === 'receipt')?.landed;
        if (!landed) scene.fail('keeps-work', subject, `${ref} is deleted, and nothing has landed`);
      }
      if (from === null || issueOfBranch(ref) === null || !objects.read(from).by.startsWith('person')) return;
      if (to !== null && objects.isAncestor(from, to)) return;
      const merged = [...remote.pulls.values()].filter(({ mergeCommit }) => mergeCommit !== null);
      if (merged.some(({ headSha }) => objects.isAncestor(from, headSha))) return;
      scene.fail(
        'keeps-pushes',
        subject,
        `${from}, which a person pushed to ${ref}, is lost (${to ?? 'deleted'})`,
      );
    },
  };
}

/** The journal of a lease of that fleet says, in the same push, that this landed. */
const isLanding = ({ journals }: Remote, { machine }: Process, commit: Oid | null) =>
  [...journals.values()].some(({ entries }) => {
    const last = entries.at(-1);
    return last?.op === 'landing' && last.fleet === machine.fleet && last.landed?.commit === commit;
  });
