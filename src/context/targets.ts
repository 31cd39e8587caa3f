import { readFileSync } from 'node:fs';
import { unlessMissing } from '../adapters/missing.ts';
import type { PolicyRecord } from '../adapters/policy-file.ts';
import { parseTargets } from '../config/targets.ts';
import type { ProjectPaths } from '../config.ts';
import type { Settings } from '../core/settings.ts';
import type { Target } from '../core/world.ts';
import { HarnessError } from '../errors.ts';

/**
 * The units of a `multi` fleet: as they are committed beside the policy, else as the project directory has them.
 * None for a single repository. Throws `config-invalid`.
 */
export function targetsOf(
  { HARNESS_TOPOLOGY: topology }: Pick<Settings, 'HARNESS_TOPOLOGY'>,
  { targetsFile }: Pick<ProjectPaths, 'targetsFile'>,
  policy: PolicyRecord | null,
): readonly Target[] {
  if (topology === 'single') return [];
  if (policy?.targets) return parseTargets(policy.targets, policy.where.replace(/config$/, 'targets.tsv'));
  const text = unlessMissing(() => readFileSync(targetsFile, 'utf8')) ?? '';
  const targets = parseTargets(text, targetsFile);
  if (targets.length > 0) return targets;
  throw new HarnessError('config-invalid', `${targetsFile}: no repositories are listed.`, {
    fix: 'Write a line for each, with tabs between: an id, owner/name, the ids that it needs, a description.',
  });
}
