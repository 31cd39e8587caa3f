import { openEngine, openProject, withReader } from '../context.ts';
import { describeProposal } from '../core/proposals/describe.ts';
import { EXIT, HarnessError } from '../errors.ts';
import type { Invocation } from '../invocation.ts';
import { approveHead, proposalAt } from '../loop/approve.ts';
import { parseWorkName } from './issue-name.ts';

export interface ApproveOptions {
  readonly dir?: string | undefined;
  /** `7`, `#7` or `acme/app#7`; the name of a unit means its stages, PLAN and PRD. */
  readonly issue: string;
  /** The head, or the digest of the proposal, that was looked at; its first seven digits are enough. */
  readonly sha?: string | undefined;
  /** Only shows the proposal that waits. */
  readonly dryRun?: boolean | undefined;
  readonly json?: boolean | undefined;
}

/**
 * A person's word for a change that waits to land, or for a proposal that waits to be filed: it stands for a review, and
 * accepts what a change does to checks. It holds for that alone, is written into the journal, and is never shown as an
 * approval on GitHub.
 */
export async function approveCommand(options: ApproveOptions, io: Invocation): Promise<number> {
  const { dir, issue, sha, json } = options;
  const project = await openProject(io, dir);
  const { repo, unit, number } = parseWorkName(project.units(), issue);
  const name = number === null ? unit : `${repo}#${number}`;
  if (options.dryRun) {
    const { digest, proposal } = await withReader(project, io, engine =>
      proposalAt(engine, repo, { number, unit }),
    );
    const lines = [...describeProposal(proposal).map(line => `- ${line}`), `It is ${digest.slice(0, 12)}.`];
    io.out(
      json ? `${JSON.stringify({ issue: name, digest, proposal }, null, 2)}\n` : `${lines.join('\n')}\n`,
    );
    return EXIT.ok;
  }
  if (sha === undefined) {
    throw new HarnessError('usage-invalid', 'Say with --sha what you have looked at.', {
      fix: 'It is the head of the change, or what --dry-run calls the proposal.',
    });
  }
  const { head, by } = await approveHead(await openEngine(project, io), repo, { number, unit, sha });
  project.ring(`approval of ${name}`);
  io.out(
    json
      ? `${JSON.stringify({ issue: name, head, by })}\n`
      : `${name} is approved at ${head.slice(0, 12)} by ${by}; it goes on once nothing else is missing.\n`,
  );
  return EXIT.ok;
}
