import { agentProgram, type Project } from '../../context.ts';
import { HarnessError } from '../../errors.ts';
import type { DoctorFinding } from '../../render/doctor.ts';

/** Whether the project's settings make sense on this host. `find` says where a program is. */
export function checkProject(
  project: Project | null,
  find: (program: string) => string | null,
): readonly DoctorFinding[] {
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
    checkAgent(project, find),
    verify,
  ];
}

function checkAgent({ settings }: Project, find: (program: string) => string | null): DoctorFinding {
  const name = 'agent';
  try {
    const program = agentProgram(settings);
    const path = find(program);
    if (path !== null) return { about: 'program', name, verdict: 'ok', says: path, fix: null };
    const says = `${program} is not installed, or not in PATH`;
    return { about: 'program', name, verdict: 'failed', says, fix: 'Install it, or name another agent.' };
  } catch (error) {
    if (!(error instanceof HarnessError)) throw error;
    return { about: 'project', name, verdict: 'failed', says: error.message, fix: error.fix };
  }
}
