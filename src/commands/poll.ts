import { pollFacts, refreshSnapshots } from '../context/github.ts';
import { openProject } from '../context.ts';
import { EXIT } from '../errors.ts';
import type { Invocation } from '../invocation.ts';
import type { Snapshot } from '../ports.ts';
import { renderPoll } from '../render/poll.ts';

export interface PollOptions {
  readonly dir?: string | undefined;
  /** Read the project's repositories now, instead of telling how fresh all are. */
  readonly once?: boolean | undefined;
  readonly json?: boolean | undefined;
}

/** Says how fresh the snapshots of this host are, or makes the project's fresh. Exit 4 when one can't be read. */
export async function pollCommand(options: PollOptions, io: Invocation): Promise<number> {
  if (options.once) return pollOnce(options, io);
  const facts = pollFacts(io);
  io.out(options.json ? `${JSON.stringify(facts, null, 2)}\n` : renderPoll(facts, { width: io.columns }));
  return EXIT.ok;
}

async function pollOnce({ dir, json }: PollOptions, io: Invocation): Promise<number> {
  const project = await openProject(io, dir);
  const snapshots = await refreshSnapshots(project, io);
  const facts = snapshots.map(({ repo, read, problem, issues }) => ({
    repo,
    read,
    problem,
    open: issues.filter(({ state }) => state === 'open').length,
    closed: issues.filter(({ state }) => state === 'closed').length,
  }));
  if (json) io.out(`${JSON.stringify(facts, null, 2)}\n`);
  else for (const fact of facts) io.out(describe(fact));
  return snapshots.every(isRead) ? EXIT.ok : EXIT.github;
}

const isRead = ({ read, problem }: Pick<Snapshot, 'read' | 'problem'>): boolean =>
  read === 'fresh' && problem === null;

function describe(
  fact: Pick<Snapshot, 'repo' | 'read' | 'problem'> & { open: number; closed: number },
): string {
  if (isRead(fact)) return `${fact.repo}: ${fact.open} open, ${fact.closed} closed\n`;
  return `${fact.repo}: ${fact.problem ?? fact.read}\n`;
}
