import { type Project, withReader } from '../../context.ts';
import { readWorkflow } from '../../core/workflow/workflow.ts';
import { HarnessError } from '../../errors.ts';
import type { Invocation } from '../../invocation.ts';
import type { Snapshot } from '../../ports.ts';
import type { DoctorFinding } from '../../render/doctor.ts';

/** Whether the WORKFLOW.md of each repository that has one can be used. What can't be seen is told of elsewhere. */
export async function checkWorkflows(
  project: Project | null,
  io: Invocation,
): Promise<readonly DoctorFinding[]> {
  if (project === null) return [];
  try {
    return await withReader(project, io, async ({ board }) => {
      const units = project.units();
      const snapshots = await Promise.all(units.map(({ repo }) => board.snapshot(repo, { maxAgeMs: 0 })));
      return snapshots.flatMap(findingOn);
    });
  } catch (error) {
    if (error instanceof HarnessError) return [];
    throw error;
  }
}

function findingOn({ repo, read, workflow, workflowText }: Snapshot): readonly DoctorFinding[] {
  if (read !== 'fresh') return [];
  const finding = { about: 'project', name: 'workflow' } as const;
  if (workflow !== null) {
    const fix = 'Mend the file on the branch that work lands on: until then no agent starts.';
    return [{ ...finding, verdict: 'failed', says: `${repo}: ${workflow}`, fix }];
  }
  const valid = workflowText === null ? null : readWorkflow(workflowText);
  if (valid?.kind !== 'valid') return [];
  const { stages, ignored } = valid.workflow;
  const of = `part of the prompts of ${stages.join(', ')}`;
  const without = ignored.length === 0 ? '' : `; without effect here: ${ignored.join(', ')}`;
  return [{ ...finding, verdict: 'ok', says: `${repo}: ${of}${without}`, fix: null }];
}
