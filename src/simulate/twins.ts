import type { Engine } from '../loop/engine.ts';
import type { Board, Log, Refs } from '../ports.ts';
import type { Alter } from './machines/fleet.ts';
import {
  closeUnseenMerges,
  mergeHopefully,
  mergeWhatever,
  readAsOpen,
  readOnce,
  writeAllParts,
} from './without/board.ts';
import {
  pushFromAnywhere,
  pushHopefully,
  pushNameless,
  pushPiecemeal,
  withFreeTrains,
  withoutTrain,
} from './without/refs.ts';

/** The engine with one line of defence taken away; a simulation that is worth its name finds out. */
export interface Twin {
  /** What is taken away. */
  readonly defence: string;
  readonly alter: Alter;
}

const leaveAsIs: Alter = engine => engine;

/** Every twin by its name; the engine as it is has the name `nothing`. */
export const TWINS = {
  nothing: { defence: 'nothing', alter: leaveAsIs },
  compare: {
    defence: 'a lease moves only from the tip that was read',
    alter: engine => withRefs(engine, refs => ({ ...refs, push: pushFromAnywhere(refs) })),
  },
  fence: {
    defence: 'a branch moves only together with the journal of its lease',
    alter: engine => withRefs(engine, refs => ({ ...refs, push: pushPiecemeal(refs) })),
  },
  unknown: {
    defence: 'a push without an answer counts neither as done nor as lost',
    alter: engine => withRefs(engine, refs => ({ ...refs, push: pushHopefully(refs) })),
  },
  nonce: {
    defence: 'every attempt has a random name',
    alter: engine => ({ ...engine, clock: { ...engine.clock, nonce: () => '0'.repeat(24) } }),
  },
  deadline: {
    defence: 'nothing public is done under a lease that was not proven for too long',
    alter: engine => ({ ...engine, proofs: { ...engine.proofs, holds: () => true } }),
  },
  record: {
    defence: 'a host record never brings back a lease that was not proven for too long',
    alter: engine => ({ ...engine, proofs: { ...engine.proofs, listed: engine.proofs.moved } }),
  },
  patience: {
    defence: 'a lease is taken over only after the time-to-live',
    alter: engine => ({ ...engine, host: { ...engine.host, isGone: () => true } }),
  },
  train: {
    defence: 'one landing at a time on a base',
    alter: engine => ({
      ...withRefs(engine, withoutTrain),
      train: { ride: (_key, ride) => ride(), isBusy: () => false },
    }),
  },
  verify: {
    defence: 'HARNESS_VERIFY has the last word',
    alter: engine => ({
      ...engine,
      commands: { run: async () => ({ exit: 0, timedOut: false, seconds: 0, tail: '' }) },
    }),
  },
  head: {
    defence: 'a pull request is merged only at the head that was verified',
    alter: engine => withBoard(engine, board => ({ ...board, mergePull: mergeWhatever(board) })),
  },
  reread: {
    defence: 'an issue is read again before it is begun and before it is merged',
    alter: engine => withBoard(engine, board => ({ ...board, issue: readOnce(board) })),
  },
  people: {
    defence: 'a branch is moved only from where the engine itself has put it',
    alter: engine => ({ ...engine, repos: { ...engine.repos, isAncestor: async () => true } }),
  },
  comment: {
    defence: 'a comment is found by its key before a new one is made',
    alter: engine =>
      withBoard(engine, board => ({
        ...board,
        putComment: (repo, number, { body }) =>
          board.putComment(repo, number, { body, key: engine.clock.nonce() }),
      })),
  },
  save: {
    defence: 'what is in a worktree is saved before that is removed',
    alter: engine => ({ ...engine, repos: { ...engine.repos, saveWorktree: async () => null } }),
  },
  checkpoint: {
    defence: 'what live agents have is saved every HARNESS_CHECKPOINT seconds',
    alter: engine => ({ ...engine, settings: { ...engine.settings, HARNESS_CHECKPOINT: 0 } }),
  },
  name: {
    defence: 'the journal names what was saved, in the push that saves it',
    alter: engine => withRefs(engine, refs => ({ ...refs, push: pushNameless(refs) })),
  },
  fetch: {
    defence: 'what was saved is fetched before an attempt is ended, or begun, in its place',
    alter: engine => ({ ...engine, repos: { ...engine.repos, remoteBranch: fetchOnlyBranches(engine) } }),
  },
  ride: {
    defence: 'nobody takes a train that somebody rides in',
    alter: engine => withRefs(engine, withFreeTrains),
  },
  merged: {
    defence: 'a pull request that is merged counts as that',
    alter: engine => withBoard(engine, board => ({ ...board, pullsOf: closeUnseenMerges(board) })),
  },
  hope: {
    defence: 'a merge counts as done only when GitHub says so',
    alter: engine => withBoard(engine, board => ({ ...board, mergePull: mergeHopefully(board) })),
  },
  closed: {
    defence: 'a closed issue is not worked on',
    alter: engine => withBoard(engine, readAsOpen),
  },
  part: {
    defence: 'a change of an issue names only what is to change',
    alter: engine => withBoard(engine, writeAllParts),
  },
  litter: {
    defence: 'what an attempt leaves on a host is removed',
    alter: engine => ({ ...engine, repos: { ...engine.repos, removeWorktree: async () => undefined } }),
  },
  catch: {
    defence: 'a turn that fails is taken again',
    alter: engine => ({ ...engine, log: { ...engine.log, warn: throwFailedTurns(engine.log.warn) } }),
  },
  sight: {
    defence: 'a session that is about to start takes its slot',
    alter: engine => ({
      ...engine,
      sessions: {
        ...engine.sessions,
        list: async () => (await engine.sessions.list()).filter(({ state }) => state !== 'starting'),
      },
    }),
  },
} as const satisfies Record<string, Twin>;

export type TwinName = keyof typeof TWINS;

export const isTwinName = (name: string): name is TwinName => Object.hasOwn(TWINS, name);

const withRefs = (engine: Engine, alter: (refs: Refs) => Refs): Engine => ({
  ...engine,
  refs: alter(engine.refs),
});

const withBoard = (engine: Engine, alter: (board: Board) => Board): Engine => ({
  ...engine,
  board: alter(engine.board),
});

/** Takes saved work for lost that is not here already. */
const fetchOnlyBranches =
  ({ repos }: Engine): Engine['repos']['remoteBranch'] =>
  async (repo, branch) =>
    branch.startsWith('refs/harness/wip/') ? null : repos.remoteBranch(repo, branch);

/** As if nobody had caught what a failed turn says. */
const throwFailedTurns =
  (warn: Log['warn']): Log['warn'] =>
  (text, facts) => {
    if (text.startsWith('turn failed')) throw new Error(text);
    warn(text, facts);
  };
