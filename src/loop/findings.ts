import type { Finding } from '../core/decision.ts';
import type { Log } from '../ports.ts';

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

const keyOf = ({ code, repo, issues }: Finding) => `${code} ${repo} ${issues.join(',')}`;
