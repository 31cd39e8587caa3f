import { type Project, withReader } from '../../context.ts';
import { HarnessError } from '../../errors.ts';
import type { Invocation } from '../../invocation.ts';
import type { Engine } from '../../loop/engine.ts';
import type { DoctorFinding } from '../../render/doctor.ts';

/**
 * Tries the right that leases need: creates a ref under `refs/harness/` by compare-and-swap, and deletes it
 * again. It is a sign of life that names no lease, so that other fleets take no notice. Where the remote takes branches
 * only, this moves the repository's leases to branches, as the first claim would.
 */
export async function checkPush(project: Project, io: Invocation): Promise<DoctorFinding> {
  const [unit] = project.units();
  const finding = { about: 'github', name: 'push' } as const;
  try {
    const says = await withReader(project, io, engine => probePush(engine, unit?.repo ?? ''));
    return { ...finding, verdict: 'ok', says, fix: null };
  } catch (error) {
    if (!(error instanceof HarnessError)) throw error;
    return { ...finding, verdict: 'failed', says: error.message, fix: error.fix };
  }
}

/** Tries it on one repository. Throws `github-refused`. */
export async function probePush({ refs, host, clock, policyDigest }: Engine, repo: string): Promise<string> {
  const { fleet, host: name, boot } = host.identity;
  const nonce = clock.nonce();
  const ref = `refs/harness/hosts/${fleet}-probe-${nonce.slice(0, 8)}`;
  const body = { v: 1, fleet, host: name, boot, nonce, policyDigest, leases: [] } as const;
  const pushed = await refs.push(repo, [{ kind: 'host', ref, expected: null, body }]);
  if (pushed.kind !== 'done') throw new HarnessError('github-refused', `${ref}: ${pushed.reason}.`);
  const deleted = await refs.push(repo, [
    { kind: 'host', ref, expected: pushed.tips[ref] ?? null, body: null },
  ]);
  if (deleted.kind === 'done') {
    return (await refs.read(repo)).onBranches ? 'branches can be written' : 'refs/harness/ can be written';
  }
  throw new HarnessError('github-refused', `${ref} was created and can't be deleted: ${deleted.reason}.`, {
    fix: `Delete it: git push origin :${ref}`,
  });
}
