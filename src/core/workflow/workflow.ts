import type { StageKind } from '../world.ts';
import { readFrontMatter } from './schema.ts';
import { FileProblem, readYaml } from './yaml.ts';

/** Where a repository says what is particular about work on it: at its top, on the branch that work lands on. */
export const WORKFLOW_FILE = 'WORKFLOW.md';

/** What a WORKFLOW.md says, in the format that OpenAI's Symphony describes: front matter and a body. */
export interface Workflow {
  /** Part of the prompts, with placeholders. */
  readonly body: string;
  /** Stages whose prompts it is part of. */
  readonly stages: readonly StageKind[];
  /** Sections of its front matter that Harness has settings of its own for. */
  readonly ignored: readonly string[];
}

export type ReadWorkflow =
  | { readonly kind: 'valid'; readonly workflow: Workflow }
  /** Why it can't be used, with file and line, for people. */
  | { readonly kind: 'invalid'; readonly problem: string };

/** What stands for the placeholders of a body. */
export interface WorkflowValues {
  readonly 'issue.identifier': string;
  readonly 'issue.branch_name': string;
  readonly attempt: string;
}

/** Reads a WORKFLOW.md strictly: an unknown key, an unknown placeholder, or YAML that is not read here makes it invalid. */
export function readWorkflow(text: string): ReadWorkflow {
  try {
    return { kind: 'valid', workflow: parse(text) };
  } catch (error) {
    if (!(error instanceof FileProblem)) throw error;
    return { kind: 'invalid', problem: `${WORKFLOW_FILE}, line ${error.line}: ${error.message}` };
  }
}

function parse(text: string): Workflow {
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/);
  if (text.length > MOST)
    throw new FileProblem(1, `it has ${text.length} characters; at most ${MOST} are read`);
  const end =
    lines[0]?.trimEnd() === MARK ? lines.findIndex((line, at) => at > 0 && line.trimEnd() === MARK) : 0;
  if (end === -1) throw new FileProblem(1, `the front matter has no end: a line that is \`${MARK}\``);
  const start = end === 0 ? 0 : end + 1;
  const front = readFrontMatter(readYaml(lines.slice(1, end || 1), 2));
  checkBody(lines.slice(start), start + 1);
  return { ...front, body: lines.slice(start).join('\n').trim() };
}

const MARK = '---';

/** Characters; it comes in every prompt of its stages. */
const MOST = 50_000;

/** What Liquid would do at more length: filters, conditions and the texts of others have no place here. */
function checkBody(lines: readonly string[], firstLine: number): void {
  for (const [index, line] of lines.entries()) {
    const tag = /\{%.*?(?:%\}|$)/.exec(line)?.[0];
    if (tag)
      throw new FileProblem(
        firstLine + index,
        `${tag.slice(0, 40)}: tags are not read here, only {{ placeholders }}`,
      );
    if (line.replaceAll(PLACEHOLDER, '').includes('{{')) {
      throw new FileProblem(firstLine + index, 'a placeholder has no end on its line');
    }
    for (const [all, name = ''] of line.matchAll(PLACEHOLDER)) {
      if (PLACEHOLDERS.some(one => one === name)) continue;
      throw new FileProblem(
        firstLine + index,
        `there is no ${all.slice(0, 60)}; known are ${PLACEHOLDERS.join(', ')} (the text of the issue is in the prompt as it is)`,
      );
    }
  }
}

const PLACEHOLDERS = [
  'issue.identifier',
  'issue.branch_name',
  'attempt',
] as const satisfies readonly (keyof WorkflowValues)[];

const PLACEHOLDER = /\{\{\s*(.*?)\s*\}\}/g;

/** The body as it comes in a prompt. */
export const renderWorkflow = ({ body }: Workflow, values: WorkflowValues): string =>
  body.replaceAll(PLACEHOLDER, (all, name: string) =>
    Object.hasOwn(values, name) ? values[name as keyof WorkflowValues] : all,
  );
