import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { createUnitClaims, placeBid } from '../../../src/adapters/host/unit-claims.ts';
import { identifySelf } from '../../../src/adapters/processes.ts';
import { makeTempDir } from '../../helpers/temp.ts';

const dir = mkdtempSync('/tmp/hz-');
const racer = join(dir, 'racer.mjs');
afterAll(() => rmSync(dir, { recursive: true, force: true }));

/** A process that answers every line `<directory>` with whether it has got the unit `app` there. */
const RACER = `
import { createInterface } from 'node:readline';
import { createUnitClaims, placeBid } from './src/adapters/host/unit-claims.ts';
import { identifySelf } from './src/adapters/processes.ts';
createInterface({ input: process.stdin }).on('line', directory =>
  console.log(createUnitClaims(directory, identifySelf()).take('app')));
`;

beforeAll(async () => {
  const stdin = { contents: RACER, resolveDir: process.cwd(), loader: 'ts' } as const;
  await build({ stdin, outfile: racer, bundle: true, format: 'esm', platform: 'node' });
});

function startRacers(count: number): readonly ChildProcess[] {
  const racers = Array.from({ length: count }, () =>
    spawn(process.execPath, [racer], { stdio: ['pipe', 'pipe', 'inherit'] }),
  );
  onTestFinished(() => {
    for (const child of racers) child.kill('SIGKILL');
  });
  return racers;
}

async function ask(child: ChildProcess, directory: string): Promise<boolean> {
  child.stdin?.write(`${directory}\n`);
  const [answer] = (await once(child.stdout as NodeJS.ReadableStream, 'data')) as [Buffer];
  return answer.toString().trim() === 'true';
}

const SELF = identifySelf();
const DEAD = { ...SELF, started: '1' };

describe('the claim of a unit', () => {
  it('goes to exactly one of eight processes, also over the claim of a dead one', async () => {
    const root = makeTempDir();
    const racers = startRacers(8);
    for (let round = 0; round < 25; round += 1) {
      const directory = join(root, `${round}`);
      if (round % 2 === 1) createUnitClaims(directory, DEAD).take('app');
      const answers = await Promise.all(racers.map(child => ask(child, directory)));
      expect(answers.filter(isMine => isMine)).toHaveLength(1);
      expect(readdirSync(directory)).toHaveLength(1);
    }
  });

  it('is not won by a bid that comes a generation too late', () => {
    const directory = makeTempDir();
    const live = { unit: 'app', generation: 5, self: SELF };
    expect(placeBid(directory, live)).toBe(true);
    expect(placeBid(directory, { unit: 'app', generation: 4, self: DEAD })).toBe(false);
    expect(readdirSync(directory)).toEqual(['app.5']);
  });

  it('is kept by its process, and seen by others as long as that lives', async () => {
    const directory = join(makeTempDir(), 'claims');
    const mine = createUnitClaims(directory, SELF);
    expect([mine.take('app'), mine.take('app')]).toEqual([true, true]);
    const [other] = startRacers(1);
    expect(await ask(other as ChildProcess, directory)).toBe(false);
    mine.release('app');
    expect(await ask(other as ChildProcess, directory)).toBe(true);
    expect([mine.take('app'), mine.live()]).toEqual([false, ['app']]);

    mine.release('app');
    expect(mine.live()).toEqual(['app']);
    other?.kill('SIGKILL');
    await once(other as ChildProcess, 'exit');
    expect([mine.live(), mine.take('app')]).toEqual([[], true]);
  });

  it('is not believed when its pid belongs to another process now', () => {
    const directory = makeTempDir();
    createUnitClaims(directory, DEAD).take('app');
    const claims = createUnitClaims(directory, SELF);
    expect([claims.live(), claims.take('app'), claims.live()]).toEqual([[], true, ['app']]);
  });

  it('can be taken again when its file is gone or unreadable', () => {
    const directory = makeTempDir();
    const claims = createUnitClaims(directory, SELF);
    claims.take('app');
    rmSync(directory, { recursive: true });
    expect([claims.live(), claims.take('app'), claims.live()]).toEqual([[], true, ['app']]);
    writeFileSync(join(directory, 'other.1'), '{');
    expect(claims.take('other')).toBe(true);
  });

  it('keeps units apart, whatever their names', () => {
    const claims = createUnitClaims(makeTempDir(), SELF);
    const units = ['app', 'app.1', 'app/../x', '..', 'ä b'];
    expect(units.map(unit => claims.take(unit))).toEqual(units.map(() => true));
    expect(claims.live()).toEqual([...units].sort());
  });
});
