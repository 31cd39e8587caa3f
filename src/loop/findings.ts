import type { Finding } from '../core/decision.ts';
import type { Log, Snapshot } from '../ports.ts';

/** Says each finding once when it appears, and once when it is gone; never again in every tick. */
export function createFindingsLog(log: Log): (findings: readonly Finding[]) => void {
  let known = new Map<string, Finding>();
  return findings => {
    const now = new Map(findings.map(finding => [keyOf(finding), finding]));
    for (const [key, { message, fix, code, repo }] of now) {
      if (!known.has(key)) log.warn(`${message} ${fix}`, { code, repo });
    }
    for (const [key, { code, repo, issues }] of known) {
      if (!now.has(key)) log.info(`settled: ${code}`, { repo, issues: issues.map(String) });
    }
    known = now;
  };
}

/** What keeps work from starting while a repository cannot be read. */
export function findingsOfRead(snapshot: Snapshot | undefined): readonly Finding[] {
  if (snapshot === undefined || snapshot.read === 'fresh') return [];
  const { repo, read, problem } = snapshot;
  const message = `Nothing new is started in ${repo}: its read is ${read} (${problem ?? 'nobody has read it'}).`;
  const fix = 'Work goes on by itself when it can be read again; what runs goes on.';
  return [{ code: `read-${read}`, repo, issues: [], message, fix }];
}

/** Says why turns fail, once for each reason, and once when they succeed again. */
export function createTurnLog(log: Log): (problem: string | null) => void {
  let known: string | null = null;
  return problem => {
    if (problem === known) return;
    if (problem === null) log.info('turns succeed again');
    else log.warn(`turn failed: ${problem}`);
    known = problem;
  };
}

const keyOf = ({ code, repo, issues }: Finding) => `${code} ${repo} ${issues.join(',')}`;
