import { resolve } from 'node:path';
import { openEngine, openProject, type Project, withReader } from '../../context.ts';
import { EXIT } from '../../errors.ts';
import type { Invocation } from '../../invocation.ts';
import type { Engine } from '../../loop/engine.ts';
import { type FilePlan, injectionOfFile, planFile } from '../../loop/file-injection.ts';
import { asInjector, finishInjection, inject, judgeInjection } from '../../loop/inject.ts';
import { renderAdditions } from '../../render/additions.ts';
import { type IssueText, READY_LABEL } from '../issues-file/issue-text.ts';
import { readIssuesFile } from '../issues-file/read.ts';
import { agree, type Consent } from './confirm.ts';
import { tellAdded, unlessRefused } from './outcome.ts';
import { describePickUp, whoPicksUp } from './pick-up.ts';
import { unitNamed } from './unit.ts';

export interface FileOptions extends Consent {
  readonly dir?: string | undefined;
  /** Path of a file with issues: Markdown, JSON or CSV. */
  readonly file: string;
  readonly unit?: string | undefined;
}

/**
 * Files the issues of a file, without an agent: all of them are judged, shown and agreed to before the first one is
 * created. Run again it files what is new in the file, and finishes what an earlier run had begun when it died.
 */
export async function fileCommand(options: FileOptions, io: Invocation): Promise<number> {
  const texts = await readIssuesFile(resolve(io.cwd, options.file));
  const project = await openProject(io, options.dir);
  const { repo, id: unit } = unitNamed(project, options.unit);
  const json = options.json === true;
  const look = async (engine: Engine) => {
    const plan = await planFile(engine, repo, withLabels(texts, project.settings));
    const injection = injectionOfFile({ repo, unit }, plan, engine);
    if (plan.proposal.issues.length > 0) unlessRefused(await judgeInjection(engine, injection));
    return { plan, injection, pickUp: await whoPicksUp(project, engine, repo, plan.proposal.issues) };
  };
  const seen = await withReader(project, io, look);
  if (!json) io.out(describePlan(repo, seen.plan));
  if (options.dryRun) {
    const facts = { repo, added: [], plan: seen.plan.proposal.issues, filed: seen.plan.filed };
    io.out(
      json
        ? `${JSON.stringify({ ...facts, pickUp: seen.pickUp }, null, 2)}\n`
        : describePickUp(seen.pickUp, project.settings.HARNESS_LEASE_TTL),
    );
    return EXIT.ok;
  }
  const answer = seen.plan.proposal.issues.length === 0 ? 'yes' : await agree(options, io);
  if (answer !== 'yes') return answer;
  const engine = asInjector(await openEngine(project, io));
  const finished = await finishInjection(engine, { repo, unit });
  // What an earlier run has left may be a part of it.
  const { plan, injection } = finished ? await look(engine) : seen;
  const done = finished?.issues ?? [];
  if (plan.proposal.issues.length === 0) {
    return tellAdded({ project, engine, io }, { repo, issues: done, json, more: { filed: plan.filed } });
  }
  const end = unlessRefused(await inject(engine, injection));
  const issues = [...done, ...end.issues];
  return tellAdded({ project, engine, io }, { repo, issues, json, more: { filed: plan.filed } });
}

/** The label that a file gives where it says nothing stands for the one that is configured. */
const withLabels = (texts: readonly IssueText[], { HARNESS_LABEL_READY }: Project['settings']) =>
  texts.map(text => ({
    ...text,
    labels: text.labels.map(label => (label === READY_LABEL ? HARNESS_LABEL_READY : label)),
  }));

function describePlan(repo: string, { proposal, filed }: FilePlan): string {
  const before = filed.map(({ number, title }) => `was filed before: #${number} ${title}\n`).join('');
  if (proposal.issues.length === 0) return `${before}There is nothing new in the file.\n`;
  return `${before}${renderAdditions(repo, proposal)}`;
}
