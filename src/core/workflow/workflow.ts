import type { StageKind } from '../world.ts';
import type { Scope } from './expressions.ts';
import { type Foreign, renderTemplate, type Value } from './render.ts';
import { readFrontMatter } from './schema.ts';
import { type Piece, readTemplate } from './template.ts';
import { FileProblem, readYaml } from './yaml.ts';

/** Where a repository says what is particular about work on it: at its top, on the branch that work lands on. */
export const WORKFLOW_FILE = 'WORKFLOW.md';

/** What a WORKFLOW.md says, in the format that OpenAI's Symphony describes: front matter and a body. */
export interface Workflow {
  /** Part of the prompts; none when the file has no body. */
  readonly body: readonly Piece[];
  /** Stages whose prompts it is part of. */
  readonly stages: readonly StageKind[];
  /** Sections of its front matter that Harness has settings of its own for. */
  readonly ignored: readonly string[];
}

export type ReadWorkflow =
  | { readonly kind: 'valid'; readonly workflow: Workflow }
  /** Why it can't be used, with file and line, for people. */
  | { readonly kind: 'invalid'; readonly problem: string };

/** What the names of a body stand for (Symphony's SPEC.md, 4.1.1 and 5.4). */
export interface WorkflowValues {
  /** All but `identifier` and `branch_name` are null where the work has no issue. */
  readonly issue: {
    readonly id: string | null;
    readonly identifier: string;
    readonly title: Foreign | null;
    /** null when it says nothing. */
    readonly description: Foreign | null;
    readonly priority: number | null;
    readonly state: string | null;
    readonly branch_name: string;
    readonly url: string | null;
    readonly labels: readonly Foreign[];
    readonly blocked_by: readonly {
      readonly id: string;
      readonly identifier: string;
      readonly state: string;
    }[];
    readonly created_at: string | null;
    readonly updated_at: string | null;
  };
  /** null in the first attempt, then the number of the retry. */
  readonly attempt: number | null;
}

const SCOPE: Scope = {
  issue: [
    'id',
    'identifier',
    'title',
    'description',
    'priority',
    'state',
    'branch_name',
    'url',
    'labels',
    'blocked_by',
    'created_at',
    'updated_at',
  ] satisfies readonly (keyof WorkflowValues['issue'])[],
  'issue.labels[]': [],
  'issue.blocked_by[]': ['id', 'identifier', 'state'],
  attempt: [],
};

/** Reads a WORKFLOW.md strictly: an unknown key, name, tag or filter, or YAML that is not read here makes it invalid. */
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
  const above = lines.slice(start).findIndex(line => line.trim() !== '');
  const from = above === -1 ? lines.length : start + above;
  return { ...front, body: readTemplate(lines.slice(from).join('\n').trim(), from + 1, SCOPE) };
}

const MARK = '---';

/** Characters; it comes in every prompt of its stages. */
const MOST = 50_000;

/** The body as it comes in a prompt; `fenced` puts a text of others between two lines. */
export const renderWorkflow = (
  { body }: Workflow,
  values: WorkflowValues,
  fenced: (text: string) => string,
): string => renderTemplate(body, { ...values } satisfies Readonly<Record<string, Value>>, fenced).trim();
