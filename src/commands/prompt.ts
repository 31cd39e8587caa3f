import { openProject, withReader } from '../context.ts';
import type { StageKind } from '../core/world.ts';
import { EXIT, HarnessError } from '../errors.ts';
import type { Invocation } from '../invocation.ts';
import { look } from '../loop/observe.ts';
import { prepareSession, sessionPrompt } from '../loop/prepare-session.ts';
import { parseIssueName } from './issue-name.ts';

export interface PromptOptions {
  readonly dir?: string | undefined;
  /** `decompose`, in any case. */
  readonly stage: string;
  /** `7`, `#7` or `acme/app#7`; left out for the stages that have no issue. */
  readonly issue?: string | undefined;
}

/**
 * Prints exactly what the next agent of a stage would get; only the words of its fence differ each time. Writes
 * nothing. Throws `usage-invalid` for a stage that there is not, and where there is nothing to work on.
 */
export async function promptCommand({ dir, stage, issue }: PromptOptions, io: Invocation): Promise<number> {
  const project = await openProject(io, dir);
  const kind = stageNamed(stage);
  const [first] = project.units();
  const named = WITHOUT_ISSUE.has(kind) ? null : parseIssueName(project.units(), issue ?? '');
  const unit = project.units().find(({ repo }) => repo === named?.repo) ?? first;
  if (!unit) throw new HarnessError('usage-invalid', 'The project has no repository.');
  const prompt = await withReader(project, io, async engine => {
    const all = await look(engine);
    const seen = { ...all, world: { ...all.world, unit: unit.id } };
    const snapshot = all.snapshots.get(unit.repo.toLowerCase());
    if (snapshot?.workflow)
      io.err(
        `warning: ${unit.repo}: ${snapshot.workflow}\nNo agent starts until it is mended; this is with the last one that was valid.\n`,
      );
    const branch = engine.settings.HARNESS_BASE || snapshot?.defaultBranch || 'main';
    const base = await engine.repos.fetchBranch(unit.repo, branch);
    const work = { repo: unit.repo, issue: named?.number ?? null, kind };
    const prepared = await prepareSession(engine, seen, work, base);
    return prepared && sessionPrompt(engine, seen, prepared, prepared.subject);
  });
  if (prompt === null) throw new HarnessError('usage-invalid', `There is nothing for ${kind} to work on.`);
  io.out(prompt.endsWith('\n') ? prompt : `${prompt}\n`);
  return EXIT.ok;
}

const WITHOUT_ISSUE: ReadonlySet<StageKind> = new Set(['PLAN', 'PRD']);

const STAGES: readonly StageKind[] = [
  'PLAN',
  'PRD',
  'DECOMPOSE',
  'IMPL',
  'REVIEW',
  'REPLAN',
  'TRIAGE',
  'FIX',
];

function stageNamed(name: string): StageKind {
  const stage = STAGES.find(one => one === name.toUpperCase());
  if (stage) return stage;
  const known = STAGES.map(one => one.toLowerCase()).join(', ');
  throw new HarnessError('usage-invalid', `There is no stage ${JSON.stringify(name)}.`, {
    fix: `Name one of ${known}.`,
  });
}
