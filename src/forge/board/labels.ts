import { stamp } from '../clock.ts';
import type { Parts } from '../parts.ts';
import type { IssueRecord, LabelRecord, RepositoryName, RepositoryRecord } from '../records.ts';
import { nameOf } from '../records.ts';
import { amendIssue } from './issues.ts';

/** The label of that name; names are compared without case, as GitHub does. */
export function labelNamed(repository: RepositoryRecord, name: string): LabelRecord | undefined {
  const wanted = name.toLowerCase();
  return repository.labels.find(label => label.name.toLowerCase() === wanted);
}

/** Ids of labels by name; those that the repository lacks are made, grey as on GitHub. */
export function labelIds(
  { store, clock }: Parts,
  repository: RepositoryName,
  names: readonly string[],
): readonly number[] {
  const ids = names.map(name => {
    const owner = store.repository(repository);
    if (owner === undefined) throw new Error(`no repository ${repository}`);
    const known = labelNamed(owner, name);
    if (known !== undefined) return known.id;
    const label: LabelRecord = { id: store.nextId(), name, color: 'ededed', description: null };
    store.putRepository({
      ...owner,
      labels: [...owner.labels, label],
      updatedAt: stamp(clock, owner.updatedAt),
    });
    return label.id;
  });
  return [...new Set(ids)];
}

/** Makes these the labels of an issue; GitHub moves `updated_at` only when they are others than before. */
export function putLabels(parts: Parts, issue: IssueRecord, labels: readonly number[]): void {
  const same = labels.length === issue.labels.length && labels.every(id => issue.labels.includes(id));
  if (!same) amendIssue(parts, issue, { labels });
}

/** Removes a label from the repository and from every issue that carries it. */
export function removeLabel({ store, clock }: Parts, repository: RepositoryRecord, label: LabelRecord): void {
  for (const issue of store.issues(nameOf(repository))) {
    if (!issue.labels.includes(label.id)) continue;
    const labels = issue.labels.filter(id => id !== label.id);
    store.putIssue({ ...issue, labels, updatedAt: stamp(clock, issue.updatedAt) });
  }
  const labels = repository.labels.filter(({ id }) => id !== label.id);
  store.putRepository({ ...repository, labels });
}
