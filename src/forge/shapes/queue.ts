import type { QueueRecord, RepositoryRecord } from '../records.ts';
import { nameOf } from '../records.ts';

/** How the forge's queues work: each pull request is built on the one before, and merged by itself. */
export const QUEUE_SETTINGS = {
  checkResponseTimeout: 60,
  maximumEntriesToBuild: 5,
  maximumEntriesToMerge: 1,
  minimumEntriesToMerge: 1,
  minimumEntriesToMergeWaitTime: 0,
  mergingStrategy: 'ALLGREEN',
} as const;

/** GitHub's `repository-rule-detailed` of a merge queue. */
export function queueRuleShape(repository: RepositoryRecord, { id, method }: QueueRecord) {
  return {
    type: 'merge_queue',
    ruleset_source_type: 'Repository',
    ruleset_source: nameOf(repository),
    ruleset_id: id,
    parameters: {
      check_response_timeout_minutes: QUEUE_SETTINGS.checkResponseTimeout,
      grouping_strategy: QUEUE_SETTINGS.mergingStrategy,
      max_entries_to_build: QUEUE_SETTINGS.maximumEntriesToBuild,
      max_entries_to_merge: QUEUE_SETTINGS.maximumEntriesToMerge,
      merge_method: method.toUpperCase(),
      min_entries_to_merge: QUEUE_SETTINGS.minimumEntriesToMerge,
      min_entries_to_merge_wait_minutes: QUEUE_SETTINGS.minimumEntriesToMergeWaitTime,
    },
  };
}
