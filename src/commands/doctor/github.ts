import { diagnoseGitHub, type GitHubFindings } from '../../context/github.ts';
import type { Project } from '../../context.ts';
import { HarnessError } from '../../errors.ts';
import type { Invocation } from '../../invocation.ts';
import type { DoctorFinding } from '../../render/doctor.ts';

type Remark = Omit<DoctorFinding, 'about'>;

/** Whether GitHub can be reached, and what the token may do there; all of it by reads. */
export async function checkGitHub(
  project: Project | null,
  io: Invocation,
): Promise<readonly DoctorFinding[]> {
  const remarks = await diagnoseGitHub(project, io).then(remarksOn, (error: unknown) => {
    if (!(error instanceof HarnessError)) throw error;
    return [{ name: 'github', verdict: 'failed' as const, says: error.message, fix: error.fix }];
  });
  return remarks.map(remark => ({ about: 'github', ...remark }));
}

function remarksOn(found: GitHubFindings): readonly Remark[] {
  return [
    ok('github', `${found.apiUrl} answers in ${found.latencyMs} ms`),
    clockRemark(found),
    ok('token', `${found.kind} of ${found.login}, from ${found.source}`),
    ...scopeRemarks(found),
    ...limitRemarks(found),
    ...repositoryRemarks(found),
    ...approvalRemarks(found),
    ...found.obstacles.map((obstacle): Remark => ({ name: 'merging', verdict: 'warning', ...obstacle })),
    ...found.abilities.map(abilityRemark),
  ];
}

const ok = (name: string, says: string): Remark => ({ name, verdict: 'ok', says, fix: null });

/** Beyond this people are confused by ages and back-off; leases do not depend on it. */
const SKEW_MS = 30_000;

function clockRemark({ skewMs }: GitHubFindings): Remark {
  if (skewMs === null) return ok('clock', 'GitHub did not tell the time');
  const seconds = Math.round(Math.abs(skewMs) / 1000);
  if (Math.abs(skewMs) < SKEW_MS) return ok('clock', `within ${Math.max(seconds, 1)} s of GitHub's`);
  const says = `${seconds} s ${skewMs > 0 ? 'ahead of' : 'behind'} GitHub's`;
  return { name: 'clock', verdict: 'warning', says, fix: 'Let this host keep time (NTP).' };
}

function scopeRemarks({ scopes, repository }: GitHubFindings): readonly Remark[] {
  if (scopes === null) {
    return [ok('permissions', 'fine-grained: GitHub shows what may be written only when it is tried')];
  }
  const mayWrite =
    scopes.includes('repo') || (repository?.private === false && scopes.includes('public_repo'));
  const lacks: readonly Remark[] = [
    ...(mayWrite
      ? []
      : [
          {
            name: 'scopes',
            verdict: 'failed' as const,
            says: 'without the scope repo nothing can be pushed, labelled, commented or merged',
            fix: 'Run `gh auth refresh --scopes repo`, or make a token with the scope repo.',
          },
        ]),
    ...(scopes.includes('workflow')
      ? []
      : [
          {
            name: 'scopes',
            verdict: 'warning' as const,
            says: 'without the scope workflow no change of .github/workflows can be pushed',
            fix: 'Run `gh auth refresh --scopes workflow`, if agents are to change workflows.',
          },
        ]),
  ];
  return lacks.length === 0 ? [ok('scopes', scopes.join(', '))] : lacks;
}

/** Below a tenth of the hour's points an agent's landing may have to wait. */
const LOW = 0.1;

function limitRemarks({ limits }: GitHubFindings): readonly Remark[] {
  if (limits === null) return [ok('limits', 'this server has none')];
  return limits.map(({ name, limit, remaining, resetAt }) => {
    const says = `${remaining} of ${limit} points left until ${new Date(resetAt).toISOString()}`;
    if (remaining > limit * LOW) return ok(name, says);
    return {
      name,
      verdict: 'warning',
      says,
      fix: 'Find out what else uses this login; points are per user.',
    };
  });
}

function repositoryRemarks({ repo, repository, unfit }: GitHubFindings): readonly Remark[] {
  if (repo === null) return [];
  const fix = 'Mend the repository, or choose another one in .harness/config.';
  const reasons = unfit.map((says): Remark => ({ name: 'repository', verdict: 'failed', says, fix }));
  if (repository === null || reasons.length > 0) return reasons;
  if (repository.full_name.toLowerCase() === repo.toLowerCase()) return [ok('repository', repo)];
  const says = `${repo} is called ${repository.full_name} now`;
  return [{ name: 'repository', verdict: 'failed', says, fix: 'Use the new name in .harness/config.' }];
}

const approvalRemarks = ({ noApprover }: GitHubFindings): readonly Remark[] =>
  noApprover === null ? [] : [{ name: 'approval', verdict: 'warning', ...noApprover }];

/** Without these a fleet works, and sees less. */
const OPTIONAL: readonly string[] = ['see commit statuses', 'see check runs'];

function abilityRemark({ what, verdict, needs }: GitHubFindings['abilities'][number]): Remark {
  if (verdict === 'allowed') return ok('may', what);
  const permission = needs === null ? 'the permission for it' : needs;
  return {
    name: 'may not',
    verdict: verdict === 'refused' && !OPTIONAL.includes(what) ? 'failed' : 'warning',
    says: verdict === 'refused' ? what : `${what} (could not be found out)`,
    fix: verdict === 'refused' ? `Give the token ${permission}.` : 'Run `harness doctor` again.',
  };
}
