import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Beginnings of paths, slowest first; what none of them fits comes last, as vitest would have it. */
const SLOWEST = [
  'acceptance/demo',
  'acceptance/rogues',
  'acceptance/p',
  'acceptance/m',
  'acceptance/',
  'adapters/agents/c',
  'sim/',
  'commands/',
  'install',
  'adapters/github/writes',
  'adapters/github/sweep',
  'adapters/',
  'forge/',
  'core/properties',
];

/**
 * Starts with the files that take longest, so that no worker is left alone with one of them at the end. Vitest would
 * go by the size of a file wherever it has not run before.
 */
export class SlowestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const usual = await super.sort(files);
    return usual.sort((a, b) => groupOf(a) - groupOf(b) || rankOf(a) - rankOf(b));
  }
}

/** Files that share their workers go last, in one row: a worker is shared only between neighbours. */
const groupOf = ({ project }: TestSpecification) => (project.config.isolate ? 0 : 1);

function rankOf({ moduleId }: TestSpecification): number {
  const rank = SLOWEST.findIndex(beginning => moduleId.includes(`/test/${beginning}`));
  return rank === -1 ? SLOWEST.length : rank;
}
