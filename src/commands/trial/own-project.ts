import { resolve } from 'node:path';
import type { DemoProject } from '../../demo/project.ts';
import { HarnessError } from '../../errors.ts';
import type { Invocation } from '../../invocation.ts';
import { type IssueText, numberedFromOne, READY_LABEL } from '../issues-file/issue-text.ts';
import { readIssuesFile } from '../issues-file/read.ts';
import { openLocalRepository } from './local-repository.ts';

/** What a person says of the project that the demo is to work on. */
export interface OwnProjectOptions {
  /** Path of a git repository. */
  readonly repo?: string | undefined;
  readonly agent?: string | undefined;
  /** Path of a file with issues. */
  readonly issues?: string | undefined;
  readonly verify?: string | undefined;
}

/**
 * A copy of the person's repository with the person's issues; null when none is named. Throws `usage-invalid`
 * for options that make no sense together, `not-a-repository`, and `issues-invalid`.
 */
export async function readOwnProject(
  { repo, agent, issues, verify }: OwnProjectOptions,
  io: Invocation,
): Promise<DemoProject | null> {
  if (repo === undefined) {
    const [stray] = Object.entries({ issues, verify }).filter(([, value]) => value !== undefined);
    if (stray === undefined) return null;
    throw new HarnessError('usage-invalid', `--${stray[0]}: the demo's own project has its own.`, {
      fix: 'Name your repository with --repo as well.',
    });
  }
  if (agent === undefined) {
    throw new HarnessError('usage-invalid', '--repo: the scripted agent knows only the issues of the demo.', {
      fix: 'Name an agent program with --agent, for example --agent "claude -p --dangerously-skip-permissions".',
    });
  }
  const { top, name, defaultBranch } = await openLocalRepository(repo, io);
  const texts = issues === undefined ? [SMALL_ISSUE] : await readIssuesFile(resolve(io.cwd, issues));
  return {
    name,
    source: { kind: 'copy', from: top, defaultBranch },
    issues: numberedFromOne(texts).map(issue => ({
      ...issue,
      labels: [...new Set([...issue.labels, READY_LABEL])],
    })),
    spec: null,
    setup: null,
    verify: verify ?? null,
    tests: null,
  };
}

/** Work for every project, to see the way from an issue to a merge. */
const SMALL_ISSUE: IssueText = {
  title: 'Say what this project is',
  body: 'Add a file `ABOUT.md` at the top of the repository that says in two sentences what this project does. Change nothing else.',
  labels: [],
  key: null,
  blockedBy: [],
};
