import { keyIn } from '../core/markers.ts';
import { rewrittenAfter } from '../core/proposals/check-replan.ts';
import { orderOverlaps } from '../core/proposals/order-overlaps.ts';
import type { ProposedChild, ReplanProposal } from '../core/proposals/proposal.ts';
import { referencesOf, renderChild } from '../core/proposals/render.ts';
import type { Settings } from '../core/settings.ts';
import type { Lease } from '../leases/lease.ts';
import { type Builder, type CreatedIssue, createIssues, fullNames, requireProof } from './create-issues.ts';

/** An accepted plan for an issue that failed in the same way again and again. */
export interface Replanning {
  readonly lease: Lease;
  readonly proposal: ReplanProposal;
  /** The PRD. */
  readonly issue: number;
  readonly origin: string;
}

/**
 * Creates what is split off, then rewrites the issue, and only then lets work on the parts begin. The issue itself stays:
 * whatever waits for it goes on waiting for the right thing. Safe to begin again.
 */
export async function makeReplan(
  builder: Builder & { readonly settings: Settings },
  { lease, proposal, issue: prd, origin }: Replanning,
): Promise<readonly CreatedIssue[]> {
  const { board, settings } = builder;
  const { repo } = lease;
  const numbers = new Map<string, number>();
  const known = (await board.issue(repo, proposal.number)).body;
  return createIssues(builder, {
    lease,
    issues: orderOverlaps<ProposedChild>(proposal.parts),
    elsewhere: () => null,
    parentOf: () => prd,
    scopeOf: () => ({ scope: String(prd), origin }),
    render: (part, place) => renderChild(part, place),
    labelsOf: () => [settings.HARNESS_LABEL_READY],
    beforeLabels: async created => {
      for (const { key, number } of created) numbers.set(key, number);
      const key = keyIn(known) ?? { scope: String(prd), origin, key: proposal.rewrite.key };
      const issueOf = (name: string) => ({ repo, number: numbers.get(name) ?? proposal.number });
      const rewritten = rewrittenAfter(proposal);
      requireProof(builder, lease);
      const place = { repo, proposedIn: repo, parent: prd, wantedBy: null, key, issueOf };
      const draft = renderChild(rewritten, place);
      await board.updateIssue(repo, proposal.number, draft);
      const blockedBy = fullNames(referencesOf(rewritten.blockedBy, place), repo);
      await board.linkIssue(repo, proposal.number, { parent: prd, blockedBy });
    },
  });
}
