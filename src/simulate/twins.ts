import { trainRef } from '../landing/boarding.ts';
import type { Engine } from '../loop/engine.ts';
import type { Board, PushResult, Refs, RefsView, RefUpdate } from '../ports.ts';
import type { Alter } from './machines/fleet.ts';

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

type Push = Refs['push'];

/** States as expected whatever is there just now. */
function pushFromAnywhere(refs: Refs): Push {
  return async (repo, updates) => {
    const { journals } = await refs.read(repo);
    const tipOf = (ref: string) => journals.find(journal => journal.ref === ref)?.tip ?? null;
    return refs.push(
      repo,
      updates.map(update =>
        update.kind === 'journal' ? { ...update, expected: tipOf(update.ref) } : update,
      ),
    );
  };
}

/** Sends the branch by itself, whatever became of the journal. */
function pushPiecemeal(refs: Refs): Push {
  return async (repo, updates) => {
    const isBranch = ({ kind }: RefUpdate) => kind === 'branch';
    const records = updates.filter(update => !isBranch(update));
    const result = records.length > 0 ? await refs.push(repo, records) : null;
    const branches = updates.filter(isBranch);
    const moved = branches.length > 0 ? await refs.push(repo, branches) : null;
    return result ?? moved ?? { kind: 'lost', reason: 'nothing to push' };
  };
}

/** Takes an unknown result for a success. */
function pushHopefully(refs: Refs): Push {
  return async (repo, updates) => {
    const result = await refs.push(repo, updates);
    return result.kind === 'unknown' ? pretend(updates) : result;
  };
}

const pretend = (updates: readonly RefUpdate[]): Extract<PushResult, { kind: 'done' }> => ({
  kind: 'done',
  tips: Object.fromEntries(updates.map(({ ref }) => [ref, 'hoped for'])),
});

/** The train is never there, and always free. */
function withoutTrain(refs: Refs): Refs {
  const isTrain = ({ ref }: { readonly ref: string }) => ref.startsWith(trainRef(''));
  const without = (view: RefsView) => ({ ...view, journals: view.journals.filter(one => !isTrain(one)) });
  return {
    ...refs,
    read: async repo => without(await refs.read(repo)),
    push: async (repo, updates) => {
      const others = updates.filter(update => !isTrain(update));
      const rides = pretend(updates.filter(isTrain));
      const pushed = others.length === 0 ? rides : await refs.push(repo, others);
      return pushed.kind === 'done' ? { ...pushed, tips: { ...rides.tips, ...pushed.tips } } : pushed;
    },
  };
}

/** Merges the pull request at whatever head it has. */
function mergeWhatever(board: Board): Board['mergePull'] {
  return async (repo, number, merge) => {
    const { pulls } = await board.snapshot(repo, { maxAgeMs: 0 });
    const sha = pulls.find(pull => pull.number === number)?.headSha ?? merge.sha;
    return board.mergePull(repo, number, { ...merge, sha });
  };
}

/** Remembers each issue as it was read first. */
function readOnce(board: Board): Board['issue'] {
  const known = new Map<string, ReturnType<Board['issue']>>();
  return (repo, number) => {
    const key = `${repo}#${number}`;
    const issue = known.get(key) ?? board.issue(repo, number);
    known.set(key, issue);
    return issue;
  };
}

/** Saves what live agents have, and leaves the name out. */
function pushNameless(refs: Refs): Push {
  const nameless = (update: RefUpdate): RefUpdate =>
    update.kind === 'journal'
      ? {
          ...update,
          entries: update.entries.map(one => (one.op === 'checkpoint' ? { ...one, head: null } : one)),
        }
      : update;
  return (repo, updates) => refs.push(repo, updates.map(nameless));
}

/** Takes saved work for lost that is not here already. */
const fetchOnlyBranches =
  ({ repos }: Engine): Engine['repos']['remoteBranch'] =>
  async (repo, branch) =>
    branch.startsWith('refs/harness/wip/') ? null : repos.remoteBranch(repo, branch);
