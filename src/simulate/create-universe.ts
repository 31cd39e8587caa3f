import { parseSettings } from '../core/parse-settings.ts';
import type { Settings } from '../core/settings.ts';
import type { Target } from '../core/world.ts';
import type { SessionPlan } from '../ports.ts';
import type { AgentMix } from './agents/behaviours.ts';
import { createObjects } from './git/objects.ts';
import { createRemote, type Remote } from './github/remote.ts';
import type { Alter, FleetPlan } from './machines/fleet.ts';
import { createMachine } from './machines/machine.ts';
import { createRandom, type Random } from './random.ts';
import { createScheduler } from './scheduler.ts';
import { createTrace } from './trace.ts';
import type { Universe } from './universe.ts';
import { createWatch } from './watch/create-watch.ts';
import type { Rule } from './watch/watch.ts';
import { CALM, createWeather } from './weather.ts';

/** What a universe begins with. */
export interface Genesis {
  readonly seed: number;
  readonly hosts: number;
  /** Names of the repositories; several make every fleet a `multi` one with a unit for each. */
  readonly repos: readonly string[];
  /** Puts the issues into a repository. */
  readonly fill: (remote: Remote, random: Random) => void;
  /** `HARNESS_*` settings of every fleet, besides the repositories. */
  readonly config: Readonly<Record<string, string>>;
  /** Resident workers of each fleet. */
  readonly workers: number;
  /** How an agent behaves that starts now, in virtual milliseconds. */
  readonly agents: (now: number, plan: SessionPlan) => AgentMix;
  /** How many times longer than usual an agent takes. */
  readonly agentPace: number;
  /** What the agents of a stage propose. */
  readonly proposals: (plan: SessionPlan) => unknown;
  /** The one promise that is watched; null for all. */
  readonly only: Rule | null;
  /** Changes every engine that is made; leaves it as it is where nothing is to be taken away. */
  readonly alter: Alter;
}

/** A universe in calm weather, in which nothing has happened yet, and the plan of its fleets. */
export function createUniverse(genesis: Genesis): { readonly universe: Universe; readonly fleet: FleetPlan } {
  const random = createRandom(genesis.seed);
  const scheduler = createScheduler();
  const objects = createObjects();
  const remotes = new Map(genesis.repos.map(name => [name, createRemote(name, objects)]));
  for (const remote of remotes.values()) genesis.fill(remote, random.fork(`board of ${remote.repo}`));
  const fleet = planFleet(genesis);
  const settings = parseSettings(fleet.config);
  const universe: Universe = {
    scheduler,
    random,
    objects,
    remotes,
    machines: Array.from({ length: genesis.hosts }, (_, at) =>
      createMachine(`h${at + 1}`, random.fork(`machine ${at + 1}`)),
    ),
    trace: createTrace(scheduler.now),
    weather: createWeather(CALM),
    watch: createWatch(() => universe, genesis.only),
    agents: plan => genesis.agents(scheduler.now(), plan),
    proposals: genesis.proposals,
    rules: {
      leaseTtlMs: settings.HARNESS_LEASE_TTL * 1000,
      sessionLimitMs: settings.HARNESS_SESSION_MINUTES * 60_000,
      cap: settings.HARNESS_CAP,
      savedWithinMs: savedWithinMs(settings),
      agentPace: genesis.agentPace,
    },
  };
  return { universe, fleet };
}

// What one agent writes right after a look waits for the next one, then for another agent's turn, then for a sign of life.
const savedWithinMs = ({ HARNESS_CHECKPOINT, HARNESS_LEASE_TTL }: Settings) =>
  HARNESS_CHECKPOINT === 0
    ? Number.POSITIVE_INFINITY
    : 1000 * (1.5 * HARNESS_CHECKPOINT + (2 * HARNESS_LEASE_TTL) / 5);

function planFleet({ repos, config, workers, alter }: Genesis): FleetPlan {
  const [only = ''] = repos;
  if (repos.length === 1) return { config: { ...config, HARNESS_REPO: only }, targets: [], workers, alter };
  const targets: readonly Target[] = repos.map((repo, at) => ({
    id: `u${at + 1}`,
    repo,
    deps: [],
    description: '',
  }));
  return { config: { ...config, HARNESS_TOPOLOGY: 'multi' }, targets, workers, alter };
}
