import { findProgram, isAtLeast, versionOf } from '../../context.ts';
import type { Invocation } from '../../invocation.ts';
import type { DoctorFinding } from '../../render/doctor.ts';

/** git merges without a worktree from 2.38 on, and tmux hands a session its environment from 3.0 on. */
const NEEDED = [
  { name: 'node', args: ['--version'], least: '20.19' },
  { name: 'git', args: ['--version'], least: '2.38' },
  { name: 'tmux', args: ['-V'], least: '3.0' },
] as const;

/** Whether the programs that every fleet needs are there and new enough. */
export function checkPrograms(io: Invocation): Promise<readonly DoctorFinding[]> {
  return Promise.all(
    NEEDED.map(async ({ name, args, least }): Promise<DoctorFinding> => {
      const about = 'program' as const;
      const path = findProgram(name, io.env);
      const fix = `Install ${name} ${least} or newer.`;
      if (path === null)
        return { about, name, verdict: 'failed', says: 'not installed, or not in PATH', fix };
      const version = await versionOf(path, args, io.env);
      if (version === null) return { about, name, verdict: 'warning', says: `${path} tells no version`, fix };
      const isNew = isAtLeast(version, least);
      const says = `${version} (${path})`;
      return { about, name, verdict: isNew ? 'ok' : 'failed', says, fix: isNew ? null : fix };
    }),
  );
}
