import type { ReadState, StageKind } from './world.ts';

/**
 * One thing to do, with the reason. Agent actions start a session; engine actions need none:
 * - `LAND` takes a session with an outcome, or an interrupted landing, through the gates to its end.
 * - `RELEASE` ends an attempt of ours that has no session any more: receipt, then the lease is given back.
 * - `TAKE_OVER` takes the lease of a holder that is no longer alive, and ends that attempt.
 * - `REAP` ends a session whose issue is no longer ours to work on.
 * - `CUT_OFF` ends a session whose budget, or the day's, is used up; its work is saved.
 * - `CODE_REVIEW` starts a session that reviews a change which is ready but for that; a slot is its own.
 * - `MIRROR` makes an issue's labels match its lease.
 * - `UNREVIEW` takes the reviewed label off a PRD that has an open issue again.
 * - `CLOSE_PRD` and `ARCHIVE` finish a PRD and a plan.
 */
export type Action =
  | {
      /** Injection is a person's own session: no decision starts one. */
      readonly kind: Exclude<StageKind, 'INJECT'>;
      readonly repo: string;
      readonly issue: number | null;
      readonly reason: string;
    }
  | {
      readonly kind: EngineKind;
      readonly repo: string;
      readonly issue: number | null;
      readonly reason: string;
    };

export type EngineKind =
  | 'LAND'
  | 'RELEASE'
  | 'TAKE_OVER'
  | 'REAP'
  | 'CUT_OFF'
  | 'CODE_REVIEW'
  | 'MIRROR'
  | 'UNREVIEW'
  | 'CLOSE_PRD'
  | 'ARCHIVE';

/** Why an issue is not dispatched, in the order in which the reasons are looked at. */
export type HoldCode =
  | 'untrusted-edit'
  | 'blocked'
  | 'prd-blocked'
  | 'prd-cancelled'
  | 'reopened'
  | 'working'
  | 'leased'
  | 'agent-blocked'
  | 'needs-capability'
  | 'scope-busy'
  | 'backoff'
  | 'attempts'
  | 'budget'
  | 'breaker'
  | 'deps'
  | 'paused'
  | 'stale'
  | 'ci-red'
  | 'workflow'
  | 'no-spec'
  | 'no-slot'
  | 'waiting-for-children';

export interface Hold {
  readonly repo: string;
  /** null for a stage of the unit as a whole (PLAN). */
  readonly issue: number | null;
  readonly code: HoldCode;
  /** Every unsatisfied reference as `owner/repo#n`, in order. */
  readonly blockers: readonly string[];
  readonly reason: string;
  /** What would lift it. */
  readonly until: string;
}

export interface UnitDecision {
  readonly id: string;
  readonly repo: string;
  /** The stage that the unit is in, for people. */
  readonly stage: 'PLAN' | 'PRD' | 'DECOMPOSE' | 'IMPL' | 'REVIEW' | 'COMPLETE' | 'IDLE';
  readonly complete: boolean;
  readonly claimable: boolean;
}

/** The codes of findings, in the order in which a unit's are told; scripts may rely on them. */
export const FINDING_CODES = [
  'dependency-cycle',
  'self-block',
  'missing-blocker',
  'cancelled-blocker',
  'unknown-repository',
  'denied-blocker',
  'loose-blocker',
  'stuck-prd',
  'contradictory-labels',
  'untrusted-author',
  'stalled-unit',
] as const;

export type FindingCode = (typeof FINDING_CODES)[number];

/** A state in which nothing can progress, or that a person should know of; stable code, members, fix. */
export interface Finding {
  /** `read-…` of a repository that could not be read is a worker's own; no decision has it. */
  readonly code: FindingCode | `read-${Exclude<ReadState, 'fresh'>}`;
  readonly repo: string;
  readonly issues: readonly number[];
  readonly message: string;
  readonly fix: string;
}

export interface Decision {
  readonly actions: readonly Action[];
  readonly holds: readonly Hold[];
  readonly units: readonly UnitDecision[];
  readonly findings: readonly Finding[];
}
