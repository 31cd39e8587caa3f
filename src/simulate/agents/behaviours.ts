import type { OutcomeStatus } from '../../core/contracts.ts';
import type { Files } from '../git/objects.ts';
import { fulfil, spoil, type Wish, withTest } from '../project.ts';

/** How an agent goes about an issue. */
export type Behaviour =
  | 'good'
  | 'slow'
  /** Says done; the verification will not. */
  | 'wrong'
  /** Says done, and has committed nothing. */
  | 'idle'
  /** Leaves work uncommitted. */
  | 'untidy'
  /** Stops without an outcome. */
  | 'silent'
  /** Leaves a file that is no outcome. */
  | 'garbled'
  /** Ends in a crash, half done. */
  | 'dying'
  /** Never stops by itself. */
  | 'endless'
  /** Says that it is blocked, or gives up. */
  | 'blocked'
  | 'failed'
  /** Puts its branch on commits of its own making, so that it does not descend from its start. */
  | 'rewriting'
  /** Goes on committing after it said done. */
  | 'restless'
  /** Fixes a bug without a test for it. */
  | 'untested';

/** How often each behaviour is met, in proportion to the others. */
export type AgentMix = Readonly<Record<Behaviour, number>>;

export const USUAL_AGENTS: AgentMix = {
  good: 55,
  slow: 10,
  wrong: 6,
  idle: 3,
  untidy: 3,
  silent: 4,
  garbled: 3,
  dying: 5,
  endless: 2,
  blocked: 2,
  failed: 2,
  rewriting: 2,
  restless: 3,
  untested: 0,
};

/** What a behaviour leaves behind when the agent stops. */
export interface Work {
  readonly tookMs: readonly [number, number];
  /** The commits to make, each a state of all files, oldest first. */
  readonly commits: readonly Files[];
  readonly leaves: 'clean' | 'dirty' | 'rewritten';
  readonly outcome: OutcomeStatus | 'none' | 'invalid';
  readonly exit: { readonly code: number | null; readonly signal: string | null };
}

/** What an agent starts from and is to do. */
export interface Order {
  readonly files: Files;
  readonly issue: number;
  readonly wish: Wish;
  readonly attempt: number;
  /** It is a bug: the work is to bring a test. */
  readonly isFix: boolean;
}

const CLEAN = { code: 0, signal: null };

/** What an agent with this behaviour does to the files of its start. */
export function workOf(behaviour: Behaviour, { files, isFix, ...order }: Order): Work {
  const { issue } = order;
  const fulfilled = fulfil(files, order);
  const done = isFix && behaviour !== 'untested' ? withTest(fulfilled, issue) : fulfilled;
  const usual: Work = {
    tookMs: [5_000, 60_000],
    commits: [done],
    leaves: 'clean',
    outcome: 'done',
    exit: CLEAN,
  };
  switch (behaviour) {
    case 'good':
    case 'restless':
    case 'untested':
      return usual;
    case 'slow':
      return { ...usual, tookMs: [60_000, 150_000] };
    case 'wrong':
      return { ...usual, commits: [spoil(done, issue)] };
    case 'idle':
      return { ...usual, commits: [] };
    case 'untidy':
      return { ...usual, leaves: 'dirty' };
    case 'silent':
      return { ...usual, outcome: 'none' };
    case 'garbled':
      return { ...usual, outcome: 'invalid' };
    case 'dying':
      return {
        ...usual,
        commits: [spoil(files, issue)],
        outcome: 'none',
        exit: { code: null, signal: 'SIGSEGV' },
      };
    case 'endless':
      return { ...usual, tookMs: [Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER] };
    case 'blocked':
      return { ...usual, commits: [], outcome: 'blocked' };
    case 'failed':
      return { ...usual, commits: [], outcome: 'failed' };
    case 'rewriting':
      return { ...usual, leaves: 'rewritten' };
    default:
      return behaviour satisfies never;
  }
}
