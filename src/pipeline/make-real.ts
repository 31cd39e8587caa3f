import type { JournalEntry } from '../core/contracts.ts';
import { planScope } from '../core/plan-line.ts';
import { isAllMet } from '../core/proposals/check-review.ts';
import { orderOverlaps } from '../core/proposals/order-overlaps.ts';
import type { Proposal, ProposedChild, ReviewProposal } from '../core/proposals/proposal.ts';
import { renderChild, renderPrd } from '../core/proposals/render.ts';
import type { Settings } from '../core/settings.ts';
import { cutTo, neutralise, neutraliseLine } from '../core/text.ts';
import type { Issue } from '../core/world.ts';
import type { Lease } from '../leases/lease.ts';
import { addLabel, type Builder, createIssues } from './create-issues.ts';

/** An accepted proposal, and the lease that it is made real under. */
export interface Accepted {
  readonly lease: Lease;
  readonly proposal: Exclude<Proposal, { kind: 'plan' }>;
  /** The journal's entry that accepted it: whoever goes on uses the same keys. */
  readonly entry: JournalEntry;
  /** The PRD; null for a proposal of PRDs. */
  readonly issue: number | null;
  /** Which plan PRDs come from; null for everything else. */
  readonly plan: string | null;
}

/** Makes a proposal real and returns what was done, for people. Safe to begin again at any time, anywhere. */
export async function makeReal(
  builder: Builder & { readonly settings: Settings },
  { lease, proposal, entry, issue, plan }: Accepted,
): Promise<string> {
  const { settings } = builder;
  const origin = entry.session.slice(0, ORIGIN_CHARACTERS);
  const children = (issues: readonly ProposedChild[]) =>
    createIssues(builder, {
      lease,
      parent: issue,
      key: { scope: String(issue), origin },
      issues: orderOverlaps(issues),
      render: renderChild,
      label: settings.HARNESS_LABEL_READY,
    });
  switch (proposal.kind) {
    case 'prds':
      return listOf(
        'Filed',
        await createIssues(builder, {
          lease,
          parent: null,
          key: { scope: planScope(plan), origin },
          issues: proposal.prds,
          render: renderPrd,
          label: settings.HARNESS_LABEL_PRD,
        }),
      );
    case 'children':
      return listOf('Decomposed into', await children(proposal.children));
    case 'review': {
      const verdicts = verdictTable(proposal, entry.base ?? '');
      if (!isAllMet(proposal)) {
        return `${verdicts}\n\n${listOf('What is missing was filed as', await children(proposal.gaps))}`;
      }
      await addLabel(builder, lease, { number: issue ?? 0, label: settings.HARNESS_LABEL_REVIEWED });
      return `${verdicts}\n\nEvery criterion is met.`;
    }
    case 'triage':
      throw new Error('A triage creates no issues.');
    default:
      return proposal satisfies never;
  }
}

// Enough of the attempt's random name to tell it from every other attempt on the issue.
const ORIGIN_CHARACTERS = 12;

function listOf(what: string, issues: readonly Issue[]): string {
  const lines = issues.map(({ number, title }) => `- #${number} ${neutraliseLine(title)}`);
  return `${what}:\n\n${lines.join('\n')}`;
}

function verdictTable({ criteria }: ReviewProposal, commit: string): string {
  const rows = criteria.map(
    ({ id, verdict, evidence }) => `| ${cell(id)} | ${verdict} | ${cell(evidence)} |`,
  );
  return [`Reviewed at ${commit}:\n`, '| criterion | verdict | evidence |', '|---|---|---|', ...rows].join(
    '\n',
  );
}

const cell = (text: string) =>
  cutTo(neutralise(text), 1_000).replaceAll(/\s+/g, ' ').trim().replaceAll('|', '\\|');
