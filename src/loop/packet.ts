import type { GateVerdict, JournalEntry, Packet } from '../core/contracts.ts';
import { foldJournal } from '../core/journal.ts';
import { HarnessError } from '../errors.ts';
import { issueRef } from '../leases/lease.ts';
import type { Journal } from '../ports.ts';
import type { Engine } from './engine.ts';
import { issueOf } from './observe.ts';
import { branchOf } from './prepare-session.ts';

/** An issue's newest packet, and what its journal says besides. */
export interface PacketReport {
  readonly repo: string;
  readonly issue: number;
  readonly packet: Packet;
  /** As they stand now: later verdicts take the place of those in the packet. */
  readonly gates: readonly GateVerdict[];
  /** Ended attempts, oldest first. */
  readonly attempts: readonly AttemptReport[];
  /** US dollars over all of them; null: unknown. */
  readonly costUsd: number | null;
  readonly landed: { readonly pull: number; readonly commit: string } | null;
}

export interface AttemptReport {
  readonly attempt: number;
  /** `landed`, or the class of its failure. */
  readonly end: string;
  readonly message: string | null;
}

/** Reads the packet of an issue, or of the issue that a pull request is for. Throws `no-packet`. */
export async function readPacket(engine: Engine, repo: string, number: number): Promise<PacketReport> {
  const { journals } = await engine.refs.read(repo);
  const journal =
    journals.find(({ ref }) => ref === issueRef(number)) ??
    (await journalOfPull(engine, repo, number, journals));
  const packet = journal && (await engine.refs.packet(repo, journal));
  if (!packet) throw new HarnessError('no-packet', `${repo}#${number} has no packet.`);
  return reportOf(repo, journal, packet);
}

function reportOf(repo: string, journal: Journal, packet: Packet): PacketReport {
  const { receipts } = foldJournal(journal.entries);
  const last = receipts.at(-1);
  const isItsEnd = last?.attempt === packet.attempt;
  const gates = [...packet.gates, ...(isItsEnd ? last.gates : [])];
  const costs = receipts.flatMap(({ usage }) => usage?.costUsd ?? []);
  return {
    repo,
    issue: issueOf(journal.ref) ?? 0,
    packet,
    gates: [...new Map(gates.map(gate => [gate.gate, gate])).values()],
    attempts: receipts.map(attemptOf),
    costUsd: costs.length === 0 ? null : costs.reduce((sum, cost) => sum + cost, 0),
    landed: receipts.findLast(({ landed }) => landed)?.landed ?? null,
  };
}

const attemptOf = ({ attempt, failure }: JournalEntry): AttemptReport => ({
  attempt,
  end: failure?.class ?? 'landed',
  message: failure?.message ?? null,
});

/** The journal that names a pull request in a receipt, or whose branch the pull request is of. */
async function journalOfPull(
  { board }: Engine,
  repo: string,
  number: number,
  journals: readonly Journal[],
): Promise<Journal | null> {
  const landed = journals.find(({ entries }) => entries.some(entry => entry.landed?.pull === number));
  if (landed) return landed;
  const { pulls } = await board.snapshot(repo, { maxAgeMs: ANY_AGE_MS });
  const head = pulls.find(pull => pull.number === number)?.head;
  const isOf = ({ ref }: Journal) => branchOf(issueOf(ref) ?? 0) === head;
  return journals.find(isOf) ?? null;
}

const ANY_AGE_MS = 60_000;
