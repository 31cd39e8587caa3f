import type { BoardIssue } from '../board-issue.ts';
import type { Finding, FindingCode } from '../decision.ts';
import type { Reference } from '../grammar/references.ts';
import type { Found } from '../lookup.ts';
import { isSatisfied } from '../lookup.ts';
import { STATES } from '../rules/blocking.ts';
import type { UnitView } from '../rules/gate.ts';

/** References of an open issue that nobody's work will ever satisfy, or that the engine can't take as such. */
export function referenceFindings(issue: BoardIssue, view: UnitView): readonly Finding[] {
  const { blockers, denied, loose } = issue;
  // Most issues name nothing that is amiss, and there may be a hundred thousand of them.
  const isUsual = blockers.every(({ state, name }) => state === 'open' && name !== issue.name);
  if (isUsual && denied.length + loose.length === 0) return NONE;
  const of = (...states: Found['state'][]) => blockers.filter(({ state }) => states.includes(state));
  const isItself = ({ name }: Found) => name === issue.name;
  return [
    finding(issue, 'self-block', blockers.filter(isItself), {
      message: () => 'names itself as a blocker',
      fix: 'Take the reference out of its `Blocked by` section.',
    }),
    finding(issue, 'missing-blocker', of('missing'), {
      message: names => `waits for ${names}, which does not exist`,
      fix: 'Correct the number, or take the reference out of its `Blocked by` section.',
    }),
    finding(issue, 'cancelled-blocker', of('not_planned', 'duplicate'), {
      message: names =>
        `waits for ${names}, which will not be done (${STATES[of('not_planned', 'duplicate')[0]?.state ?? 'not_planned']})`,
      fix: 'Name what replaces it, or take the reference out of its `Blocked by` section.',
    }),
    finding(
      issue,
      'unknown-repository',
      blockers.filter(({ isGuess, state }) => isGuess && state === 'unknown'),
      {
        message: names => `waits for ${names}, and no such repository is known`,
        fix: 'Write the reference in full, owner/repo#number, or separate the word from the number.',
      },
    ),
    finding(issue, 'denied-blocker', deniedBy(issue, view), {
      message: names => `says that nothing blocks it, and then names ${names}, which is open`,
      fix: 'Take `None` out if it waits for that issue; else leave the reference out.',
    }),
    finding(issue, 'loose-blocker', looseIn(issue, view), {
      message: names => `names ${names} as a blocker outside a \`Blocked by\` section, which has no effect`,
      fix: 'Put the reference under a heading `## Blocked by`.',
    }),
  ].flat();
}

const NONE: readonly Finding[] = [];

interface Words {
  readonly message: (names: string) => string;
  readonly fix: string;
}

function finding(
  { repo, name, issue }: BoardIssue,
  code: FindingCode,
  about: readonly { readonly name: string }[],
  { message, fix }: Words,
): readonly Finding[] {
  if (about.length === 0) return [];
  const names = about.map(blocker => blocker.name).join(', ');
  return [{ code, repo, issues: [issue.number], message: `${name} ${message(names)}`, fix }];
}

const deniedBy = (issue: BoardIssue, view: UnitView) =>
  foundIn(issue, issue.denied, view).filter(({ state }) => state === 'open');

const looseIn = (issue: BoardIssue, view: UnitView) =>
  foundIn(issue, issue.loose, view).filter(({ state }) => !isSatisfied(state));

/** What references lead to, without the issue itself, its own PRD, and what it is blocked by anyway. */
function foundIn(issue: BoardIssue, references: readonly Reference[], { board }: UnitView) {
  if (references.length === 0) return [];
  const known = new Set([
    issue.name,
    `${issue.repo}#${issue.parent ?? ''}`,
    ...issue.references.map(({ name }) => name),
  ]);
  const found = new Map(
    references.map(reference => board.lookUp(reference)).map(found => [found.name, found]),
  );
  return [...found.values()].filter(({ name }) => !known.has(name));
}
