import { type FleetPlan, startFleet, stopFleet } from './machines/fleet.ts';
import { type Machine, wipeDisk } from './machines/machine.ts';
import { bootUp, cutOff, cutPower, freezeFor, kill, killWorkers, sleepFor } from './machines/mishaps.ts';
import type { Random } from './random.ts';
import type { Universe } from './universe.ts';

/** Plans the faults of a simulation; each has passed, as far as it can, soon after `untilMs`. */
export function planFaults(
  universe: Universe,
  {
    fleet,
    untilMs,
    everyMs,
  }: { readonly fleet: FleetPlan; readonly untilMs: number; readonly everyMs: number },
): void {
  const { scheduler } = universe;
  const random = universe.random.fork('faults');
  const next = () => {
    if (scheduler.now() >= untilMs) return;
    const up = universe.machines.filter(({ isUp, isAsleep }) => isUp && !isAsleep);
    if (up.length > 0) {
      MISHAPS[random.draw(WEIGHTS)]({ universe, random, fleet, machine: random.pick(up) });
    }
    scheduler.after(everyMs * random.between(0.2, 1.8), next);
  };
  scheduler.after(everyMs * random.next(), next);
}

/** Cuts off one machine after the other, each for about as long as a lease lives, so that leases run out just so. */
export function planPartings(universe: Universe, untilMs: number): void {
  const { scheduler, machines, rules } = universe;
  const random = universe.random.fork('partings');
  const next = () => {
    if (scheduler.now() >= untilMs) return;
    const within = machines.filter(({ isUp, isConnected }) => isUp && isConnected);
    if (within.length > 1) cutOff(universe, random.pick(within), rules.leaseTtlMs * random.between(0.6, 1.3));
    scheduler.after(rules.leaseTtlMs * random.between(0.1, 0.5), next);
  };
  scheduler.after(rules.leaseTtlMs * random.next(), next);
}

/** What goes wrong, in proportion. */
const WEIGHTS = {
  killOne: 8,
  killAll: 2,
  losePower: 2,
  loseDisk: 1,
  sleep: 3,
  freeze: 2,
  freezeInCall: 4,
  cutOff: 3,
  outage: 2,
  jumpClock: 1,
  stop: 2,
} as const;

interface Struck {
  readonly universe: Universe;
  readonly random: Random;
  readonly fleet: FleetPlan;
  readonly machine: Machine;
}

const MISHAPS: Readonly<Record<keyof typeof WEIGHTS, (struck: Struck) => void>> = {
  killOne: struck => {
    const { random, universe } = struck;
    const process = livingOf(struck);
    if (process) {
      const strike = () => kill(universe, process);
      process.fuse = { calls: random.whole(1, 60), when: random.pick(['before', 'after']), strike };
    }
    restartWithin(struck, 1);
  },
  killAll: struck => {
    killWorkers(struck.universe, struck.machine);
    restartWithin(struck, 2);
  },
  losePower: struck => {
    cutPower(struck.universe, struck.machine);
    bootLater(struck);
  },
  loseDisk: struck => {
    cutPower(struck.universe, struck.machine);
    wipeDisk(struck.machine);
    bootLater(struck);
  },
  sleep: ({ universe, random, machine }) => sleepFor(universe, machine, aWhile(universe, random, 3)),
  freeze: struck => {
    const process = livingOf(struck);
    if (process) freezeFor(struck.universe, process, aWhile(struck.universe, struck.random, 3));
  },
  // Right after a call: what was checked before a request, and is sent after it, can't be promised.
  freezeInCall: struck => {
    const { random, universe } = struck;
    const process = livingOf(struck);
    const strike = () => process && freezeFor(universe, process, aWhile(universe, random, 3));
    if (process) process.fuse = { calls: random.whole(1, 40), when: 'after', strike };
  },
  cutOff: ({ universe, random, machine }) => cutOff(universe, machine, aWhile(universe, random, 2.5)),
  outage: ({ universe, random }) => {
    const until = universe.scheduler.now() + aWhile(universe, random, 1);
    const what = random.pick(['api', 'git', 'both']);
    universe.trace.note('github', null, `${what} is down until ${Math.round(until / 1000)} s`);
    if (what !== 'git') universe.weather.apiDownUntil = until;
    if (what !== 'api') universe.weather.gitDownUntil = until;
  },
  jumpClock: ({ universe, random, machine }) => {
    machine.clock.skewMs += Math.round(random.between(-600_000, 600_000));
    universe.trace.note(machine.name, null, `its clock jumps: ${machine.clock.skewMs / 1000} s off now`);
  },
  stop: struck => {
    const { universe, random, machine } = struck;
    stopFleet(universe, machine, random.between(0, universe.rules.leaseTtlMs / 2));
    restartWithin(struck, 2);
  },
};

const livingOf = ({ machine, random }: Struck) => {
  const alive = machine.processes.filter(({ isAlive }) => isAlive);
  return alive.length > 0 ? random.pick(alive) : null;
};

/** From a second to so many times-to-live of a lease, in milliseconds. */
const aWhile = ({ rules }: Universe, random: Random, most: number) =>
  random.between(1_000, most * rules.leaseTtlMs);

function restartWithin({ universe, random, fleet, machine }: Struck, most: number): void {
  const ms = random.chance(0.5) ? random.between(500, 5_000) : aWhile(universe, random, most);
  universe.scheduler.after(ms, () => startFleet(universe, machine, fleet));
}

function bootLater({ universe, random, fleet, machine }: Struck): void {
  const isLastOne = !universe.machines.some(({ isUp }) => isUp);
  if (!isLastOne && random.chance(0.15)) {
    universe.trace.note(machine.name, null, 'is gone for good');
    return;
  }
  universe.scheduler.after(aWhile(universe, random, 2), () => {
    bootUp(universe, machine);
    startFleet(universe, machine, fleet);
  });
}
