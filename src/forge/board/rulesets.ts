import { invalidBecause } from '../http/failures.ts';
import type { Fields } from '../http/fields.ts';
import type { Parts } from '../parts.ts';
import type { MergeMethod, QueueRecord, RepositoryRecord } from '../records.ts';

/** A ruleset that asks for a merge queue: the only kind that the forge knows. */
export interface QueueRuleset {
  readonly name: string;
  /** The branches that it is for. */
  readonly branches: readonly string[];
  readonly method: MergeMethod;
}

/** The ruleset of a request body; 422 for every rule but `merge_queue`. */
export function rulesetFrom(fields: Fields, { defaultBranch }: RepositoryRecord): QueueRuleset {
  const body = fields.raw as {
    readonly rules?: readonly { readonly type?: unknown; readonly parameters?: { merge_method?: string } }[];
    readonly conditions?: { readonly ref_name?: { readonly include?: readonly string[] } };
  };
  const [rule, ...others] = body.rules ?? [];
  if (rule?.type !== 'merge_queue' || others.length > 0) {
    throw invalidBecause('Ruleset', 'The forge knows the rule merge_queue alone, one for each ruleset.');
  }
  const method = (rule.parameters?.merge_method ?? 'MERGE').toLowerCase() as MergeMethod;
  const refs = body.conditions?.ref_name?.include ?? [];
  const branches = refs.map(ref =>
    ref === '~DEFAULT_BRANCH' ? defaultBranch : ref.replace('refs/heads/', ''),
  );
  return { name: fields.requiredText('name'), branches, method };
}

/** Gives the branches a queue each, and returns the ruleset's id. */
export function addRuleset(
  { store }: Parts,
  repository: RepositoryRecord,
  { branches, method }: QueueRuleset,
): number {
  const id = store.nextId();
  const queue: QueueRecord = { id, method, entries: [] };
  const added = Object.fromEntries(branches.map(branch => [branch, queue]));
  store.putRepository({ ...repository, queues: { ...repository.queues, ...added } });
  return id;
}

/** Takes the queues of a ruleset away; false: there is no such ruleset. */
export function removeRuleset({ store }: Parts, repository: RepositoryRecord, id: number): boolean {
  const all = Object.entries(repository.queues ?? {});
  const left = all.filter(([, queue]) => queue.id !== id);
  if (left.length === all.length) return false;
  store.putRepository({ ...repository, queues: Object.fromEntries(left) });
  return true;
}
