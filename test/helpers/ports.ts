import { onTestFinished } from 'vitest';
import type { Decision } from '../../src/core/decision.ts';
import { foldJournal } from '../../src/core/journal.ts';
import type { Issue } from '../../src/core/world.ts';
import { issueRef } from '../../src/leases/lease.ts';
import type { Engine } from '../../src/loop/engine.ts';
import { createFlights } from '../../src/loop/flights.ts';
import { createHeartbeat } from '../../src/loop/heartbeat.ts';
import { createLiveWork } from '../../src/loop/live-work.ts';
import { createLiveness } from '../../src/loop/liveness.ts';
import { reconcile } from '../../src/loop/reconcile.ts';
import type { Journal, Session, SessionPlan } from '../../src/ports.ts';
import { type Behaviour, USUAL_AGENTS } from '../../src/simulate/agents/behaviours.ts';
import { createUniverse } from '../../src/simulate/create-universe.ts';
import { change, latest } from '../../src/simulate/github/history.ts';
import { addIssue, BASE, type Remote, type RemotePull } from '../../src/simulate/github/remote.ts';
import { createEngine, type FleetPlan, startFleet } from '../../src/simulate/machines/fleet.ts';
import type { Machine } from '../../src/simulate/machines/machine.ts';
import { createProcess, type Process } from '../../src/simulate/machines/process.ts';
import type { Wish } from '../../src/simulate/project.ts';
import type { Universe } from '../../src/simulate/universe.ts';

/** What a stage begins with. */
export interface StageFacts {
  /** What each issue wants, from issue 1 on, and anything else about it. */
  readonly issues?: readonly (Partial<Issue> & { readonly wish?: Wish })[];
  readonly config?: Readonly<Record<string, string>>;
  /** How the agents of an issue behave, attempt by attempt; good ones after the last. A list is issue 1's. */
  readonly agents?: readonly Behaviour[] | Readonly<Record<number, readonly Behaviour[]>>;
  readonly hosts?: number;
  /** Repositories besides, empty at first; each is a unit, `u2` and on. */
  readonly others?: readonly string[];
  /** What the sessions of a stage propose; the attempts of an issue share their count. */
  readonly proposals?: (plan: SessionPlan) => unknown;
}

/** A repository in memory with fleets around it, in which time passes only when a test says so. */
export interface Stage {
  readonly universe: Universe;
  readonly github: GitHubOnStage;
  /** The fleet of a host, `h1` unless said. A second call is another process: the first one may be dead by then. */
  readonly fleet: (host?: string, alter?: (engine: Engine) => Engine) => FleetOnStage;
  /** Starts the resident workers of a host, as `harness start` does. */
  readonly start: (host?: string, alter?: (engine: Engine) => Engine) => void;
  readonly machine: (host?: string) => Machine;
  /** Lets everything happen that is due within so many seconds. */
  readonly wait: (seconds: number) => Promise<void>;
  /** Lets things happen until the promise is settled. Fails when nothing more happens. */
  readonly until: <T>(promise: Promise<T>) => Promise<T>;
}

/** What can be seen on GitHub, and what people do there. */
export interface GitHubOnStage {
  readonly remote: Remote;
  readonly issue: (number?: number) => Issue;
  readonly edit: (number: number, facts: Partial<Issue>) => void;
  readonly journal: (number?: number) => Journal;
  /** The ops of a journal, `claim`, `receipt`, …, with the failure class of a receipt: `receipt:verify`. */
  readonly story: (number?: number) => readonly string[];
  readonly comments: (number?: number) => readonly string[];
  readonly pulls: () => readonly RemotePull[];
  /** The base branch's files. */
  readonly files: () => Readonly<Record<string, string>>;
}

/** One worker process of a fleet, turned by hand. */
export interface FleetOnStage {
  readonly engine: Engine;
  readonly process: Process;
  /** One tick, everything that it began, and a heartbeat if one is due; agents may still be at work. */
  readonly tick: () => Promise<Decision>;
  /** The same, but it is for the test to let the time pass that it takes. */
  readonly begin: () => Promise<Decision>;
  /** Ticks, with five seconds between, until no agent is at work. */
  readonly untilAgentsStop: () => Promise<void>;
  /** Ticks, with five seconds between, until nothing is left to do, here or elsewhere. */
  readonly finish: () => Promise<void>;
  readonly sessions: () => Promise<readonly Session[]>;
}

/** The repository of every stage. */
export const STAGE_REPO = 'sim/app';

export function aStage(facts: StageFacts = {}): Stage {
  const { agents = [] } = facts;
  const behaviours = (Array.isArray(agents) ? { 1: agents } : agents) as Record<number, readonly Behaviour[]>;
  const { universe, fleet: plan } = createUniverse({
    seed: 1,
    hosts: facts.hosts ?? 1,
    repos: [STAGE_REPO, ...(facts.others ?? [])],
    fill: remote => {
      if (remote.repo !== STAGE_REPO) return;
      for (const { wish, ...issue } of facts.issues ?? [{}])
        addIssue(remote, wish ?? 'own', { at: 0, ...issue });
    },
    config: { ...CONFIG, ...facts.config },
    workers: 1,
    proposals: facts.proposals ?? (() => undefined),
    agents: (_now, { issue, attempt }) => only(behaviours[issue ?? 0]?.[attempt - 1] ?? 'good'),
    agentPace: 1,
    only: null,
    alter: engine => engine,
  });
  // A test that breaks a promise fails, whatever else it looks at.
  onTestFinished(() => {
    const [broken] = universe.watch.violations;
    if (broken) throw new Error(`${broken.rule}: ${broken.subject ?? ''} ${broken.message}`);
  });
  const machine = (host = 'h1') => universe.machines.find(({ name }) => name === host) ?? noHost(host);
  return {
    universe,
    github: gitHubOf(universe),
    machine,
    start: (host, alter) => startFleet(universe, machine(host), alter ? { ...plan, alter } : plan),
    fleet: (host, alter) => fleetOn(universe, machine(host), alter ? { ...plan, alter } : plan),
    wait: seconds => passTime(universe, seconds),
    until: promise => playUntil(universe, promise),
  };
}

const CONFIG = {
  HARNESS_VERIFY: 'verify',
  HARNESS_AUTHOR_ALLOWLIST: 'alice',
  HARNESS_LEASE_TTL: '60',
  HARNESS_BACKOFF: '0',
};

const only = (behaviour: Behaviour) =>
  Object.fromEntries(
    Object.keys(USUAL_AGENTS).map(name => [name, name === behaviour ? 1 : 0]),
  ) as typeof USUAL_AGENTS;

function noHost(name: string): never {
  throw new Error(`There is no host ${name}.`);
}

function fleetOn(universe: Universe, machine: Machine, plan: FleetPlan): FleetOnStage {
  const process = createProcess(machine, 1, 100 + machine.processes.length);
  machine.processes.push(process);
  const ids = plan.targets.map(({ id }) => id);
  for (const id of ids.length === 0 ? ['main'] : ids) machine.disk.claims.set(id, process);
  const engine = createEngine(universe, process, plan);
  const liveness = createLiveness(engine.clock, engine.host, engine.settings.HARNESS_LEASE_TTL * 1000);
  const flights = createFlights(engine.log);
  const heartbeat = createHeartbeat(engine);
  const liveWork = createLiveWork(engine);
  const scope = ids.length === 0 ? ({ unit: 'main', leasesOf: 'unit' } as const) : ALL_UNITS;
  const options = { ...scope, maxAgeMs: 0, stopping: false } as const;

  const begin = async () => {
    const { decision, seen } = await reconcile(engine, liveness, flights, options);
    liveWork.gather(seen, flights);
    await flights.settled();
    for (const repo of universe.remotes.keys())
      await heartbeat.beat(repo, seen, () => liveWork.take(repo, seen, flights));
    return decision;
  };
  const tick = () => playUntil(universe, begin());
  return {
    engine,
    process,
    tick,
    begin,
    untilAgentsStop: async () => {
      do {
        await tick();
        await passTime(universe, 5);
      } while ([...machine.disk.sessions.values()].some(({ agent }) => agent?.isAlive));
    },
    finish: async () => {
      for (let turn = 0; turn < 100; turn += 1) {
        const { actions } = await tick();
        if (actions.length === 0 && machine.disk.sessions.size === 0 && !isAnythingHeld(universe)) return;
        await passTime(universe, 5);
      }
      throw new Error('It does not come to an end.');
    },
    sessions: () => playUntil(universe, engine.sessions.list()),
  };
}

const ALL_UNITS = { unit: null, leasesOf: 'all' } as const;

const isAnythingHeld = ({ remotes }: Universe) =>
  [...remotes.values()].some(({ journals }) =>
    [...journals.values()].some(({ entries }) => foldJournal(entries).holder !== null),
  );

async function playUntil<T>({ scheduler }: Universe, promise: Promise<T>): Promise<T> {
  let isSettled = false;
  const settle = () => {
    isSettled = true;
  };
  promise.then(settle, settle);
  await scheduler.play(() => isSettled);
  if (!isSettled) throw new Error('Nothing more happens, and it is not settled.');
  return promise;
}

async function passTime({ scheduler }: Universe, seconds: number): Promise<void> {
  const end = scheduler.now() + seconds * 1000;
  scheduler.after(seconds * 1000, () => {});
  await scheduler.play(() => scheduler.now() >= end);
}

function gitHubOf(universe: Universe): GitHubOnStage {
  const remote = universe.remotes.get(STAGE_REPO);
  if (!remote) throw new Error('There is no repository.');
  const historyOf = (number: number) => {
    const history = remote.issues.get(number);
    if (!history) throw new Error(`There is no issue #${number}.`);
    return history;
  };
  const journal = (number = 1) =>
    remote.journals.get(issueRef(number)) ?? { ref: issueRef(number), tip: '', entries: [], problem: null };
  return {
    remote,
    journal,
    issue: (number = 1) => latest(historyOf(number)).issue,
    edit: (number, facts) => void change(historyOf(number), universe.scheduler.now(), facts),
    story: number =>
      journal(number).entries.map(({ op, failure }) => (failure ? `${op}:${failure.class}` : op)),
    comments: (number = 1) => (remote.comments.get(number) ?? []).map(({ body }) => body),
    pulls: () => [...remote.pulls.values()],
    files: () => Object.fromEntries(universe.objects.read(remote.branches.get(BASE) ?? '').tree.files),
  };
}

/** Who holds an issue's lease on a stage. */
export const holderOf = ({ github }: Stage, number = 1) =>
  foldJournal(github.journal(number).entries).holder?.fleet ?? null;
