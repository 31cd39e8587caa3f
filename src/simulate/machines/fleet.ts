import { parseSettings } from '../../core/parse-settings.ts';
import type { Settings } from '../../core/settings.ts';
import type { Target } from '../../core/world.ts';
import { messageOf } from '../../errors.ts';
import { createTrain } from '../../landing/train.ts';
import { createProofs } from '../../leases/proofs.ts';
import type { Engine } from '../../loop/engine.ts';
import { runWorker } from '../../loop/worker.ts';
import { simulatePorts } from '../ports/ports.ts';
import type { Universe } from '../universe.ts';
import type { Machine } from './machine.ts';
import { createProcess, nameOf, type Process } from './process.ts';

/** Changes what an engine is made of; the identity where nothing is to be taken away. */
export type Alter = (engine: Engine, process: Process, universe: Universe) => Engine;

/** What every fleet of a simulation is configured with. */
export interface FleetPlan {
  readonly config: Readonly<Record<string, string>>;
  readonly targets: readonly Target[];
  readonly workers: number;
  readonly alter: Alter;
}

const STAGES = ['plan', 'prd', 'decompose', 'impl', 'review', 'triage', 'fix'];

/** The engine of one worker process, put together of simulated ports. */
export function createEngine(universe: Universe, process: Process, plan: FleetPlan): Engine {
  const { config, targets } = plan;
  const settings: Settings = parseSettings(config);
  const ports = simulatePorts(universe, process);
  const engine: Engine = {
    ...ports,
    settings,
    config,
    policyDigest: 'policy',
    targets,
    prefix: 'sim',
    identity: { name: 'Fleet', email: 'fleet@example.org' },
    worktreesDir: '/worktrees',
    checkoutsDir: '/checkouts',
    archiveBatch: 3,
    train: createTrain(),
    proofs: createProofs(ports.clock, settings.HARNESS_LEASE_TTL * 1000),
    withheld: async () => ({ secrets: [], place: { home: '', hostName: '' } }),
    planSteps: [],
    prompts: Object.fromEntries(STAGES.map(name => [name, '{{ISSUE_TEXT}} {{HISTORY}}'])),
  };
  return plan.alter(engine, process, universe);
}

/** Starts a worker in every slot that has no living one, as `harness start` does. */
export function startFleet(universe: Universe, machine: Machine, plan: FleetPlan): void {
  if (!machine.isUp) return;
  for (let slot = 1; slot <= plan.workers; slot += 1) {
    const isTaken = machine.processes.some(({ name, isAlive }) => isAlive && name === `w${slot}`);
    if (!isTaken) startWorker(universe, machine, { plan, slot });
  }
}

function startWorker(
  universe: Universe,
  machine: Machine,
  { plan, slot }: { readonly plan: FleetPlan; readonly slot: number },
): void {
  const process = createProcess(machine, slot, 100 + machine.processes.length);
  machine.processes.push(process);
  const { scheduler, trace, watch } = universe;
  machine.troubledUntil = scheduler.now();
  trace.note(nameOf(process), null, `starts as ${process.id}`);
  const graceMs = () => (process.stopDeadline ?? Number.POSITIVE_INFINITY) - scheduler.now();
  runWorker(createEngine(universe, process, plan), { signal: process.stop.signal, graceMs })
    .then(() => trace.note(nameOf(process), null, 'ends'))
    .catch((error: unknown) => {
      watch.fail('survives-errors', null, `${nameOf(process)} died of ${messageOf(error)}`);
    })
    .finally(() => {
      process.isAlive = false;
    });
  scheduler.stir();
}

/** Asks a machine's workers to stop; live sessions get so long to finish. */
export function stopFleet({ scheduler, trace }: Universe, machine: Machine, graceMs: number): void {
  trace.note(machine.name, null, `is asked to stop within ${Math.round(graceMs / 1000)} s`);
  for (const process of machine.processes.filter(({ isAlive }) => isAlive)) {
    process.stopDeadline = scheduler.now() + graceMs;
    process.stop.abort();
  }
  scheduler.stir();
}
