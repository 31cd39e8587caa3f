import { describe, expect, it } from 'vitest';
import { aTown, type Fleet, type Town, until } from '../acceptance/fleet.ts';
import { agentsOf, driverOf, ended, expectFinished } from '../acceptance/strikes.ts';

const TTL = { HARNESS_LEASE_TTL: '5' };

describe('what is stopped for longer than a lease lives', () => {
  it.each([
    ['a host', (fleet: Fleet) => fleet.processes().map(({ pid }) => pid)],
    ['one of three workers, whose agent goes on', (fleet: Fleet) => [...tmuxOf(fleet), driverOf(fleet)]],
  ])(
    '(%s) writes nothing public when it goes on',
    async (_what, choose) => {
      const town = await aTown();
      const issue = town.issue('patient');
      const zombie = await town.fleet('zombie', {
        ...TTL,
        HARNESS_POOL: '3',
        HARNESS_API_URL: aliasOf(town),
      });
      const heir = await town.fleet('heir', TTL);
      await zombie.harness('start');
      await until('an agent works', 20_000, () => agentsOf(zombie).length > 0);
      await until('people see it', 20_000, async () =>
        (await labelsOf(town, issue)).includes('agent-working'),
      );
      const pids = choose(zombie);
      for (const pid of pids) process.kill(pid, 'SIGSTOP');
      const fleet = town.journal(issue)[0]?.fleet;
      await heir.harness('start');
      await until('the heir has claimed it', 40_000, () => {
        const last = town.journal(issue).at(-1);
        return last?.op === 'claim' && last.fleet !== fleet;
      });

      const writes = watchWrites(town);
      for (const pid of pids) process.kill(pid, 'SIGCONT');
      await town.untilClosed([issue], 60_000);
      await ended(town, [issue]);
      await until('the zombie has cleared its session away', 30_000, () => agentsOf(zombie).length === 0);
      await Promise.all([zombie, heir].map(one => one.harness('stop')));
      expect(writes()).toEqual([]);
      await expectFinished(town, [issue]);
      const ofZombie = town.journal(issue).filter(entry => entry.fleet === fleet);
      expect(ofZombie.map(({ op }) => op)).toEqual(['claim']);
      expect(await town.api<unknown[]>('pulls?state=all')).toHaveLength(1);
      expect([...zombie.processes(), ...heir.processes()]).toEqual([]);
    },
    180_000,
  );
});

/** A tmux server lets a child of its own that was stopped go on at once. */
const tmuxOf = (fleet: Fleet) =>
  fleet.processes().flatMap(({ pid, command }) => (command.startsWith('tmux') ? [pid] : []));

/** The forge under another name, so that its requests tell which host has sent them. */
const aliasOf = ({ forge }: Town) => `http://localhost:${forge.port}`;

/** What is written to the API through the alias; pushes are judged by the refs that they have moved. */
function watchWrites({ forge }: Town): () => readonly string[] {
  const writes: string[] = [];
  forge.faults.add({
    kind: 'ask',
    route: /^\/repos\//,
    ask: async ({ method, url }, moment) => {
      const { hostname, pathname } = new URL(url);
      if (moment === 'before' && method !== 'GET' && hostname === 'localhost') {
        writes.push(`${method} ${pathname}`);
      }
      return 'go-on';
    },
  });
  return () => writes;
}

async function labelsOf(town: Town, issue: number): Promise<readonly string[]> {
  const { labels } = await town.api<{ labels: readonly { name: string }[] }>(`issues/${issue}`);
  return labels.map(({ name }) => name);
}
