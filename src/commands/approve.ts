import { openEngine, openProject } from '../context.ts';
import { EXIT } from '../errors.ts';
import type { Invocation } from '../invocation.ts';
import { approveHead } from '../loop/approve.ts';
import { parseIssueName } from './issue-name.ts';

export interface ApproveOptions {
  readonly dir?: string | undefined;
  /** `7`, `#7` or `acme/app#7`. */
  readonly issue: string;
  /** The head that was looked at; its first seven digits are enough. */
  readonly sha: string;
  readonly json?: boolean | undefined;
}

/**
 * A person's word for a change that waits to land: it stands for a review, and accepts what the change does to
 * checks. It holds for one head, is written into the journal, and is never shown as an approval on GitHub.
 */
export async function approveCommand(
  { dir, issue, sha, json }: ApproveOptions,
  io: Invocation,
): Promise<number> {
  const project = await openProject(io, dir);
  const { repo, number } = parseIssueName(project.units(), issue);
  const name = `${repo}#${number}`;
  const { head, by } = await approveHead(await openEngine(project, io), repo, { number, sha });
  project.ring(`approval of ${name}`);
  io.out(
    json
      ? `${JSON.stringify({ issue: name, head, by })}\n`
      : `${name} is approved at ${head.slice(0, 12)} by ${by}; it lands once nothing else is missing.\n`,
  );
  return EXIT.ok;
}
