import type { JournalEntry } from '../../core/contracts.ts';
import { PROPOSAL_WORD } from '../../core/held-proposal.ts';
import { injectorOf } from '../../core/injector.ts';
import { foldJournal, type JournalState } from '../../core/journal.ts';
import { isTrain } from '../../landing/boarding.ts';
import type { Remote } from '../github/remote.ts';
import { nameOf, type Process } from '../machines/process.ts';
import { type Scene, subjectOfRef } from './scene.ts';
import type { Rule, Watch } from './watch.ts';

/** Watches every entry that a journal gets: an unbroken chain, one holder at a time, one receipt per attempt. */
export function watchJournals(scene: Scene): Pick<Watch, 'appends' | 'beats'> {
  const attempts = new Set<string>();
  return {
    appends: (remote, { process, before, update }) => {
      const { ref } = update;
      const subject = subjectOfRef(remote, ref);
      if (update.expected !== (before?.tip ?? null)) {
        scene.fail('journal-chain', subject, `${ref} moved from a tip that was not the expected one`);
      }
      let entries = before?.entries ?? [];
      for (const entry of update.entries) {
        const about = { remote, ref, process, state: foldJournal(entries), attempts };
        for (const [rule, message] of [...faultsOfPlace(entry, about), ...faultsOfOp(entry, about, scene)]) {
          scene.fail(rule, subject, `${entry.op} of epoch ${entry.epoch}, seq ${entry.seq}: ${message}`);
        }
        if (entry.op === 'claim') attempts.add(keyOf(ref, entry));
        if (opensEpoch(entry)) scene.signs.taken(remote, ref);
        entries = [...entries, entry];
        scene.universe().trace.note(nameOf(process), subject, describe(ref, entry));
      }
      scene.signs.note(remote, ref, process.machine.fleet);
    },
    beats: (remote, { fleet, leases }) => {
      for (const { ref, epoch } of leases) {
        const { holder, epoch: current } = foldJournal(remote.journals.get(ref)?.entries ?? []);
        if (holder?.fleet === fleet && epoch === current) scene.signs.note(remote, ref, fleet);
      }
    },
  };
}

interface About {
  readonly remote: Remote;
  readonly ref: string;
  readonly process: Process;
  /** What the journal said before the entry. */
  readonly state: JournalState;
  /** Every attempt that was ever claimed. */
  readonly attempts: ReadonlySet<string>;
}

type Fault = readonly [Rule, string];

const opensEpoch = ({ op }: JournalEntry) => op === 'claim' || op === 'takeover';

/** A person's word for the next attempt; said of a proposal that waits, it is a word for this one. */
const isWord = ({ op }: JournalEntry, { state }: About) =>
  op === 'retry' || (op === 'answer' && !state.landing?.gates.some(({ gate }) => gate === PROPOSAL_WORD));

const keyOf = (ref: string, { session }: JournalEntry) => `${ref} ${session}`;

function faultsOfPlace(entry: JournalEntry, about: About): readonly Fault[] {
  const { state, process } = about;
  const opens = opensEpoch(entry);
  const faults: Fault[] = [];
  if (entry.seq !== state.seq + 1) faults.push(['journal-chain', `follows seq ${state.seq}`]);
  if (entry.epoch !== state.epoch + (opens ? 1 : 0))
    faults.push(['journal-chain', `follows epoch ${state.epoch}`]);
  const { fleet } = process.machine;
  if (entry.fleet !== fleet && entry.fleet !== injectorOf(fleet))
    faults.push(['journal-chain', `is in the name of ${entry.fleet}`]);
  const holder = state.holder?.fleet;
  if (isWord(entry, about))
    faults.push(...fault(holder !== undefined, 'journal-chain', `${holder} holds it`));
  else if (!opens && holder !== entry.fleet) faults.push(['journal-chain', `${holder ?? 'nobody'} holds it`]);
  return faults;
}

function faultsOfOp(entry: JournalEntry, about: About, scene: Scene): readonly Fault[] {
  const { state, ref, attempts } = about;
  if (isTrain({ ref })) return faultsOfTrain(entry, about);
  switch (entry.op) {
    case 'claim':
      return [
        ...fault(state.holder !== null, 'journal-chain', `${state.holder?.fleet} holds it`),
        ...fault(state.open !== null, 'one-receipt', `attempt ${state.open?.attempt} has no receipt`),
        ...fault(attempts.has(keyOf(ref, entry)), 'one-receipt', 'its attempt was there before'),
      ];
    case 'receipt':
      return fault(state.open?.session !== entry.session, 'one-receipt', 'is for no open attempt');
    case 'takeover':
      return faultsOfTakeover(entry, about, scene);
    default:
      return [];
  }
}

/** A train belongs to an attempt, until that has its receipt. */
function faultsOfTrain(entry: JournalEntry, { remote, state: { holder, open } }: About): readonly Fault[] {
  const rider = [...remote.journals.values()].find(
    journal => !isTrain(journal) && foldJournal(journal.entries).open?.session === open?.session,
  );
  const isTaken = entry.op !== 'release' && holder !== null && rider !== undefined;
  return fault(isTaken && entry.session !== open?.session, 'one-train', `${holder?.fleet} rides in it`);
}

function faultsOfTakeover(
  entry: JournalEntry,
  { remote, ref, state: { holder } }: About,
  { universe, signs }: Scene,
): readonly Fault[] {
  if (!holder) return [];
  const { machines, rules } = universe();
  if (holder.fleet === entry.fleet) {
    const processes = machines.find(({ fleet }) => fleet === holder.fleet)?.processes ?? [];
    const lives = processes.some(({ id, isAlive }) => id === holder.worker && isAlive);
    return fault(lives && holder.worker !== entry.worker, 'no-early-takeover', `${holder.worker} lives`);
  }
  const quietMs = signs.quietMs(remote, ref, holder.fleet);
  const seconds = Math.round(quietMs / 1000);
  const longMs = rules.leaseTtlMs * ALMOST;
  // Who comes back after too long may be too late: the takeover was decided already, and is on its way.
  const isJustBack = quietMs < ON_ITS_WAY_MS && signs.gapMs(remote, ref, holder.fleet) >= longMs;
  return fault(
    quietMs < longMs && !isJustBack,
    'no-early-takeover',
    `${holder.fleet} gave a sign of life ${seconds} s ago`,
  );
}

const ON_ITS_WAY_MS = 25_000;

// The machines' monotonic clocks run up to half a percent too fast or too slowly.
const ALMOST = 0.99;

const fault = (isFault: boolean, rule: Rule, message: string): readonly Fault[] =>
  isFault ? [[rule, message]] : [];

function describe(ref: string, { op, epoch, attempt, head, failure, landed }: JournalEntry): string {
  const facts = [
    `${op} of ${ref.slice('refs/harness/'.length)}, epoch ${epoch}, attempt ${attempt}`,
    ...(head ? [`head ${head}`] : []),
    ...(failure ? [`${failure.class}: ${failure.message}`] : []),
    ...(landed ? [`landed #${landed.pull} as ${landed.commit}`] : []),
  ];
  return facts.join(', ');
}
