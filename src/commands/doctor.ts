import { openProject, type Project } from '../context.ts';
import { EXIT, HarnessError } from '../errors.ts';
import type { Invocation } from '../invocation.ts';
import { type DoctorFinding, renderDoctor } from '../render/doctor.ts';
import { checkAgents } from './doctor/agents.ts';
import { checkGitHub } from './doctor/github.ts';
import { checkLeases } from './doctor/leases.ts';
import { checkPrograms } from './doctor/programs.ts';
import { checkProject } from './doctor/project.ts';
import { checkPush } from './doctor/push.ts';
import { checkWorkflows } from './doctor/workflows.ts';

export interface DoctorOptions {
  readonly dir?: string | undefined;
  /** Also try the right to push to `refs/harness/`. */
  readonly probe?: boolean | undefined;
  readonly json?: boolean | undefined;
}

/** Looks for what would keep a fleet from working, here or in the project's repository. Exit 0 when nothing does. */
export async function doctorCommand({ dir, probe, json }: DoctorOptions, io: Invocation): Promise<number> {
  const project = probe ? await openProject(io, dir) : await openIfThere(io, dir);
  const findings = [
    ...(await checkPrograms(io)),
    ...checkProject(project),
    ...(await checkAgents(project, io)),
    ...(await checkGitHub(project, io)),
    ...(await checkWorkflows(project, io)),
    ...(probe && project !== null ? [await checkPush(project, io)] : []),
    ...(await checkLeases(project, io)),
  ];
  io.out(
    json
      ? `${JSON.stringify(findings, null, 2)}\n`
      : renderDoctor(findings, { width: io.columns, color: io.useColor }),
  );
  return exitFor(findings);
}

async function openIfThere(io: Invocation, dir: string | undefined): Promise<Project | null> {
  try {
    return await openProject(io, dir);
  } catch (error) {
    if (error instanceof HarnessError && error.code === 'not-initialised') return null;
    throw error;
  }
}

const EXITS = { program: EXIT.missing, project: EXIT.usage, github: EXIT.github } as const;

function exitFor(findings: readonly DoctorFinding[]): number {
  const failed = findings.find(({ verdict }) => verdict === 'failed');
  return failed === undefined ? EXIT.ok : EXITS[failed.about];
}
