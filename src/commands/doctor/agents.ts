import {
  type ExaminedAgent,
  enginePath,
  examineAgents,
  type Project,
  type SandboxState,
} from '../../context.ts';
import { HarnessError } from '../../errors.ts';
import type { Invocation } from '../../invocation.ts';
import type { DoctorFinding } from '../../render/doctor.ts';

/** The agent programs that the settings name: version, login, mode, and whether they work when they are started. */
export async function checkAgents(
  project: Project | null,
  io: Invocation,
): Promise<readonly DoctorFinding[]> {
  if (project === null) return [];
  try {
    const { sandbox, agents } = await examineAgents(project, {
      env: io.env,
      programs: { sessionHost: enginePath('dist/session-host.js'), hook: enginePath('dist/hook.js') },
    });
    return [checkSandbox(sandbox, project.settings.HARNESS_SANDBOX), ...agents.flatMap(findingsOf)];
  } catch (error) {
    if (!(error instanceof HarnessError)) throw error;
    const about = error.code === 'tool-missing' ? 'program' : 'project';
    return [{ about, name: 'agent', verdict: 'failed', says: error.message, fix: error.fix }];
  }
}

function checkSandbox(sandbox: SandboxState, setting: 'auto' | 'bwrap' | 'off'): DoctorFinding {
  const finding = { about: 'program', name: 'sandbox' } as const;
  if (sandbox.kind === 'on')
    return { ...finding, verdict: 'ok', says: `bubblewrap ${sandbox.version}`, fix: null };
  return {
    ...finding,
    verdict: setting === 'off' ? 'ok' : 'warning',
    says: `none, ${sandbox.why}: agents can read what you can read`,
    fix: setting === 'off' ? null : 'Install bubblewrap and allow user namespaces.',
  };
}

function findingsOf(examined: ExaminedAgent): readonly DoctorFinding[] {
  const { agent, program, path, version, mode, model, login, trial, problems, remarks } = examined;
  const finding = { about: 'program', name: 'agent' } as const;
  const called = agent === 'command' ? program : agent;
  const facts = [
    `${called}${version === null ? '' : ` ${version}`}`,
    mode,
    ...(model === '' ? [] : [`model ${model}`]),
    ...(login === 'unknown' ? [] : [`login ${login}`]),
    ...(path === null || agent === 'command' || trial !== null ? [] : ['works when started']),
    // Last, since a narrow terminal cuts it off.
    ...(path === null ? [] : [path]),
  ];
  return [
    ...(path === null ? [] : [{ ...finding, verdict: 'ok' as const, says: facts.join(', '), fix: null }]),
    ...problems.map(says => ({ ...finding, verdict: 'failed' as const, says, fix: null })),
    ...(trial === null
      ? []
      : [
          {
            ...finding,
            verdict: 'failed' as const,
            says: `${called} does not work when it is started${mode === 'interactive' ? ' in a terminal' : ''}: ${trial}`,
            fix: 'Start it by hand as docs/agents.md describes, or name another one with HARNESS_AGENT.',
          },
        ]),
    ...remarks.map(says => ({ ...finding, verdict: 'ok' as const, says, fix: null })),
  ];
}
