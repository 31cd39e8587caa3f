import type { Finding } from '../decision.ts';
import type { UnitView } from '../rules/gate.ts';
import { kindOf, labelsOf } from '../rules/kinds.ts';

/** Open issues that look ready for the fleet and that nobody trusted wrote: the fleet never looks at them. */
export function authorFindings({ unit, board }: UnitView): readonly Finding[] {
  const ready = unit.repo.issues
    .filter(({ state, author }) => state === 'open' && !board.trust.trusts(author))
    .filter(issue => kindOf(issue, labelsOf(issue), board.labels) === 'child');
  if (ready.length === 0) return [];
  const issues = ready.map(({ number }) => number).sort((a, b) => a - b);
  const isLoginUnknown = board.world.login === '';
  const who = isLoginUnknown ? 'anybody trusted: the own login is not known' : 'anybody trusted';
  return [
    {
      code: 'untrusted-author',
      repo: unit.unit.repo,
      issues,
      message: `${issues.length === 1 ? '1 ready issue was' : `${issues.length} ready issues were`} not written by ${who}`,
      fix: isLoginUnknown
        ? 'Run `gh auth login`, or set GH_TOKEN to a token whose login can be read.'
        : 'Add the author to HARNESS_AUTHOR_ALLOWLIST, or file the issue again yourself.',
    },
  ];
}
