import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { aTown, type Fleet, type Town, until } from '../acceptance/fleet.ts';
import { agentsOf, driverOf, ended, expectFinished } from '../acceptance/strikes.ts';

const TTL = { HARNESS_LEASE_TTL: '5' };

/** Begins what keeps a fleet from doing anything public; the function that it returns ends it. */
type Strike = (fleet: Fleet, road: Road) => () => void;

const stopping =
  (choose: (fleet: Fleet) => readonly number[]): Strike =>
  fleet => {
    const stopped = choose(fleet).filter(pid => signal(pid, 'SIGSTOP'));
    return () => {
      for (const pid of stopped) signal(pid, 'SIGCONT');
    };
  };

/** Whether it reached the process: a git that was just listed may have ended by itself. */
function signal(pid: number, name: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
    throw error;
  }
}

const cuttingOff: Strike = (_fleet, road) => {
  road.isCut = true;
  return () => {
    road.isCut = false;
  };
};

describe('what is stopped, or cut off, for longer than a lease lives', () => {
  it.each([
    ['a host', ['heir'], stopping(fleet => fleet.processes().map(({ pid }) => pid))],
    [
      'one of three workers, whose agent goes on',
      ['heir'],
      stopping(fleet => [...tmuxOf(fleet), driverOf(fleet)]),
    ],
    ['the far one of three hosts, whose agent goes on', ['heir', 'other'], cuttingOff],
  ] as const)(
    '(%s) writes nothing public when it goes on',
    async (_what, names, strike) => {
      const town = await aTown();
      const road = openRoad(town);
      const issue = town.issue('patient');
      const zombie = await town.fleet('zombie', {
        ...TTL,
        HARNESS_POOL: '3',
        HARNESS_API_URL: aliasOf(town),
      });
      const heirs = await Promise.all(names.map(name => town.fleet(name, TTL)));
      await zombie.harness('start');
      await until('an agent works', 20_000, () => agentsOf(zombie).length > 0);
      await until('people see it', 20_000, async () =>
        (await labelsOf(town, issue)).includes('agent-working'),
      );
      const relieve = strike(zombie, road);
      const fleet = town.journal(issue)[0]?.fleet;
      await Promise.all(heirs.map(heir => heir.harness('start')));
      await until('an heir has claimed it', 40_000, () => {
        const last = town.journal(issue).at(-1);
        return last?.op === 'claim' && last.fleet !== fleet;
      });

      road.writes = [];
      relieve();
      await town.untilClosed([issue], 60_000);
      await ended(town, [issue]);
      await until('the zombie has cleared its session away', 30_000, () => agentsOf(zombie).length === 0);
      await Promise.all([zombie, ...heirs].map(one => one.harness('stop')));
      expect(road.writes).toEqual([]);
      await expectFinished(town, [issue]);
      const ofZombie = town.journal(issue).filter(entry => entry.fleet === fleet);
      expect(ofZombie.map(({ op }) => op)).toEqual(['claim']);
      expect(await town.api<unknown[]>('pulls?state=all')).toHaveLength(1);
      expect([zombie, ...heirs].flatMap(one => one.processes())).toEqual([]);
    },
    180_000,
  );
});

/** A tmux server lets a child of its own that was stopped go on at once. */
const tmuxOf = (fleet: Fleet) =>
  fleet.processes().flatMap(({ pid, command }) => (command.startsWith('tmux') ? [pid] : []));

/** The forge under another name, so that its requests tell which host has sent them. */
const aliasOf = ({ forge }: Town) => `http://localhost:${forge.port}`;

/** The way from a far host to the forge, which has another name there. */
interface Road {
  isCut: boolean;
  /** What went to the API on it; pushes are judged by the refs that they have moved. */
  writes: readonly string[];
}

function openRoad({ forge }: Town): Road {
  const road: Road = { isCut: false, writes: [] };
  forge.faults.add({
    kind: 'ask',
    ask: async ({ method, url }, moment) => {
      const { hostname, pathname } = new URL(url);
      if (hostname !== 'localhost') return 'go-on';
      if (road.isCut) return 'drop';
      if (moment === 'after') return 'go-on';
      await pause(DELAY_MS);
      if (method !== 'GET' && pathname.startsWith('/repos/'))
        road.writes = [...road.writes, `${method} ${pathname}`];
      return 'go-on';
    },
  });
  return road;
}

const DELAY_MS = 50;

async function labelsOf(town: Town, issue: number): Promise<readonly string[]> {
  const { labels } = await town.api<{ labels: readonly { name: string }[] }>(`issues/${issue}`);
  return labels.map(({ name }) => name);
}
