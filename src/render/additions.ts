import { plainText } from '../core/plain-text.ts';
import type { AdditionsProposal, FiledProposal } from '../core/proposals/proposal.ts';

/** What would be added to a repository, one line for each issue. */
export function renderAdditions(repo: string, proposal: AdditionsProposal | FiledProposal): string {
  const lines = proposal.kind === 'filed' ? filedLines(proposal) : additionLines(proposal);
  return [`To be added to ${repo}:`, ...lines.map(line => `  ${line}`)].map(line => `${line}\n`).join('');
}

/** What is in the way, one line each. */
export const renderReasons = (head: string, reasons: readonly string[]): string =>
  [head, ...reasons.map(reason => `  - ${plainText(reason)}`)].map(line => `${line}\n`).join('');

function filedLines({ issues }: FiledProposal): readonly string[] {
  const titles = new Map(issues.map(({ key, title }) => [key, title]));
  return issues.map(({ title, labels, blockedBy }) =>
    [
      plainText(title),
      ...(labels.length === 0 ? [] : [`[${labels.map(plainText).join(', ')}]`]),
      ...after(blockedBy, titles),
    ].join('  '),
  );
}

function additionLines({ prds, issues, reopen }: AdditionsProposal): readonly string[] {
  const titles = new Map([...prds, ...issues].map(({ key, title }) => [key, title]));
  return [
    ...reopen.map(number => `opens PRD #${number} again`),
    ...prds.map(({ title, unit, criteria, blockedBy }) =>
      [
        `PRD    ${plainText(title)}`,
        ...forUnit(unit),
        `${criteria.length} ${criteria.length === 1 ? 'criterion' : 'criteria'}`,
        ...after(blockedBy, titles),
      ].join('  '),
    ),
    ...issues.map(({ title, unit, parent, scope, blockedBy }) =>
      [
        `issue  ${plainText(title)}`,
        ...forUnit(unit),
        ...(parent === null ? [] : [`of #${parent}`]),
        ...(scope.length === 0 ? [] : [`in ${scope.map(plainText).join(', ')}`]),
        ...after(blockedBy, titles),
      ].join('  '),
    ),
  ];
}

const forUnit = (unit: string | undefined) => (unit === undefined ? [] : [`for ${plainText(unit)}`]);

function after(blockedBy: readonly string[], titles: ReadonlyMap<string, string>): readonly string[] {
  if (blockedBy.length === 0) return [];
  return [`after ${blockedBy.map(name => quoted(titles.get(name)) ?? name).join(', ')}`];
}

const quoted = (title: string | undefined) => (title === undefined ? undefined : `"${plainText(title)}"`);
