import type { HostRecordBody, Journal, Oid, RefUpdate, SessionPlan } from '../../ports.ts';
import type { Commit, Tree } from '../git/objects.ts';
import type { Remote, RemotePull } from '../github/remote.ts';
import type { Machine } from '../machines/machine.ts';
import type { Process } from '../machines/process.ts';
import type { PublicWrite } from '../network.ts';

/** A promise that was not kept. */
export interface Violation {
  readonly rule: Rule;
  /** True milliseconds. */
  readonly at: number;
  /** `owner/repo#n`; null when it is about no issue. */
  readonly subject: string | null;
  readonly message: string;
}

/** The promises, each by its name in `docs/reliability.md`. */
export const RULES = [
  'one-live-attempt',
  'no-early-takeover',
  'launch-under-lease',
  'journal-chain',
  'one-receipt',
  'one-train',
  'verified-merge',
  'honest-read-back',
  'honest-receipt',
  'one-merge',
  'wanted-merge',
  'one-comment',
  'slots',
  'never-reopens',
  'closes-landed',
  'keeps-labels',
  'keeps-pushes',
  'keeps-work',
  'keeps-checkpoints',
  'fenced-branch',
  'writes-under-lease',
  'survives-errors',
  'converges',
  'leaves-nothing',
] as const;

export type Rule = (typeof RULES)[number];

export const isRule = (name: string): name is Rule => RULES.some(rule => rule === name);

/** Sees everything that happens and says when a promise is broken. Called right before a change is made. */
export interface Watch {
  readonly violations: readonly Violation[];
  readonly fail: (rule: Rule, subject: string | null, message: string) => void;
  readonly appends: (
    remote: Remote,
    append: {
      readonly process: Process;
      readonly before: Journal | null;
      readonly update: Extract<RefUpdate, { kind: 'journal' }>;
    },
  ) => void;
  readonly beats: (remote: Remote, body: HostRecordBody) => void;
  readonly movesBranch: (
    remote: Remote,
    move: {
      readonly process: Process;
      readonly ref: string;
      readonly from: Oid | null;
      readonly to: Oid | null;
    },
  ) => void;
  /** A process sends a request that changes what people see of an issue. */
  readonly sends: (process: Process, write: PublicWrite & { readonly name: string }) => void;
  readonly comments: (process: Process, write: PublicWrite, key: string) => void;
  readonly labels: (
    process: Process,
    remote: Remote,
    change: { readonly issue: number; readonly from: readonly string[]; readonly to: readonly string[] },
  ) => void;
  /** The engine closes an issue that is open. */
  readonly closes: (remote: Remote, issue: number) => void;
  readonly reopens: (remote: Remote, issue: number, by: 'engine' | 'person') => void;
  readonly merged: (
    remote: Remote,
    merge: { readonly pull: RemotePull; readonly base: Oid; readonly commit: Commit },
  ) => void;
  /** A person has moved the base. */
  readonly basePushed: (remote: Remote) => void;
  /** HARNESS_VERIFY said yes to a checkout. */
  readonly verified: (tree: Tree) => void;
  /** A machine is about to remove a worktree, or a checkout. */
  readonly removes: (machine: Machine, path: string) => void;
  /** Looks whether what agents have written is saved in time. */
  readonly lookAtLiveWork: () => void;
  readonly reserves: (machine: Machine, plan: SessionPlan) => void;
  /** A process that asked for it at `begunAt` starts an agent. */
  readonly launches: (
    process: Process,
    launch: { readonly plan: SessionPlan; readonly begunAt: number },
  ) => void;
}
