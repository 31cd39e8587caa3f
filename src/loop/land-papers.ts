import type { GateVerdict } from '../core/contracts.ts';
import { isApprovedAnew, publishedIn } from '../core/journal.ts';
import { leaveTrain } from '../landing/boarding.ts';
import { land } from '../landing/land.ts';
import type { Landing, LandingEnd } from '../landing/landing.ts';
import type { FileChange } from '../pipeline/plan-files.ts';
import type { Oid } from '../ports.ts';
import { verifiedBefore } from './conclude.ts';
import type { Engine } from './engine.ts';
import type { OpenStage } from './stage.ts';
import { usageOf } from './usage.ts';

/** A change to the base branch that the engine makes itself: a plan, or what becomes of it. */
export interface Papers {
  /** Names the branch, `issue/unit-plan`; the prefix is that of all branches that the engine watches. */
  readonly name: 'plan' | 'prds' | 'archive';
  readonly title: string;
  readonly summary: string;
  readonly files: FileChange;
  readonly gates: readonly GateVerdict[];
}

/** The branch on which the engine lands such a change. */
export const papersBranch = (name: Papers['name']) => `issue/unit-${name}`;

/**
 * Lands files as any other change: verified, by a pull request, in the train. One that was begun is gone on with,
 * where its commit is still to be found.
 */
export async function landPapers(engine: Engine, stage: OpenStage, papers: Papers): Promise<LandingEnd> {
  const { lease, baseBranch, session, landing, journal } = stage;
  const branch = papersBranch(papers.name);
  const begun = await beginning(engine, stage, branch);
  const head = begun ?? (await commit(engine, stage, papers));
  const change: Landing = {
    issue: { number: null, title: papers.title, state: 'open' },
    lease,
    branch,
    baseBranch,
    head,
    gates: papers.gates,
    usage: session ? usageOf(session, engine.settings) : null,
    outcome: { summary: papers.summary, criteria: [] },
    verified: await verifiedBefore(engine, stage, head),
    approvals: [],
    reviews: [],
    pushedAt: begun === null ? null : (landing?.at ?? null),
    published: publishedIn(journal.entries),
    refusal: begun === null ? null : (landing?.refusal ?? null),
    hasWord: isApprovedAnew(journal.entries),
    queued: begun === null ? null : (landing?.queued ?? null),
    landed: begun === null ? null : (landing?.landed ?? null),
    failure: null,
  };
  return land(engine, change, async (end, train) => {
    if (train) await leaveTrain(engine, train);
    return end;
  });
}

/** The commit that the journal says was pushed; null when none was, or it is gone. */
async function beginning(
  { repos }: Engine,
  { lease, landing }: OpenStage,
  branch: string,
): Promise<Oid | null> {
  const head = landing?.head ?? null;
  // An accepted proposal names its base twice: nothing was committed for it yet.
  if (head === null || head === landing?.base) return null;
  await repos.remoteBranch(lease.repo, branch);
  const isHere = await repos.isAncestor(lease.repo, { ancestor: head, commit: head }).catch(() => false);
  return isHere ? head : null;
}

async function commit(engine: Engine, { lease, baseBranch }: OpenStage, papers: Papers): Promise<Oid> {
  const parent = await engine.repos.fetchBranch(lease.repo, baseBranch);
  return engine.repos.commitFiles(lease.repo, { parent, message: papers.title, files: papers.files });
}
