import type { JournalEntry } from '../core/contracts.ts';
import { planScope } from '../core/plan-line.ts';
import { isAllMet } from '../core/proposals/check-review.ts';
import { orderOverlaps } from '../core/proposals/order-overlaps.ts';
import type { Proposal, ProposedSlice, ReviewProposal } from '../core/proposals/proposal.ts';
import { renderChild, renderPrd } from '../core/proposals/render.ts';
import type { Settings } from '../core/settings.ts';
import { cutTo, neutralise, neutraliseLine } from '../core/text.ts';
import type { Lease } from '../leases/lease.ts';
import { addLabels, type Builder, type CreatedIssue, createIssues } from './create-issues.ts';
import { elsewhere, scopeAt, type Units } from './elsewhere.ts';
import { gapOf, type JudgedContest, roundOf } from './gauntlet.ts';
import { makeAdded } from './make-additions.ts';
import { makeReplan } from './make-replan.ts';
import { makeTriage } from './make-triage.ts';

/** An accepted proposal, and the lease that it is made real under. */
export interface Accepted {
  readonly lease: Lease;
  readonly proposal: Exclude<Proposal, { kind: 'plan' }>;
  /** The journal's entry that accepted it: whoever goes on uses the same keys. */
  readonly entry: JournalEntry;
  /** The PRD; null for a proposal of PRDs. */
  readonly issue: number | null;
  readonly units: Units;
  /** Which plan the unit has; null for none. */
  readonly plan: string | null;
  /** What a judgement is about; null for any other proposal. */
  readonly contest: JudgedContest | null;
}

/** Makes a proposal real and returns what was done, for people. Safe to begin again at any time, anywhere. */
export async function makeReal(
  builder: Builder & { readonly settings: Settings },
  { lease, proposal, entry, issue, plan, contest, units }: Accepted,
): Promise<string> {
  const { settings } = builder;
  const listed = (what: string, issues: readonly CreatedIssue[]) => listOf(lease.repo, what, issues);
  const origin = originOf(entry);
  const awayOf = ({ unit }: { readonly unit?: string | undefined }) => elsewhere(unit, lease.repo, units);
  const children = (issues: readonly ProposedSlice[]) =>
    createIssues<ProposedSlice>(builder, {
      lease,
      issues: orderOverlaps(issues),
      elsewhere: awayOf,
      parentOf: () => issue,
      scopeOf: child => ({ scope: scopeAt(String(issue), lease.repo, awayOf(child)), origin }),
      render: renderChild,
      labelsOf: () => [settings.HARNESS_LABEL_READY],
      beforeLabels: async () => {},
    });
  const reviewed = () =>
    addLabels(builder, lease, {
      repo: lease.repo,
      number: issue ?? 0,
      add: [settings.HARNESS_LABEL_REVIEWED],
    });
  switch (proposal.kind) {
    case 'prds':
      return listed(
        'Filed',
        await createIssues(builder, {
          lease,
          issues: proposal.prds,
          elsewhere: awayOf,
          parentOf: () => null,
          scopeOf: prd => ({ scope: scopeAt(planScope(plan), lease.repo, awayOf(prd)), origin }),
          render: renderPrd,
          labelsOf: () => [settings.HARNESS_LABEL_PRD],
          beforeLabels: async () => {},
        }),
      );
    case 'children':
      return listed('Decomposed into', await children(proposal.children));
    case 'review': {
      const verdicts = verdictTable(proposal, entry.base ?? '');
      if (!isAllMet(proposal)) {
        return `${verdicts}\n\n${listed('What is missing was filed as', await children(proposal.gaps))}`;
      }
      if (proposal.contest) {
        return `${verdicts}\n\nEvery criterion is met. How it compares with the reference is judged next.`;
      }
      await reviewed();
      return `${verdicts}\n\nEvery criterion is met.`;
    }
    case 'replan': {
      const parts = await makeReplan(builder, { lease, proposal, issue: issue ?? 0, origin });
      const said = `Planned #${proposal.number} anew, which had failed in the same way again and again.`;
      return parts.length === 0 ? said : `${said} ${listed('Split off from it', parts)}`;
    }
    case 'judgement': {
      if (contest === null) throw new Error('There is nothing that was judged.');
      const { tasks } = contest;
      const round = roundOf(contest, proposal);
      const said = `Compared with the reference, ${round.verdict.reason}.`;
      if (!round.isWon && round.number < settings.HARNESS_GAUNTLET_ROUNDS) {
        const filed = await children([gapOf(round, tasks, issue ?? 0)]);
        return `${said}\n\n${listed('What is to be better was filed as', filed)}`;
      }
      await reviewed();
      return round.isWon
        ? `${said} It reaches its quality bar.`
        : `${said} It concedes after ${round.number} rounds (HARNESS_GAUNTLET_ROUNDS): every criterion is met, and the quality bar is not reached.`;
    }
    case 'triage':
      return makeTriage(builder, { lease, proposal, origin, issue: issue ?? 0 });
    case 'additions':
    case 'filed':
      return listed('Added', await makeAdded(builder, { lease, proposal, origin, plan, units }));
    default:
      return proposal satisfies never;
  }
}

/** Enough of an attempt's random name to tell it from every other attempt on the issue. */
export const originOf = ({ session }: Pick<JournalEntry, 'session'>) => session.slice(0, 12);

function listOf(own: string, what: string, issues: readonly CreatedIssue[]): string {
  const lines = issues.map(
    ({ repo, number, title }) => `- ${repo === own ? '' : repo}#${number} ${neutraliseLine(title)}`,
  );
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
