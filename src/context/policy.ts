import { writePolicy } from '../adapters/policy-file.ts';
import { openEngine, openProject, type Project } from '../context.ts';
import { unitsOf } from '../core/units.ts';
import type { Invocation } from '../invocation.ts';

/**
 * Reads the policy that is committed on the base branch, keeps it for every command on this host, and returns
 * the project under it and where it came from. Throws what git and the configuration throw.
 */
export async function refreshPolicy(
  project: Project,
  io: Invocation,
): Promise<{ readonly project: Project; readonly where: string }> {
  const { fleetDir, projectDir, configFile } = project.paths;
  const repo = policyRepo(project);
  if (repo === null) {
    writePolicy(fleetDir, { text: null, targets: null, where: configFile });
    const where = `${configFile} (HARNESS_REPO names no repository that has it)`;
    return { project: await openProject(io, projectDir), where };
  }
  const engine = await openEngine(withoutUnits(project), io);
  const snapshot = await engine.board.snapshot(repo, { maxAgeMs: POLICY_SNAPSHOT_MS });
  const branch = project.settings.HARNESS_BASE || snapshot.defaultBranch;
  const head = await engine.repos.fetchBranch(repo, branch);
  const [text, targets] = await Promise.all(
    ['.harness/config', '.harness/targets.tsv'].map(path => engine.repos.readFile(repo, head, path)),
  );
  const committed = `${repo}@${branch}:.harness/config`;
  writePolicy(fleetDir, { text: text ?? null, targets: targets ?? null, where: committed });
  const where = text === null ? `${configFile} (none is committed on ${branch})` : committed;
  return { project: await openProject(io, projectDir), where };
}

/** The repository whose policy holds for all units: the only one, or the one that HARNESS_REPO names beside them. */
export function policyRepo({ settings }: Project): string | null {
  if (settings.HARNESS_TOPOLOGY === 'multi' && settings.HARNESS_REPO === '') return null;
  const [unit] = unitsOf({ ...settings, HARNESS_TOPOLOGY: 'single' }, []);
  return unit?.repo ?? null;
}

/** A project before it is known which units it has: they may be named only in what is about to be read. */
export const withoutUnits = (project: Project): Project => ({
  ...project,
  targets: () => [],
  units: () => [],
});

const POLICY_SNAPSHOT_MS = 60_000;
