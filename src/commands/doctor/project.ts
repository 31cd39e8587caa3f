import type { Project } from '../../context.ts';
import type { DoctorFinding } from '../../render/doctor.ts';

/** Whether the project's settings make sense. */
export function checkProject(project: Project | null): readonly DoctorFinding[] {
  const about = 'project' as const;
  if (project === null) {
    const fix = 'Run `harness init` in the checkout of a repository.';
    return [{ about, name: 'project', verdict: 'warning', says: 'no project here', fix }];
  }
  const { settings, config, paths } = project;
  const verify: DoctorFinding = settings.HARNESS_VERIFY
    ? { about, name: 'verify', verdict: 'ok', says: settings.HARNESS_VERIFY, fix: null }
    : {
        about,
        name: 'verify',
        verdict: 'warning',
        says: 'nothing proves a change before it is merged',
        fix: 'Set HARNESS_VERIFY in .harness/config.',
      };
  return [
    { about, name: 'project', verdict: 'ok', says: paths.projectDir, fix: null },
    ...config.warnings.map(
      (says): DoctorFinding => ({ about, name: 'config', verdict: 'warning', says, fix: null }),
    ),
    verify,
  ];
}
