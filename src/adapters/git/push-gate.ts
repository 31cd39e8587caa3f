import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { HarnessError, messageOf } from '../../errors.ts';
import type { Clock, PushResult, Refs, RefUpdate } from '../../ports.ts';
import { isAlive, type ProcessIdentity } from '../processes.ts';
import { type Answer, answerFor, type PushTurns } from './push-turns.ts';
import { type PushLimit, type Turn, takeTurn, type Waiting } from './take-turn.ts';

/** What GitHub recommends for one repository (GitHub docs, "Repository limits"). */
export const GITHUB_PUSHES: PushLimit = { most: 6, withinMs: 60_000 };

export interface PushGateOptions {
  readonly turnsOf: (repo: string) => PushTurns;
  readonly limit: PushLimit;
  readonly clock: Pick<Clock, 'now'>;
  readonly self: ProcessIdentity;
  /** The same in every process that could send what this one is to send. */
  readonly kin: () => Promise<string>;
}

/** A push of this process, and who waits for it. */
interface Own extends Omit<Waiting, 'isLaid'> {
  readonly updates: readonly RefUpdate[];
  readonly settle: (result: Promise<PushResult> | PushResult) => void;
}

/** How often a process that waits looks whether another one has taken what it has to say. */
const LOOK_MS = 500;

/** Longer than a push and its repetition take; what another process has not told by then is not known. */
const ANSWER_LIMIT_MS = 300_000;

/**
 * Refs whose pushes keep to a limit that all processes share. Those that wait for their turn at the same time, in
 * whichever processes, go in one atomic push; when that does not go through, each by itself.
 */
export function gatePushes(refs: Refs, options: PushGateOptions): Refs {
  const lines = new Map<string, Own[]>();

  function queue(repo: string, own: Own): void {
    const key = repo.toLowerCase();
    const line = lines.get(key);
    line?.push(own);
    if (line !== undefined) return;
    lines.set(key, [own]);
    void serve(repo, key);
  }

  async function serve(repo: string, key: string): Promise<void> {
    const turns = options.turnsOf(repo);
    const laid = new Set<string>();
    let kin: string | null = null;
    for (let line = lines.get(key); line !== undefined && line.length > 0; line = lines.get(key)) {
      if (kin === null && (turns.state.read()?.offers.length ?? 0) > 0) kin = await kinOrNone(options);
      const here = line;
      // Whoever comes while the file is waited for may still go with the others.
      const lineNow = () => here.map(own => ({ ...own, isLaid: laid.has(own.id) }));
      const turn = await ask(turns, lineNow, kin);
      const [gone, own] = [leave(line, turn.gone), leave(line, turn.own)];
      for (const each of gone) void collect(repo, each);
      if (own.length > 0) void send(repo, own, turn.others);
      if (turn.waitMs <= 0) continue;
      kin ??= await kinOrNone(options);
      const isAnyNew = kin !== '' && layDown(turns, line, laid);
      if (!isAnyNew) await sleep(Math.min(turn.waitMs, LOOK_MS));
    }
    lines.delete(key);
  }

  async function ask(turns: PushTurns, lineNow: () => readonly Waiting[], kin: string | null): Promise<Turn> {
    let turn: Turn = { waitMs: LOOK_MS, gone: [], own: [], others: [] };
    await turns.state.change(known => {
      for (const { id, by } of known?.offers ?? []) if (!isAlive(by)) turns.clear(id);
      const taken = takeTurn(known, {
        ...options,
        line: lineNow(),
        kin: kin || null,
        now: options.clock.now(),
      });
      turn = taken.turn;
      return taken.state;
    });
    return turn;
  }

  async function send(repo: string, own: readonly Own[], others: readonly string[]): Promise<void> {
    const turns = options.turnsOf(repo);
    const theirs = others.map(id => ({ id, updates: turns.laid(id) }));
    const together = [...own, ...theirs].flatMap(({ updates }) => updates ?? []);
    const pushed = refs.push(repo, together);
    const isSplitUp = own.length + others.length > 1 && (await isSplit(pushed));
    for (const each of own) {
      turns.clear(each.id);
      if (!isSplitUp) each.settle(pushed);
      else queue(repo, { ...each, isAlone: true });
    }
    if (others.length === 0) return;
    const answer: Answer = isSplitUp ? { kind: 'split' } : await answerOf(pushed);
    const answers = new Map(
      theirs.map(({ id, updates }) => [id, updates === null ? ({ kind: 'split' } as const) : answer]),
    );
    await turns.state.change(known => {
      if (known === null) return null;
      const offers = known.offers.map(offer => ({ ...offer, answer: answers.get(offer.id) ?? offer.answer }));
      return { ...known, offers };
    });
  }

  /** Waits for what another process says of a push that it has taken. */
  async function collect(repo: string, own: Own): Promise<void> {
    const turns = options.turnsOf(repo);
    const answer = await awaitAnswer(turns, own.id);
    turns.clear(own.id);
    await turns.state.change(known => {
      if (known === null) return null;
      return { ...known, offers: known.offers.filter(({ id }) => id !== own.id) };
    });
    if (answer.kind === 'split') queue(repo, { ...own, isAlone: true });
    else own.settle(answer);
  }

  return {
    ...refs,
    push: (repo, updates) =>
      new Promise(settle => {
        const refs = updates.map(({ ref }) => ref);
        queue(repo, { id: randomUUID(), refs, isAlone: false, updates, settle });
      }),
  };
}

/** Takes those out of the line. */
function leave(line: Own[], ids: readonly string[]): readonly Own[] {
  const out = line.filter(({ id }) => ids.includes(id));
  line.splice(0, line.length, ...line.filter(({ id }) => !ids.includes(id)));
  return out;
}

/** Lays down what other processes may send, and is not laid down yet; whether there was any. */
function layDown(turns: PushTurns, line: readonly Own[], laid: Set<string>): boolean {
  const fresh = line.filter(({ id, isAlone, updates }) => {
    // What goes to the archive depends on what its process has read: that stays here.
    const isForOthers = !isAlone && updates.every(({ kind }) => kind !== 'archive');
    return isForOthers && !laid.has(id) && turns.lay(id, updates);
  });
  for (const { id } of fresh) laid.add(id);
  return fresh.length > 0;
}

/** Empty where it cannot be told: then nothing is shared. */
const kinOrNone = ({ kin }: PushGateOptions): Promise<string> => kin().catch(() => '');

async function awaitAnswer(turns: PushTurns, id: string): Promise<Answer> {
  const deadline = performance.now() + ANSWER_LIMIT_MS;
  while (performance.now() < deadline) {
    const offer = turns.state.read()?.offers.find(offer => offer.id === id);
    if (offer?.answer) return offer.answer;
    if (!offer?.takenBy || !isAlive(offer.takenBy)) break;
    await sleep(LOOK_MS / 2);
  }
  return {
    kind: 'unknown',
    reason: 'another process of this host was to send it, and did not say what became of it',
  };
}

/** A failure that is none of those that stand for "nothing has moved" may have come after the push. */
async function answerOf(pushed: Promise<PushResult>): Promise<Answer> {
  try {
    return answerFor(await pushed);
  } catch (error) {
    return { kind: 'unknown', reason: messageOf(error) };
  }
}

/** Whether a push of several failed in a way that may concern only one of them; nothing has moved then. */
async function isSplit(pushed: Promise<PushResult>): Promise<boolean> {
  try {
    return (await pushed).kind === 'lost';
  } catch (error) {
    return error instanceof HarnessError && error.code === 'github-refused';
  }
}
