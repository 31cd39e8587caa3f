import type { JournalEntry } from '../core/contracts.ts';
import { makePublishable, type Withheld } from '../core/publishable.ts';
import type { Board, Refs, RefUpdate } from '../ports.ts';

/** The two ports through which text leaves this host. */
export interface Outlets {
  readonly board: Board;
  readonly refs: Refs;
}

/**
 * The outlets with every text that they publish freed of secrets and of what tells where it was written. What a
 * gate let pass, or what no gate looks at (an output, the message of an error), goes through here all the same.
 */
export function publishSafely({ board, refs }: Outlets, withheld: () => Promise<Withheld>): Outlets {
  const cleaner = async () => {
    const known = await withheld();
    return (text: string) => makePublishable(text, known);
  };
  return {
    board: {
      ...board,
      updateIssue: async (repo, number, { title, body, ...change }) => {
        const clean = await cleaner();
        const texts = {
          ...(title === undefined ? {} : { title: clean(title) }),
          ...(body === undefined ? {} : { body: clean(body) }),
        };
        return board.updateIssue(repo, number, { ...change, ...texts });
      },
      createIssue: async (repo, { title, body, labels }) => {
        const clean = await cleaner();
        return board.createIssue(repo, { title: clean(title), body: clean(body), labels });
      },
      putComment: async (repo, number, { key, body }) =>
        board.putComment(repo, number, { key, body: (await cleaner())(body) }),
      openPull: async (repo, draft) => {
        const clean = await cleaner();
        return board.openPull(repo, { ...draft, title: clean(draft.title), body: clean(draft.body) });
      },
      mergePull: async (repo, number, merge) => {
        const clean = await cleaner();
        const texts = { title: clean(merge.title), message: clean(merge.message) };
        return board.mergePull(repo, number, { ...merge, ...texts });
      },
    },
    refs: {
      ...refs,
      push: async (repo, updates) => {
        const clean = await cleaner();
        return refs.push(
          repo,
          updates.map(update => cleanUpdate(update, clean)),
        );
      },
    },
  };
}

type Clean = (text: string) => string;

function cleanUpdate(update: RefUpdate, clean: Clean): RefUpdate {
  if (update.kind !== 'journal') return update;
  const { attachments, entries, ...rest } = update;
  const files = Object.entries(attachments ?? {}).map(([name, text]) => [name, clean(text)] as const);
  return {
    ...rest,
    entries: entries.map(entry => cleanEntry(entry, clean)),
    ...(attachments ? { attachments: Object.fromEntries(files) } : {}),
  };
}

// Everything else in an entry is a name, a number or a digest that the engine made.
function cleanEntry(entry: JournalEntry, clean: Clean): JournalEntry {
  const { gates, failure, question, answer, discoveries } = entry;
  return {
    ...entry,
    gates: gates.map(gate => ({ ...gate, reason: clean(gate.reason) })),
    ...(discoveries === undefined ? {} : { discoveries: discoveries.map(clean) }),
    ...(question === undefined ? {} : { question: clean(question) }),
    ...(answer === undefined ? {} : { answer: clean(answer) }),
    ...(failure
      ? { failure: { ...failure, message: clean(failure.message), signature: clean(failure.signature) } }
      : {}),
  };
}
