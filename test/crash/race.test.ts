import path from 'node:path';
import { build } from 'esbuild';
import { execa } from 'execa';
import { expect, it } from 'vitest';
import { aTown, REPO } from '../acceptance/fleet.ts';
import type { Race } from './racer.ts';

// For the packages in it that are not modules.
const REQUIRE =
  "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);";

const RACERS = 8;
const LEASES = 200;

it(`gives ${LEASES} leases to one of ${RACERS} processes each`, async () => {
  const town = await aTown();
  const program = path.join(town.root, 'racer.mjs');
  await build({
    entryPoints: [path.join(import.meta.dirname, 'racer.ts')],
    outfile: program,
    ...{ bundle: true, platform: 'node', format: 'esm', target: 'node20', banner: { js: REQUIRE } },
  });
  const won = await Promise.all(
    Array.from({ length: RACERS }, async (_none, at): Promise<readonly number[]> => {
      const race: Race = {
        ...{ fleet: `fleet-${at}`, repo: REPO, url: town.forge.url, token: town.token, leases: LEASES },
        ...{ dir: path.join(town.root, `clones-${at}`), path: process.env.PATH ?? '' },
      };
      const { stdout } = await execa(process.execPath, [program, JSON.stringify(race)]);
      return JSON.parse(stdout);
    }),
  );
  const issues = Array.from({ length: LEASES }, (_none, at) => at + 1);
  expect(won.flat().sort((a, b) => a - b)).toEqual(issues);
  const owners = issues.map(issue => town.journal(issue).map(({ fleet }) => fleet));
  expect(owners).toEqual(issues.map(issue => [`fleet-${won.findIndex(mine => mine.includes(issue))}`]));
  expect(won.filter(mine => mine.length > 0).length).toBeGreaterThan(1);
}, 600_000);
