import { type Project, withReader } from '../../context.ts';
import { HarnessError } from '../../errors.ts';
import type { Invocation } from '../../invocation.ts';
import type { DoctorFinding } from '../../render/doctor.ts';

/** Where the leases of the project's first repository are; nothing when that can't be read, which others say. */
export async function checkLeases(
  project: Project | null,
  io: Invocation,
): Promise<readonly DoctorFinding[]> {
  if (project === null) return [];
  try {
    const [unit] = project.units();
    const view = await withReader(project, io, ({ refs }) => refs.read(unit?.repo ?? ''));
    const says = view.onBranches ? ON_BRANCHES : 'under refs/harness/';
    return [{ about: 'github', name: 'leases', verdict: 'ok', says, fix: null }];
  } catch (error) {
    if (error instanceof HarnessError) return [];
    throw error;
  }
}

/** For people: what it means that a remote takes branches only. */
export const ON_BRANCHES =
  "branches below harness/, since refs/harness/ is refused; keep workflows off them (branches-ignore: 'harness/**')";
