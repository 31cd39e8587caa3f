import { chooseAgent, profileName } from '../core/agent-choice.ts';
import { readBoard, type UnitBoard } from '../core/board.ts';
import type { Usage } from '../core/contracts.ts';
import { injectorOf } from '../core/injector.ts';
import { foldJournal } from '../core/journal.ts';
import { planLineIn } from '../core/plan-line.ts';
import type { AdditionsProposal, FiledProposal, Proposal } from '../core/proposals/proposal.ts';
import { trustOf } from '../core/rules/trust.ts';
import { differenceSince, type SeenIssues } from '../core/seen-issues.ts';
import { unitsOf } from '../core/units.ts';
import type { World } from '../core/world.ts';
import { HarnessError, messageOf } from '../errors.ts';
import { sha256 } from '../leases/digest.ts';
import { appendToLease, type Lease } from '../leases/lease.ts';
import { judgeProposal } from '../pipeline/accept.ts';
import type { CreatedIssue } from '../pipeline/create-issues.ts';
import { makeAdded } from '../pipeline/make-additions.ts';
import { originOf } from '../pipeline/make-real.ts';
import { PLAN_FILE } from '../pipeline/plan-files.ts';
import type { Oid, Snapshot } from '../ports.ts';
import { PROPOSAL_NAME, resumeProposal } from './accept-proposal.ts';
import { takeoverBy } from './act.ts';
import { pushClaim } from './claim.ts';
import type { Engine } from './engine.ts';
import { keepLease } from './keep-lease.ts';
import { journalIn, look, repoStateOf } from './observe.ts';
import { leaseFrom } from './open-attempt.ts';
import { askSecretsIn } from './secrets.ts';
import { endAttempt } from './settle.ts';

/** What a person adds to the work of a unit. */
export interface Injection {
  readonly repo: string;
  readonly unit: string;
  /** Whether a session proposed it, or a file says it. */
  readonly kind: 'INJECT' | 'FILE';
  readonly value: unknown;
  /** The issues as they were when it was proposed; null when it rests on none. */
  readonly seen: SeenIssues | null;
  /** Digest of what was asked for: the same command is known again by it. */
  readonly asked: string;
  /** Names the session, or this run of the command. */
  readonly nonce: string;
  readonly base: Oid | null;
  readonly usage: Usage | null;
  /** Name of the session's log on this host; null where there was none. */
  readonly log: string | null;
}

/** What came of it, or would. */
export type InjectionVerdict =
  | { readonly kind: 'accepted'; readonly proposal: AdditionsProposal | FiledProposal }
  | { readonly kind: 'refused'; readonly problems: readonly string[] }
  /** The issues are no longer those that were seen. */
  | { readonly kind: 'changed'; readonly differences: readonly string[] };

export type Injected =
  | { readonly kind: 'added'; readonly issues: readonly CreatedIssue[] }
  | Exclude<InjectionVerdict, { kind: 'accepted' }>;

/** The engine of a person's command, which holds what it takes beside the workers of its fleet. */
export function asInjector(engine: Engine): Engine {
  const { host } = engine;
  const { fleet } = host.identity;
  return { ...engine, host: { ...host, identity: { ...host.identity, fleet: injectorOf(fleet) } } };
}

/** Judges an injection on the repository as it is now. Throws `github-unreachable` when that can't be seen. */
export async function judgeInjection(
  engine: Engine,
  { repo, kind, value, seen }: Injection,
): Promise<InjectionVerdict> {
  const { world } = await look(engine);
  if (seen !== null) {
    const differences = differenceSince(seen, await unitIn(engine, world, repo), sha256);
    if (differences.length > 0) return { kind: 'changed', differences };
  }
  const judged = await judgeProposal(engine.board, world, { stage: kind, repo, value, issue: null });
  if (judged.kind === 'refused') return judged;
  const { proposal } = judged;
  const secrets = await askSecretsIn(engine, proposal);
  if (secrets.failure) return { kind: 'refused', problems: [secrets.failure.message] };
  if (!isAdded(proposal)) return { kind: 'refused', problems: ['it is no addition'] };
  return { kind: 'accepted', proposal };
}

/** A unit's issues as they are now. Throws `github-unreachable` when they can't be seen. */
export async function unitNow(engine: Engine, repo: string): Promise<UnitBoard> {
  const { world } = await look(engine);
  return unitIn(engine, world, repo);
}

async function unitIn(engine: Engine, world: World, repo: string): Promise<UnitBoard> {
  const snapshot = await freshSnapshot(engine, repo);
  const state = repoStateOf(snapshot, trustOf(engine.settings, world.login));
  const unit = readBoard({ ...world, repos: { ...world.repos, [repo]: state } }).units.find(
    one => one.unit.repo.toLowerCase() === repo.toLowerCase(),
  );
  if (!unit) throw new HarnessError('usage-invalid', `${repo} is no repository of this fleet.`);
  return unit;
}

async function freshSnapshot({ board }: Engine, repo: string): Promise<Snapshot> {
  const snapshot = await board.snapshot(repo, { maxAgeMs: 0 });
  if (snapshot.read === 'fresh') return snapshot;
  throw new HarnessError('github-unreachable', `${repo} can't be seen now: ${snapshot.problem ?? ''}`);
}

const isAdded = (proposal: Proposal): proposal is AdditionsProposal | FiledProposal =>
  proposal.kind === 'additions' || proposal.kind === 'filed';

/**
 * Makes an injection real under the lease of the unit's stages: judged once more, kept in the journal, created. From
 * the moment that the journal has it anybody finishes it: this command when it is run again, or the next tick of a fleet.
 * Throws `stage-held` when somebody works on a stage of the unit.
 */
export async function inject(engine: Engine, injection: Injection): Promise<Injected> {
  const lease = await claim(engine, injection);
  const verdict = await judgeInjection(engine, injection).catch(async (error: unknown) => {
    await giveBack(engine, lease, messageOf(error)).catch(() => undefined);
    throw error;
  });
  if (verdict.kind !== 'accepted') {
    await giveBack(engine, lease, 'what was to be added was refused');
    return verdict;
  }
  const { proposal } = verdict;
  const { base } = injection;
  const kept = await appendToLease(engine, lease, [{ op: 'landing', facts: { base, head: base } }], {
    attachments: { [PROPOSAL_NAME]: JSON.stringify(proposal) },
  });
  if (kept.kind !== 'done') throw unfinished(kept.reason);
  return {
    kind: 'added',
    issues: await finish(engine, kept.lease, { proposal, usage: injection.usage, log: injection.log }),
  };
}

/** An injection that had died on its way, and was finished now. */
export interface FinishedInjection {
  /** As in `Injection`. */
  readonly asked: string;
  readonly issues: readonly CreatedIssue[];
}

/**
 * Finishes what an earlier command of this fleet had begun when it died; null when there is nothing. Throws
 * `stage-held` when somebody who lives works on a stage of the unit.
 */
export async function finishInjection(
  engine: Engine,
  place: Pick<Injection, 'repo' | 'unit'>,
): Promise<FinishedInjection | null> {
  const { repo } = place;
  const journal = await stageJournal(engine, place);
  const { holder, landing } = foldJournal(journal?.entries ?? []);
  const lease = journal ? leaseFrom(repo, journal) : null;
  if (!journal || !lease || !holder) return null;
  const isOwn = holder.fleet === engine.host.identity.fleet;
  if (!isOwn || !engine.host.isGone(holder)) throw heldBy(repo, `${holder.fleet} (${lease.last.kind})`);
  const taken = await appendToLease(engine, lease, [takeoverBy(engine)]);
  if (taken.kind !== 'done') throw heldBy(repo, taken.reason);
  if (!landing) {
    await giveBack(engine, taken.lease, 'its command was ended');
    return null;
  }
  const { proposal } = await resumeProposal(engine, { lease: taken.lease, journal }, landing);
  if (!isAdded(proposal)) throw new HarnessError('engine-failed', 'The journal holds another proposal.');
  const issues = await finish(engine, taken.lease, { proposal, usage: null, log: null });
  return { asked: landing.bodyHash, issues };
}

async function claim(engine: Engine, injection: Injection): Promise<Lease> {
  const { repo, unit, kind, nonce, asked, base } = injection;
  const readAt = engine.proofs.moment();
  const journal = await stageJournal(engine, injection);
  const state = foldJournal(journal?.entries ?? []);
  if (state.holder) throw heldBy(repo, state.holder.fleet);
  const attempt = state.attempts + 1;
  const work = {
    ...{ repo, unit, issue: null, kind, attempt, nonce, bodyHash: asked, base },
    ...(kind === 'INJECT' ? { profile: injectorProfile(engine) } : {}),
  };
  const taken = await pushClaim(engine, { work, journal, state, readAt });
  if (taken.kind === 'done') return taken.lease;
  throw heldBy(repo, taken.reason);
}

/** The agent that is asked for additions, as journals name it. */
export const injectorProfile = ({ settings }: Engine) => profileName(chooseAgent(settings, 'INJECT', null));

async function stageJournal({ refs }: Engine, { repo, unit }: Pick<Injection, 'repo' | 'unit'>) {
  const journal = journalIn(await refs.read(repo), { unit, issue: null });
  if (journal?.problem) throw heldBy(repo, journal.problem);
  return journal;
}

const heldBy = (repo: string, who: string) =>
  new HarnessError('stage-held', `A stage of ${repo} is being worked on: ${who}.`);

const unfinished = (reason: string, cause?: unknown) =>
  new HarnessError('added-in-part', `It was begun and is not finished: ${reason}`, { cause });

async function finish(
  engine: Engine,
  lease: Lease,
  {
    proposal,
    usage,
    log,
  }: Pick<Injection, 'usage' | 'log'> & { readonly proposal: AdditionsProposal | FiledProposal },
): Promise<readonly CreatedIssue[]> {
  const { base } = lease.last;
  try {
    const text = base === null ? null : await engine.repos.readFile(lease.repo, base, PLAN_FILE);
    const plan = text === null ? null : planLineIn(text).id;
    const kept = keepLease(engine, lease);
    const maker = { board: kept.board, proofs: engine.proofs, settings: engine.settings };
    const issues = await makeAdded(maker, {
      ...{ lease, proposal, origin: originOf(lease.last), plan },
      units: unitsOf(engine.settings, engine.targets),
    });
    const end = { ...NOTHING, base, usage, log };
    const ended = await endAttempt(engine, kept.lease(), end, ALONE);
    if (ended.kind !== 'done') throw new Error(ended.reason);
    return issues;
  } catch (error) {
    throw unfinished(messageOf(error), error);
  }
}

/** Ends an attempt that has written nothing. */
async function giveBack(engine: Engine, lease: Lease, message: string): Promise<void> {
  const failure = { class: 'cancelled' as const, signature: `cancelled: ${message}`.slice(0, 200), message };
  await endAttempt(
    engine,
    lease,
    { ...NOTHING, base: lease.last.base, usage: null, log: null, failure },
    ALONE,
  );
}

const NOTHING = { failure: null, landed: null, head: null, gates: [], output: null };
const ALONE = { branch: null, checkpoint: null };
