import { endsWithProposal, type ProposalSource, parseProposal } from '../contracts/proposals.ts';
import { readBoard } from '../core/board.ts';
import { type Assignment, judge, referredTo } from '../core/proposals/judge.ts';
import type { Proposal } from '../core/proposals/proposal.ts';
import type { World } from '../core/world.ts';
import { HarnessError } from '../errors.ts';
import type { Board } from '../ports.ts';

export { endsWithProposal, type ProposalSource };

/** A proposal that may be made real, or everything that is wrong with it. */
export type Judged =
  | { readonly kind: 'accepted'; readonly proposal: Proposal }
  | { readonly kind: 'refused'; readonly problems: readonly string[] };

/**
 * Judges what a session proposed on the repository as it is now. Throws `github-unreachable` when that, or an issue
 * elsewhere that it refers to, can't be seen: it is judged again then.
 */
export async function judgeProposal(
  board: Pick<Board, 'snapshot' | 'references'>,
  world: World,
  {
    stage,
    repo,
    value,
    issue,
  }: {
    readonly stage: ProposalSource;
    readonly repo: string;
    readonly value: unknown;
    readonly issue: Assignment['issue'];
  },
): Promise<Judged> {
  const parsed = parseProposal(stage, value);
  if (parsed.kind === 'invalid') return { kind: 'refused', problems: parsed.problems };
  const { proposal } = parsed;
  const now = await worldNow(board, world, { repo, references: referredTo(proposal, repo) });
  const known = readBoard(now.world);
  const unit = known.units.find(one => one.unit.repo.toLowerCase() === repo.toLowerCase());
  if (!unit) return { kind: 'refused', problems: [`${repo} is no longer part of this fleet`] };
  const problems = judge(proposal, { board: known, unit, issue, plan: now.plan });
  return problems.length === 0 ? { kind: 'accepted', proposal } : { kind: 'refused', problems };
}

/** The proposal that the journal kept when it was accepted. Throws `engine-failed` when it is broken. */
export function acceptedProposal(stage: ProposalSource, text: string | null): Proposal {
  const parsed = text === null ? null : parseProposal(stage, JSON.parse(text));
  if (parsed?.kind === 'valid') return parsed.proposal;
  throw new HarnessError('engine-failed', `The journal has lost the proposal of ${stage}.`);
}

async function worldNow(
  board: Pick<Board, 'snapshot' | 'references'>,
  world: World,
  { repo, references }: { readonly repo: string; readonly references: readonly string[] },
): Promise<{ readonly world: World; readonly plan: string | null }> {
  const [snapshot, states] = await Promise.all([
    board.snapshot(repo, { maxAgeMs: 0 }),
    board.references(references.filter(name => !name.toLowerCase().startsWith(`${repo.toLowerCase()}#`))),
  ]);
  const unseen = Object.entries(states).find(([, state]) => state === 'unknown')?.[0];
  if (snapshot.read !== 'fresh' || unseen) {
    throw new HarnessError('github-unreachable', `${unseen ?? repo} can't be seen now.`);
  }
  const name = Object.keys(world.repos).find(one => one.toLowerCase() === repo.toLowerCase()) ?? repo;
  return {
    world: {
      ...world,
      repos: { ...world.repos, [name]: snapshot },
      references: { ...world.references, ...states },
    },
    plan: snapshot.planId,
  };
}
