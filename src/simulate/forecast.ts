import { decide } from '../core/decide.ts';
import type { Hold } from '../core/decision.ts';
import type { Issue, RepoState, World } from '../core/world.ts';
import { look } from '../loop/observe.ts';
import type { Refs, RefUpdate } from '../ports.ts';
import { USUAL_AGENTS } from './agents/behaviours.ts';
import { createUniverse, type Genesis } from './create-universe.ts';
import { latest } from './github/history.ts';
import type { Remote } from './github/remote.ts';
import { type Alter, createEngine, type FleetPlan, startFleet } from './machines/fleet.ts';
import { createProcess } from './machines/process.ts';
import { WISHES } from './project.ts';
import type { Random } from './random.ts';
import type { Universe } from './universe.ts';
import { convergence } from './watch/convergence.ts';

export interface ForecastOptions {
  readonly world: World;
  readonly seed: number;
  readonly hosts: number;
  /** Agent sessions at a time on each host; null: as configured. */
  readonly cap: number | null;
  /** How long an agent works on an issue on average, in minutes. */
  readonly sessionMinutes: number;
}

/** One step of a forecast. */
export interface ForecastEvent {
  /** Minutes since the beginning. */
  readonly minute: number;
  readonly repo: string;
  readonly issue: number;
  readonly attempt: number;
  readonly host: string;
  readonly kind: 'begins' | 'lands' | 'fails';
  /** The pull request that landed, or why the attempt failed; empty when there is nothing to say. */
  readonly note: string;
}

/** What a board would come to. */
export interface Forecast {
  readonly events: readonly ForecastEvent[];
  /** Minutes until nothing was left to do. */
  readonly minutes: number;
  readonly landed: number;
  readonly attempts: number;
  /** Most attempts at a time over all hosts, those that are landing included. */
  readonly mostAtOnce: number;
  /** Minutes of all agents together. */
  readonly agentMinutes: number;
  /** Issues that stay open, each with its reason. */
  readonly holds: readonly Pick<Hold, 'repo' | 'issue' | 'code' | 'reason'>[];
  /** It was cut off before nothing was left to do. */
  readonly isCut: boolean;
}

const LONGEST_MS = 14 * 24 * 3_600_000;

/**
 * Plays a board with the real engine on simulated hosts in calm weather: some agents fail as they do in life,
 * nothing else does. The same options give the same forecast.
 */
export async function forecast(options: ForecastOptions): Promise<Forecast> {
  const events: ForecastEvent[] = [];
  const { universe, fleet } = createUniverse(genesisOf(options, events));
  const { scheduler } = universe;
  for (const machine of universe.machines) startFleet(universe, machine, fleet);
  const end = convergence(universe, fleet);
  lookNowAndThen(universe, end.look);
  await scheduler.play(() => end.isReached() || scheduler.now() > LONGEST_MS);
  const last = events.at(-1)?.minute ?? 0;
  return {
    events,
    minutes: last,
    landed: events.filter(({ kind }) => kind === 'lands').length,
    attempts: events.filter(({ kind }) => kind === 'begins').length,
    mostAtOnce: Math.max(0, ...running(events)),
    agentMinutes: agentMinutes(events),
    holds: await holdsIn(universe, fleet),
    isCut: !end.isReached(),
  };
}

/** `good` agents take 5 to 60 s. */
const USUAL_SESSION_MS = 32_500;

function genesisOf(
  { world, seed, hosts, cap, sessionMinutes }: ForecastOptions,
  events: ForecastEvent[],
): Genesis {
  const { config, login, repos } = world;
  const { HARNESS_REPO: _repo, HARNESS_TOPOLOGY: _topology, ...rest } = config;
  const trusted = [config.HARNESS_AUTHOR_ALLOWLIST, login].filter(Boolean).join(',');
  return {
    seed,
    hosts,
    repos: Object.keys(repos),
    fill: (remote, random) => fillBoard(remote, random, repos[remote.repo]),
    config: {
      ...rest,
      HARNESS_MODE: 'issue-only',
      HARNESS_SETUP: 'setup',
      HARNESS_VERIFY: 'verify',
      HARNESS_AUTHOR_ALLOWLIST: trusted,
      ...(cap === null ? {} : { HARNESS_CAP: String(cap) }),
    },
    workers: Math.max(1, Object.keys(repos).length),
    proposals: () => undefined,
    agents: () => USUAL_AGENTS,
    only: null,
    agentPace: (sessionMinutes * 60_000) / USUAL_SESSION_MS,
    alter: watching(world, events),
  };
}

/** The issues as they are; what each of them asks for is drawn. */
function fillBoard(remote: Remote, random: Random, state: RepoState | undefined): void {
  for (const issue of state?.issues ?? []) {
    remote.issues.set(issue.number, { states: [{ at: 0, version: 1, issue: withoutHolder(issue) }] });
    remote.wishes.set(issue.number, random.draw(WISHES));
  }
}

// Who works on it now is not part of the forecast: all leases are free.
const withoutHolder = (issue: Issue): Issue => ({
  ...issue,
  labels: issue.labels.filter(label => label !== 'agent-working'),
});

/** Notes what moves the journals of issues, and knows what the world knows of other repositories. */
function watching(world: World, events: ForecastEvent[]): Alter {
  return (engine, { machine }, universe) => {
    const push: Refs['push'] = async (repo, updates) => {
      const result = await engine.refs.push(repo, updates);
      const minute = Math.round(universe.scheduler.now() / 60_000);
      if (result.kind === 'done') events.push(...eventsOf(updates, { repo, minute, host: machine.name }));
      return result;
    };
    return {
      ...engine,
      refs: { ...engine.refs, push },
      board: { ...engine.board, references: async () => world.references },
    };
  };
}

function eventsOf(
  updates: readonly RefUpdate[],
  at: Pick<ForecastEvent, 'repo' | 'minute' | 'host'>,
): readonly ForecastEvent[] {
  return updates.flatMap(update => {
    const issue = Number(/^refs\/harness\/issues\/(\d+)$/.exec(update.ref)?.[1]);
    if (update.kind !== 'journal' || !issue) return [];
    return update.entries.flatMap(({ op, attempt, failure, landed }): ForecastEvent[] => {
      if (op === 'claim') return [{ ...at, issue, attempt, kind: 'begins', note: '' }];
      if (op !== 'receipt') return [];
      return landed
        ? [{ ...at, issue, attempt, kind: 'lands', note: `#${landed.pull}` }]
        : [{ ...at, issue, attempt, kind: 'fails', note: failure?.message ?? '' }];
    });
  });
}

/** How many agents run after each event. */
function running(events: readonly ForecastEvent[]): readonly number[] {
  let now = 0;
  return events.map(({ kind }) => {
    now += kind === 'begins' ? 1 : -1;
    return now;
  });
}

function agentMinutes(events: readonly ForecastEvent[]): number {
  return events.reduce((sum, { kind, minute }) => sum + (kind === 'begins' ? -minute : minute), 0);
}

async function holdsIn(universe: Universe, fleet: FleetPlan): Promise<Forecast['holds']> {
  const [machine] = universe.machines;
  if (!machine) return [];
  const looking = look(createEngine(universe, createProcess(machine, 0, 1), fleet));
  let isOver = false;
  const seen = looking.finally(() => {
    isOver = true;
  });
  await universe.scheduler.play(() => isOver);
  const { world } = await seen;
  const isOpen = (repo: string, issue: number | null) => {
    const history = universe.remotes.get(repo)?.issues.get(issue ?? 0);
    return history !== undefined && latest(history).issue.state === 'open';
  };
  return decide(world)
    .holds.filter(({ repo, issue }) => isOpen(repo, issue))
    .map(({ repo, issue, code, reason }) => ({ repo, issue, code, reason }));
}

function lookNowAndThen(universe: Universe, act: () => void): void {
  universe.scheduler.after(30_000, () => {
    act();
    lookNowAndThen(universe, act);
  });
}
