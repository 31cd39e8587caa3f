import { FILE_SCOPE } from '../core/markers.ts';
import { planScope } from '../core/plan-line.ts';
import { additionScope } from '../core/proposals/check-additions.ts';
import { orderOverlaps } from '../core/proposals/order-overlaps.ts';
import type {
  AdditionsProposal,
  FiledProposal,
  ProposedAddition,
  ProposedPrd,
} from '../core/proposals/proposal.ts';
import { renderChild, renderFiled, renderPrd } from '../core/proposals/render.ts';
import type { Settings } from '../core/settings.ts';
import type { Lease } from '../leases/lease.ts';
import { type Builder, type CreatedIssue, createIssues, requireProof } from './create-issues.ts';
import { elsewhere, scopeAt, type Units } from './elsewhere.ts';

type Maker = Builder & { readonly settings: Settings };

/** What a person adds, by an agent's proposal or by a file, and the lease that it is made real under. */
export interface Added {
  readonly lease: Lease;
  readonly proposal: AdditionsProposal | FiledProposal;
  /** Names the session that proposed it. */
  readonly origin: string;
  /** The plan that new PRDs belong to; null for none. */
  readonly plan: string | null;
  readonly units: Units;
}

/**
 * Creates everything as one wave; a PRD is opened again when what is new in it is there. An issue of a file that was
 * filed before, by whatever run, is found again.
 */
export function makeAdded(builder: Maker, added: Added): Promise<readonly CreatedIssue[]> {
  const { lease, proposal } = added;
  if (proposal.kind === 'additions') return makeAdditions(builder, { ...added, proposal });
  return createIssues(builder, {
    lease,
    issues: proposal.issues,
    elsewhere: () => null,
    parentOf: () => null,
    scopeOf: () => FILED,
    render: renderFiled,
    labelsOf: ({ labels }) => labels,
    beforeLabels: async () => {},
  });
}

/** What the key of every issue of a file begins with. */
export const FILED = { scope: FILE_SCOPE, origin: 'issues' } as const;

function makeAdditions(
  builder: Maker,
  { lease, proposal, origin, plan, units }: Added & { readonly proposal: AdditionsProposal },
): Promise<readonly CreatedIssue[]> {
  const { HARNESS_LABEL_PRD: prdLabel, HARNESS_LABEL_READY: readyLabel } = builder.settings;
  const awayOf = ({ unit }: Addition) => elsewhere(unit, lease.repo, units);
  return createIssues(builder, {
    lease,
    issues: additionsIn(proposal),
    elsewhere: awayOf,
    parentOf,
    scopeOf: one => ({
      scope: scopeAt(isAddition(one) ? additionScope(one.parent) : planScope(plan), lease.repo, awayOf(one)),
      origin,
    }),
    render: (one, place) => (isAddition(one) ? renderChild(one, place) : renderPrd(one, place)),
    labelsOf: one => [isAddition(one) ? readyLabel : prdLabel],
    beforeLabels: async () => {
      for (const number of proposal.reopen) await reopen(builder, lease, number);
    },
  });
}

type Addition = ProposedPrd | ProposedAddition;

const isAddition = (one: Addition): one is ProposedAddition => 'parent' in one;

const parentOf = (one: Addition) => (isAddition(one) ? one.parent : null);

/** Issues that claim the same files wait for each other, as those of a PRD do; a PRD claims none. */
const additionsIn = ({ prds, issues }: AdditionsProposal): readonly Addition[] =>
  orderOverlaps<Addition & Pick<ProposedAddition, 'scope'>>([
    ...prds.map(prd => ({ ...prd, scope: [] })),
    ...issues,
  ]);

/** Opens a closed PRD again, without the label of a review that knew nothing of what is new. */
async function reopen(builder: Maker, lease: Lease, number: number): Promise<void> {
  const { state, labels } = await builder.board.issue(lease.repo, number);
  if (state === 'open') return;
  requireProof(builder, lease);
  const reviewed = builder.settings.HARNESS_LABEL_REVIEWED.toLowerCase();
  await builder.board.updateIssue(lease.repo, number, {
    state: 'open',
    stateReason: 'reopened',
    labels: labels.filter(label => label.toLowerCase() !== reviewed),
  });
}
