import { openProject, type Project, withReader } from '../context.ts';
import { EXIT, HarnessError } from '../errors.ts';
import type { Invocation } from '../invocation.ts';
import { look } from '../loop/observe.ts';
import { SHOWN_PROMPTS, type ShownPrompt, shownPrompt } from '../loop/show-prompt.ts';
import { unitNamed } from './inject/unit.ts';
import { parseIssueName } from './issue-name.ts';

export interface PromptOptions {
  readonly dir?: string | undefined;
  /** `decompose`, in any case; or `code-review`, or a part of a prompt such as `resume`. */
  readonly name: string;
  /** `7`, `#7` or `acme/app#7`; left out for the stages that have no issue. */
  readonly issue?: string | undefined;
  readonly unit?: string | undefined;
}

/**
 * Prints exactly what the next agent would get; only the words of its fence differ each time. Writes nothing. Throws
 * `usage-invalid` for a prompt that there is not, and where there is nothing to work on.
 */
export async function promptCommand(options: PromptOptions, io: Invocation): Promise<number> {
  const project = await openProject(io, options.dir);
  const name = promptNamed(options.name);
  const { unit, repo, issue } = workNamed(project, name, options);
  const prompt = await withReader(project, io, async engine => {
    const all = await look(engine);
    const seen = { ...all, world: { ...all.world, unit } };
    const snapshot = all.snapshots.get(repo.toLowerCase());
    if (snapshot?.workflow)
      io.err(
        `warning: ${repo}: ${snapshot.workflow}\nNo agent starts until it is mended; this is with the last one that was valid.\n`,
      );
    const branch = engine.settings.HARNESS_BASE || snapshot?.defaultBranch || 'main';
    const base = await engine.repos.fetchBranch(repo, branch);
    return shownPrompt(engine, seen, name, { repo, issue, base });
  });
  if (prompt === null) throw new HarnessError('usage-invalid', `There is nothing for ${name} to work on.`);
  io.out(prompt.endsWith('\n') ? prompt : `${prompt}\n`);
  return EXIT.ok;
}

interface NamedWork {
  /** Its id. */
  readonly unit: string;
  readonly repo: string;
  readonly issue: number | null;
}

function workNamed(project: Project, name: ShownPrompt, { issue, unit }: PromptOptions): NamedWork {
  if (name === 'PLAN' || name === 'PRD') {
    const { id, repo } = unitNamed(project, unit);
    return { unit: id, repo, issue: null };
  }
  const units = unit === undefined ? project.units() : [unitNamed(project, unit)];
  const named = parseIssueName(units, issue ?? '');
  return { unit: named.unit, repo: named.repo, issue: named.number };
}

function promptNamed(name: string): ShownPrompt {
  const found = SHOWN_PROMPTS.find(one => one === name.toUpperCase());
  if (found) return found;
  const known = SHOWN_PROMPTS.map(one => one.toLowerCase()).join(', ');
  throw new HarnessError('usage-invalid', `There is no prompt ${JSON.stringify(name)}.`, {
    fix: `Name one of ${known}, inject.`,
  });
}
