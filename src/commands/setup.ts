import { type RepositoryTools, repositoryTools } from '../context/github.ts';
import { openProject, type Project, withReader } from '../context.ts';
import { labelsOf } from '../core/labels.ts';
import { EXIT, HarnessError } from '../errors.ts';
import type { Invocation } from '../invocation.ts';
import { renderSetup, type SetupFact } from '../render/setup.ts';
import { probePush } from './doctor/push.ts';

export interface SetupOptions {
  readonly dir?: string | undefined;
  /** Create repositories that do not exist. */
  readonly create?: boolean | undefined;
  /** Those that are created can be seen by everybody. */
  readonly public?: boolean | undefined;
  /** Only say what would be done. */
  readonly dryRun?: boolean | undefined;
  readonly json?: boolean | undefined;
}

/**
 * Makes the fleet's repositories ready: creates those that are missing, when asked to, adds the labels that the
 * fleet uses and tries the right to push its leases. Safe to repeat. Exit 4 when one of them can't be used.
 */
export async function setupCommand(options: SetupOptions, io: Invocation): Promise<number> {
  const project = await openProject(io, options.dir);
  const tools = repositoryTools(project, io);
  const facts: SetupFact[] = [];
  for (const { id, repo } of project.units()) {
    const description = project.targets().find(target => target.id === id)?.description ?? '';
    facts.push(await setUp({ project, tools, io, options }, repo, description));
  }
  io.out(
    options.json
      ? `${JSON.stringify(facts, null, 2)}\n`
      : renderSetup(facts, { width: io.columns, color: io.useColor, isDry: options.dryRun === true }),
  );
  return facts.every(({ problems }) => problems.length === 0) ? EXIT.ok : EXIT.github;
}

interface Around {
  readonly project: Project;
  readonly tools: RepositoryTools;
  readonly io: Invocation;
  readonly options: SetupOptions;
}

async function setUp({ project, tools, io, options }: Around, repo: string, description: string) {
  const { create = false, dryRun = false } = options;
  const isPublic = options.public === true;
  const unfit = await tools.whyUnfit(repo);
  if (unfit === null && (!create || dryRun)) {
    const labels = create ? labelsOf(project.settings).map(({ name }) => name) : [];
    const problems = create
      ? []
      : [`${repo} does not exist, or the token may not see it; --create makes it.`];
    return { repo, created: create, labels, problems };
  }
  if (unfit === null) await tools.create({ repo, description, isPublic });
  const missing = await tools.missingLabels(repo, labelsOf(project.settings));
  const problems = [...(unfit ?? [])];
  if (!dryRun && problems.length === 0) {
    for (const label of missing) await tools.addLabel(repo, label);
    problems.push(...(await whyNoPush(project, io, repo)));
  }
  return { repo, created: unfit === null, labels: missing.map(({ name }) => name), problems };
}

async function whyNoPush(project: Project, io: Invocation, repo: string): Promise<readonly string[]> {
  try {
    await withReader(project, io, engine => probePush(engine, repo));
    return [];
  } catch (error) {
    if (!(error instanceof HarnessError)) throw error;
    return [`${repo}: ${error.message} ${error.fix}`];
  }
}
