import type { Target } from '../core/world.ts';
import { type AgentMix, USUAL_AGENTS } from './agents/behaviours.ts';
import { planFaults } from './faults.ts';
import { createObjects } from './git/objects.ts';
import { addIssue, createRemote, type Remote } from './github/remote.ts';
import { type Alter, type FleetPlan, startFleet } from './machines/fleet.ts';
import { createMachine } from './machines/machine.ts';
import { planPeople } from './people.ts';
import { WISHES } from './project.ts';
import { createRandom, type Random } from './random.ts';
import { createScheduler } from './scheduler.ts';
import { createTrace, type TraceEvent } from './trace.ts';
import type { Universe } from './universe.ts';
import { convergence } from './watch/convergence.ts';
import { createWatch } from './watch/create-watch.ts';
import { doubledIssues } from './watch/sessions.ts';
import type { Violation } from './watch/watch.ts';
import { CALM, createWeather, ROUGH } from './weather.ts';

export interface SimulationOptions {
  readonly seed: number;
  readonly hosts: number;
  /** Issues per repository. */
  readonly issues: number;
  readonly repos: number;
  /** Takes a line of defence away; leaves every engine as it is where nothing is to be taken. */
  readonly alter: Alter;
}

export interface SimulationResult {
  readonly seed: number;
  readonly violations: readonly Violation[];
  readonly events: readonly TraceEvent[];
  readonly virtualMs: number;
  readonly merges: number;
  /** Issues that stayed open at the end, by the code of their hold. */
  readonly held: Readonly<Record<string, number>>;
}

const LEASE_TTL_SECONDS = 60;
const SESSION_LIMIT_MINUTES = 4;
const CAP = 2;
const WORKERS = 2;

/** How long things go wrong, and how long everything may take to come to rest after that. */
const TROUBLE_MS = 400_000;
const REST_MS = 3_600_000;

const CONFIG: Readonly<Record<string, string>> = {
  HARNESS_VERIFY: 'verify',
  HARNESS_SETUP: 'setup',
  HARNESS_LEASE_TTL: String(LEASE_TTL_SECONDS),
  HARNESS_MAX_MINUTES: String(SESSION_LIMIT_MINUTES),
  HARNESS_CAP: String(CAP),
  HARNESS_POLL: '30',
  HARNESS_BACKOFF: '5',
  HARNESS_AUTHOR_ALLOWLIST: 'alice',
};

/** Plays one seed from the first tick to the end, or to the first broken promise. */
export async function simulate(options: SimulationOptions): Promise<SimulationResult> {
  const { universe, fleet } = createUniverse(options);
  const { scheduler, watch, weather, trace } = universe;
  const rates = CHANCES[options.seed % CHANCES.length] ?? ROUGH;
  weather.rates = rates;
  for (const machine of universe.machines) {
    const firstStart = () => startFleet(universe, machine, fleet);
    scheduler.after(universe.random.between(0, 20_000), firstStart);
  }
  planFaults(universe, { fleet, untilMs: TROUBLE_MS, everyMs: 45_000 });
  planPeople(universe, { untilMs: TROUBLE_MS, everyMs: 40_000 });
  watchDoubles(universe);
  scheduler.after(TROUBLE_MS, () => {
    weather.rates = CALM;
    trace.note('weather', null, 'calms down');
    keepRunning(universe, fleet);
  });

  const end = convergence(universe, fleet);
  scheduler.after(TROUBLE_MS + 5_000, function look() {
    end.look();
    scheduler.after(5_000, look);
  });
  const isOver = () =>
    watch.violations.length > 0 || end.isReached() || scheduler.now() > TROUBLE_MS + REST_MS;
  await scheduler.play(isOver);
  if (watch.violations.length === 0 && !end.isReached()) end.complain();
  return {
    seed: options.seed,
    violations: watch.violations,
    events: trace.events,
    virtualMs: scheduler.now(),
    merges: [...universe.remotes.values()].reduce((sum, { pulls }) => sum + mergedIn(pulls), 0),
    held: end.held(),
  };
}

const CHANCES = [ROUGH, CALM, ROUGH];

const mergedIn = (pulls: Remote['pulls']) =>
  [...pulls.values()].filter(pull => pull.mergeCommit !== null).length;

function createUniverse(options: SimulationOptions): { universe: Universe; fleet: FleetPlan } {
  const random = createRandom(options.seed);
  const scheduler = createScheduler();
  const objects = createObjects();
  const names = Array.from({ length: options.repos }, (_, at) => `sim/app${at + 1}`);
  const remotes = new Map(names.map(name => [name, createRemote(name, objects)]));
  for (const remote of remotes.values())
    fillBoard(remote, random.fork(`board ${remote.repo}`), options.issues);
  const machines = Array.from({ length: options.hosts }, (_, at) =>
    createMachine(`h${at + 1}`, random.fork(`machine ${at + 1}`)),
  );
  const universe: Universe = {
    scheduler,
    random,
    objects,
    remotes,
    machines,
    trace: createTrace(scheduler.now),
    weather: createWeather(CALM),
    watch: createWatch(() => universe),
    rules: {
      leaseTtlMs: LEASE_TTL_SECONDS * 1000,
      sessionLimitMs: SESSION_LIMIT_MINUTES * 60_000,
      cap: CAP,
    },
    agents: () => (scheduler.now() < TROUBLE_MS ? USUAL_AGENTS : CALM_AGENTS),
  };
  return { universe, fleet: fleetOf(names, options.alter) };
}

const CALM_AGENTS: AgentMix = { ...USUAL_AGENTS, good: 500 };

function fleetOf(names: readonly string[], alter: Alter): FleetPlan {
  if (names.length === 1) {
    return { config: { ...CONFIG, HARNESS_REPO: names[0] ?? '' }, targets: [], workers: WORKERS, alter };
  }
  const targets: readonly Target[] = names.map((repo, at) => ({
    id: `u${at + 1}`,
    repo,
    deps: [],
    description: '',
  }));
  return { config: { ...CONFIG, HARNESS_TOPOLOGY: 'multi' }, targets, workers: WORKERS, alter };
}

/** Issues of all wishes; some wait for an earlier one. */
function fillBoard(remote: Remote, random: Random, count: number): void {
  for (let made = 0; made < count; made += 1) {
    const wish = random.draw(WISHES);
    const waits = made > 0 && random.chance(0.2) ? `\n\n## Blocked by\n\n- #${random.whole(1, made)}\n` : '';
    addIssue(remote, wish, { at: 0, body: `Wants ${wish}.${waits}` });
  }
}

/** Looks every few seconds whether two agents are at one issue. */
function watchDoubles(universe: Universe): void {
  universe.scheduler.after(5_000, () => {
    for (const subject of doubledIssues(universe)) {
      universe.watch.fail('one-live-attempt', subject, 'agents of two machines work on it');
    }
    watchDoubles(universe);
  });
}

/** Whoever looks after the machines starts again whatever has died. */
function keepRunning(universe: Universe, fleet: FleetPlan): void {
  for (const machine of universe.machines) startFleet(universe, machine, fleet);
  universe.scheduler.after(20_000, () => keepRunning(universe, fleet));
}
