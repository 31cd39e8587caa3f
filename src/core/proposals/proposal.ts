import type { ContestEntry } from '../gauntlet.ts';

/**
 * What the sessions of each stage propose. The engine validates a proposal as a whole and makes it real; an
 * agent never writes to GitHub.
 */
export type Proposal =
  | PlanProposal
  | PrdsProposal
  | ChildrenProposal
  | ReviewProposal
  | JudgementProposal
  | ReplanProposal
  | TriageProposal
  | AdditionsProposal
  | FiledProposal;

/** PLAN: the text of PLAN.md. */
export interface PlanProposal {
  readonly kind: 'plan';
  readonly text: string;
}

/** PRD: one for each independent stream of work. */
export interface PrdsProposal {
  readonly kind: 'prds';
  readonly prds: readonly ProposedPrd[];
}

export interface ProposedPrd {
  /** Names it within the proposal: small letters, digits and hyphens. */
  readonly key: string;
  readonly title: string;
  readonly problem: string;
  /** What belongs to it, and what does not. */
  readonly boundaries: string;
  /** Each can be tested; the engine numbers them from 1. */
  readonly criteria: readonly string[];
  readonly qualityBar?: string | undefined;
  /** Keys of this proposal, `#5` or `owner/repo#5`. */
  readonly blockedBy: readonly string[];
  /** As in `ProposedSlice`. */
  readonly unit?: string | undefined;
}

/** DECOMPOSE: the vertical slices of one PRD. */
export interface ChildrenProposal {
  readonly kind: 'children';
  readonly children: readonly ProposedSlice[];
}

export type Size = 'small' | 'medium' | 'large';

export interface ProposedChild {
  readonly key: string;
  readonly title: string;
  readonly body: string;
  /** Ids of the PRD's criteria that it helps to meet. */
  readonly covers: readonly string[];
  /** Its own acceptance criteria. */
  readonly acceptance: readonly string[];
  readonly blockedBy: readonly string[];
  /** Paths that it will change, relative to the repository. */
  readonly scope: readonly string[];
  readonly size: Size;
}

/** An issue that may be work of another unit: it is filed in that unit's repository. */
export interface ProposedSlice extends ProposedChild {
  /** Id of the unit; left out for the one that the proposal is of. */
  readonly unit?: string | undefined;
}

/** REVIEW: a verdict on each of the PRD's criteria, and an issue for what is missing. */
export interface ReviewProposal {
  readonly kind: 'review';
  readonly criteria: readonly Verdict[];
  readonly gaps: readonly ProposedSlice[];
  /** With a quality bar and every criterion met: what both gave for each of its tasks. */
  readonly contest?: readonly ContestEntry[] | undefined;
}

/** REPLAN: what becomes of an issue that agents fail at again and again. */
export interface ReplanProposal {
  readonly kind: 'replan';
  readonly number: number;
  /** New issues that are split off; it waits for all of them. */
  readonly parts: readonly ProposedChild[];
  readonly rewrite: ProposedChild;
}

/** JUDGE: which of two outputs without a name is better, task by task. */
export interface JudgementProposal {
  readonly kind: 'judgement';
  readonly tasks: readonly {
    readonly task: string;
    readonly better: 'A' | 'B' | 'equal';
    readonly reason: string;
  }[];
}

export interface Verdict {
  readonly id: string;
  readonly verdict: 'met' | 'unmet' | 'unclear';
  /** What shows it, on the commit that was looked at. */
  readonly evidence: string;
}

/** TRIAGE: what a bug report turned out to be. */
export interface TriageProposal {
  readonly kind: 'triage';
  readonly verdict: 'bug' | 'not-a-bug' | 'duplicate' | 'needs-information';
  /** The root cause, or why it is none. */
  readonly cause: string;
  /** The refined report; empty unless it is a bug. */
  readonly body: string;
  readonly acceptance: readonly string[];
  readonly scope: readonly string[];
  /** `#5`, for a duplicate. */
  readonly duplicateOf?: string | undefined;
  readonly question?: string | undefined;
}

/** INJECT: what a sentence of a person adds to the work that is there. */
export interface AdditionsProposal {
  readonly kind: 'additions';
  readonly prds: readonly ProposedPrd[];
  readonly issues: readonly ProposedAddition[];
  /** Numbers of closed PRDs that are opened again, since issues are added to them. */
  readonly reopen: readonly number[];
}

export interface ProposedAddition extends ProposedSlice {
  /** The PRD that it belongs to; null for none. */
  readonly parent: number | null;
}

/** The issues of a person's file, in their own words; no agent proposes this. */
export interface FiledProposal {
  readonly kind: 'filed';
  readonly issues: readonly FiledIssue[];
}

export interface FiledIssue {
  readonly key: string;
  readonly title: string;
  readonly body: string;
  readonly labels: readonly string[];
  /** Keys of this proposal, `#5` or `owner/repo#5`. */
  readonly blockedBy: readonly string[];
}
