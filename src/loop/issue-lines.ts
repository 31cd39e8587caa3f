import { readBoard } from '../core/board.ts';
import type { World } from '../core/world.ts';

/** The issues of trusted authors in a repository, one per line, for prompts; the newest when there are many. */
export function issueLines(world: World, repo: string): string {
  const unit = readBoard(world).units.find(one => one.unit.repo.toLowerCase() === repo.toLowerCase());
  const issues = unit?.issues ?? [];
  if (issues.length === 0) return 'There are none.';
  const lines = issues.slice(-MOST).map(({ issue, kind, parent }) => {
    const of = parent === null ? '' : `, part of #${parent}`;
    return `#${issue.number} (${kind}, ${issue.state}${of}): ${issue.title}`;
  });
  const left = issues.length - lines.length;
  return [...(left > 0 ? [`${left} older ones are left out.`] : []), ...lines].join('\n');
}

const MOST = 200;
