import { type AgentMix, USUAL_AGENTS } from './agents/behaviours.ts';
import { createUniverse, type Genesis } from './create-universe.ts';
import { planFaults, planPartings } from './faults.ts';
import { addIssue, type Remote } from './github/remote.ts';
import { type Alter, type FleetPlan, startFleet } from './machines/fleet.ts';
import { planPeople } from './people.ts';
import { WISHES } from './project.ts';
import type { Random } from './random.ts';
import type { TraceEvent } from './trace.ts';
import type { Universe } from './universe.ts';
import { convergence } from './watch/convergence.ts';
import { doubledIssues } from './watch/sessions.ts';
import type { Rule, Violation } from './watch/watch.ts';
import { CALM, WEATHERS } from './weather.ts';

export interface SimulationOptions {
  readonly seed: number;
  readonly hosts: number;
  /** Issues per repository. */
  readonly issues: number;
  readonly repos: number;
  /** In two thirds of the seeds; the others have a perfect network. */
  readonly weather: keyof typeof WEATHERS;
  /** The one promise that is watched; null for all. */
  readonly only: Rule | null;
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

// Everything is quicker than in life, in the same proportions: a lease lives 60 s instead of 300 s.
const CONFIG: Readonly<Record<string, string>> = {
  HARNESS_VERIFY: 'verify',
  HARNESS_SETUP: 'setup',
  HARNESS_LEASE_TTL: '60',
  HARNESS_SESSION_MINUTES: '4',
  HARNESS_CHECKPOINT: '60',
  HARNESS_CAP: '2',
  HARNESS_POLL: '30',
  HARNESS_BACKOFF: '5',
  HARNESS_AUTHOR_ALLOWLIST: 'alice',
};

/** How long things go wrong, and how long everything may take to come to rest after that. */
const TROUBLE_MS = 400_000;
const REST_MS = 3_600_000;

/** Plays one seed from the first tick to the end, or to the first broken promise. */
export async function simulate(options: SimulationOptions): Promise<SimulationResult> {
  const { universe, fleet } = createUniverse(genesisOf(options));
  const { scheduler, watch, weather, trace } = universe;
  // A third of the seeds have a perfect network, so that other faults show what they do alone.
  const { rates, isParting } = WEATHERS[options.weather];
  if (options.seed % 3 !== 0) weather.rates = rates;
  for (const machine of universe.machines) {
    scheduler.after(universe.random.between(0, 20_000), () => startFleet(universe, machine, fleet));
  }
  planFaults(universe, { fleet, untilMs: TROUBLE_MS, everyMs: 45_000 });
  if (isParting) planPartings(universe, TROUBLE_MS);
  planPeople(universe, { untilMs: TROUBLE_MS, everyMs: 40_000 });
  watchAgents(universe);
  scheduler.after(TROUBLE_MS, () => {
    weather.rates = CALM;
    trace.note('weather', null, 'calms down');
    keepRunning(universe, fleet);
  });

  const end = convergence(universe, fleet);
  scheduler.after(TROUBLE_MS, () => lookNowAndThen(universe, end.look));
  const isLate = () => scheduler.now() > TROUBLE_MS + REST_MS;
  await scheduler.play(() => watch.violations.length > 0 || end.isReached() || isLate());
  if (watch.violations.length === 0 && !end.isReached()) end.complain();
  return {
    seed: options.seed,
    violations: watch.violations,
    events: trace.events,
    virtualMs: scheduler.now(),
    merges: [...universe.remotes.values()].reduce((sum, remote) => sum + mergedIn(remote), 0),
    held: end.held(),
  };
}

const genesisOf = ({ seed, hosts, issues, repos, only, alter }: SimulationOptions): Genesis => ({
  seed,
  hosts,
  repos: Array.from({ length: repos }, (_, at) => `sim/app${at + 1}`),
  fill: (remote, random) => fillBoard(remote, random, issues),
  config: CONFIG,
  workers: 2,
  proposals: () => undefined,
  agents: now => (now < TROUBLE_MS ? USUAL_AGENTS : CALM_AGENTS),
  agentPace: 1,
  only,
  alter,
});

const CALM_AGENTS: AgentMix = { ...USUAL_AGENTS, good: 500 };

const mergedIn = ({ pulls }: Remote) =>
  [...pulls.values()].filter(({ mergeCommit }) => mergeCommit !== null).length;

/** Issues of all wishes; some wait for an earlier one. */
function fillBoard(remote: Remote, random: Random, count: number): void {
  for (let made = 0; made < count; made += 1) {
    const wish = random.draw(WISHES);
    const waits = made > 0 && random.chance(0.2) ? `\n\n## Blocked by\n\n- #${random.whole(1, made)}\n` : '';
    addIssue(remote, wish, { at: 0, body: `Wants ${wish}.${waits}` });
  }
}

/** Looks every few seconds whether two agents are at one issue, and whether their work is saved. */
function watchAgents(universe: Universe): void {
  lookNowAndThen(universe, () => {
    universe.watch.lookAtLiveWork();
    for (const subject of doubledIssues(universe)) {
      universe.watch.fail('one-live-attempt', subject, 'agents of two machines work on it');
    }
  });
}

function lookNowAndThen(universe: Universe, look: () => void): void {
  universe.scheduler.after(5_000, () => {
    look();
    lookNowAndThen(universe, look);
  });
}

/** Whoever looks after the machines starts again whatever has died. */
function keepRunning(universe: Universe, fleet: FleetPlan): void {
  for (const machine of universe.machines) startFleet(universe, machine, fleet);
  universe.scheduler.after(20_000, () => keepRunning(universe, fleet));
}
