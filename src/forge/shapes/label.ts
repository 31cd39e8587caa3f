import type { LabelRecord, RepositoryRecord } from '../records.ts';
import { nameOf } from '../records.ts';
import type { View } from './view.ts';
import { apiOf, nodeId } from './view.ts';

/** GitHub's `label`. */
export function labelShape(view: View, repository: RepositoryRecord, label: LabelRecord) {
  return {
    id: label.id,
    node_id: nodeId('Label', label.id),
    url: `${apiOf(view, nameOf(repository))}/labels/${encodeURIComponent(label.name)}`,
    name: label.name,
    color: label.color,
    default: false,
    description: label.description,
  };
}

/** The labels that an issue carries, in the order in which they were put on. */
export function labelShapes(view: View, repository: RepositoryRecord, ids: readonly number[]) {
  return ids.flatMap(id => {
    const label = repository.labels.find(candidate => candidate.id === id);
    return label === undefined ? [] : [labelShape(view, repository, label)];
  });
}
