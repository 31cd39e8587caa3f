import { isTrain, trainRef } from '../../landing/boarding.ts';
import type { Journal, PushResult, Refs, RefsView, RefUpdate } from '../../ports.ts';

type Push = Refs['push'];

/** States as expected whatever is there just now. */
export function pushFromAnywhere(refs: Refs): Push {
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
export function pushPiecemeal(refs: Refs): Push {
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
export function pushHopefully(refs: Refs): Push {
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
export function withoutTrain(refs: Refs): Refs {
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

/** Saves what live agents have, and leaves the name out. */
export function pushNameless(refs: Refs): Push {
  const nameless = (update: RefUpdate): RefUpdate =>
    update.kind === 'journal'
      ? {
          ...update,
          entries: update.entries.map(one => (one.op === 'checkpoint' ? { ...one, head: null } : one)),
        }
      : update;
  return (repo, updates) => refs.push(repo, updates.map(nameless));
}

/** Sees every train as if its rider had left. */
export function withFreeTrains(refs: Refs): Refs {
  const freed = (journal: Journal): Journal => {
    const last = journal.entries.at(-1);
    if (!isTrain(journal) || !last) return journal;
    return { ...journal, entries: [...journal.entries.slice(0, -1), { ...last, op: 'release' }] };
  };
  return {
    ...refs,
    read: async repo => {
      const view = await refs.read(repo);
      return { ...view, journals: view.journals.map(freed) };
    },
  };
}
