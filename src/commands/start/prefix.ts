import type { Project } from '../../context.ts';
import { HarnessError } from '../../errors.ts';

/**
 * What to warn of when another fleet that runs on this host has this one's session prefix. Throws
 * `prefix-taken` unless HARNESS_PREFIX_COLLISION allows it. This process must have joined the registry before:
 * then of two fleets that start at once at least one sees the other.
 */
export function checkPrefix({ registry, fleet, prefix, settings }: Project): readonly string[] {
  const other = registry.running().find(running => running.fleet !== fleet && running.prefix === prefix);
  if (other === undefined) return [];
  const clash = `The fleet of ${other.projectDir} uses the session prefix ${prefix} too.`;
  if (settings.HARNESS_PREFIX_COLLISION === 'warn') return [clash];
  throw new HarnessError('prefix-taken', clash);
}
