import { openEngine, openProject } from '../context.ts';
import type { Unit } from '../core/units.ts';
import { EXIT } from '../errors.ts';
import type { Invocation } from '../invocation.ts';
import { type RetriedWork, retryWork } from '../loop/retry.ts';
import { parseWorkName } from './issue-name.ts';

export interface RetryOptions {
  readonly dir?: string | undefined;
  /** `7`, `#7` or `acme/app#7`; the name of a unit means its stages, PLAN and PRD. */
  readonly issue: string;
  readonly json?: boolean | undefined;
}

/**
 * A person's word that an issue is worth another try: its earlier failures no longer count, its delay is over.
 * Refused while somebody works on it; an issue that never failed needs no word.
 */
export async function retryCommand({ dir, issue, json }: RetryOptions, io: Invocation): Promise<number> {
  const project = await openProject(io, dir);
  const work = workNamed(project.units(), issue);
  const name = work.issue === null ? `${work.repo} (${work.unit})` : `${work.repo}#${work.issue}`;
  const engine = await openEngine(project, io);
  const forgiven = await retryWork(engine, work);
  // A number that was mistyped is no issue without failures.
  if (forgiven === null && work.issue !== null) await engine.board.issue(work.repo, work.issue);
  project.ring(`retry of ${name}`);
  if (json) io.out(`${JSON.stringify({ issue: name, forgiven: forgiven ?? 0 })}\n`);
  else io.out(forgiven === null ? `${name} has no failures that hold it.\n` : describe(name, forgiven));
  return EXIT.ok;
}

function workNamed(units: readonly Unit[], text: string): RetriedWork {
  const { repo, unit, number } = parseWorkName(units, text);
  return { repo, unit, issue: number };
}

const describe = (name: string, forgiven: number) =>
  forgiven === 0
    ? `${name} can be tried again.\n`
    : `${name} can be tried again: ${forgiven} failure${forgiven === 1 ? ' no longer counts' : 's no longer count'}.\n`;
