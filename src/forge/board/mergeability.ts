import type { Parts } from '../parts.ts';
import type { Oid, PullIssue, PullRecord, RepositoryRecord } from '../records.ts';
import { nameOf } from '../records.ts';
import { rollupOf } from './rollup.ts';
import { isBehind, unmetRules } from './rules.ts';

/** Whether a pull request can be merged, and GitHub's word for why not. */
export interface Mergeability {
  /** null: not known yet. */
  readonly mergeable: boolean | null;
  readonly state: 'clean' | 'dirty' | 'blocked' | 'behind' | 'unstable' | 'draft' | 'unknown';
  /** The commit of `refs/pull/<n>/merge`; null when there are conflicts. */
  readonly testMerge: Oid | null;
}

const UNKNOWN: Mergeability = { mergeable: null, state: 'unknown', testMerge: null };

/** Tries the merge of the head with the base's tip; the trial is remembered and kept at `refs/pull/<n>/merge`. */
export async function mergeabilityOf(
  parts: Parts,
  repository: RepositoryRecord,
  { number, pull }: { number: number; pull: PullRecord },
): Promise<Mergeability> {
  const name = nameOf(repository);
  const base = await parts.refs.tip(name, pull.base.ref);
  if (base === null || pull.mergedAt !== null) return UNKNOWN;
  if (!parts.knowsMergeability(`${name} ${number} ${base} ${pull.head.sha}`)) return UNKNOWN;
  const testMerge = await tryMerge(parts, repository, { number, pull, base });
  if (testMerge === null) return { mergeable: false, state: 'dirty', testMerge };
  return { mergeable: true, state: await stateOf(parts, repository, pull), testMerge };
}

/** The last trial merge of an open pull request. */
export async function trialMergeOf({ refs }: Parts, issue: PullIssue): Promise<Oid | null> {
  if (issue.state === 'closed') return null;
  return (await refs.of(issue.repository)).get(`refs/pull/${issue.number}/merge`) ?? null;
}

async function tryMerge(
  { refs, commits, merging }: Parts,
  repository: RepositoryRecord,
  { number, pull, base }: { number: number; pull: PullRecord; base: Oid },
): Promise<Oid | null> {
  const name = nameOf(repository);
  const ref = `refs/pull/${number}/merge`;
  const tree = await merging.mergeTree(name, { base, head: pull.head.sha });
  const known = (await refs.of(name)).get(ref);
  if (tree === null) {
    if (known !== undefined) await refs.move(name, [{ ref, from: undefined, to: null }]);
    return null;
  }
  if (known !== undefined) {
    const { parents } = await commits.read(name, known);
    if (parents[0] === base && parents[1] === pull.head.sha) return known;
  }
  const { committer } = await commits.read(name, pull.head.sha);
  const signature = { ...committer, seconds: Date.parse(committer.date) / 1000 };
  const commit = await merging.commitTree(name, {
    tree,
    parents: [base, pull.head.sha],
    message: `Merge ${pull.head.sha} into ${base}`,
    author: signature,
    committer: signature,
  });
  await refs.move(name, [{ ref, from: undefined, to: commit }]);
  return commit;
}

async function stateOf(
  parts: Parts,
  repository: RepositoryRecord,
  pull: PullRecord,
): Promise<Mergeability['state']> {
  if (pull.draft) return 'draft';
  const strict = repository.protections[pull.base.ref]?.checks?.strict === true;
  if (strict && (await isBehind(parts, repository, pull))) return 'behind';
  if ((await unmetRules(parts, repository, pull)).length > 0) return 'blocked';
  const rollup = rollupOf(parts.store.commit(nameOf(repository), pull.head.sha));
  return rollup === null || rollup === 'success' ? 'clean' : 'unstable';
}
