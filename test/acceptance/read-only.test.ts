import { mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { aTown, type Fleet, type Town } from './fleet.ts';

/** Every command that only looks; only landed work has a packet. */
const readCommands = ({ open, landed, world }: Issues & { readonly world: string }) => [
  ['status'],
  ['status', '--json'],
  ['explain'],
  ['explain', '--json'],
  ['explain', `${open}`],
  ['explain', '--config'],
  ['next'],
  ['next', '--json'],
  ['graph'],
  ['graph', '--mermaid'],
  ['graph', '--dot'],
  ['graph', '--json'],
  ...(landed === null ? [] : [['packet', `${landed}`]]),
  ['prompt', 'impl', `${open}`],
  ['world'],
  ['decide', '--world', world],
  ['simulate', '--world', world],
  ['simulate'],
  ['poll'],
  ['hosts'],
  ['doctor'],
];

interface Issues {
  readonly open: number;
  readonly landed: number | null;
}

/** Every file below a fleet's home with its size and time of change; tmux makes its own socket directory. */
function filesOf(fleet: Fleet): Readonly<Record<string, string>> {
  const entries = readdirSync(fleet.home, { recursive: true, withFileTypes: true });
  return Object.fromEntries(
    entries
      .filter(entry => entry.isFile() || entry.isDirectory())
      .filter(entry => !path.join(entry.parentPath, entry.name).startsWith(path.join(fleet.home, 'tmux')))
      .map(entry => {
        const file = path.join(entry.parentPath, entry.name);
        const { size, mtimeMs } = statSync(file);
        return [file, entry.isDirectory() ? 'directory' : `${size} ${mtimeMs}`];
      }),
  );
}

const isWrite = ({ method, route }: { method: string; route: string }) =>
  !['GET', 'HEAD'].includes(method) && !/\/graphql$|git-upload-pack$/.test(route);

/** Runs all of them at once, so that one that writes would also be in another's way. */
async function expectNothingWritten(fleet: Fleet, { forge, root }: Town, issues: Issues): Promise<void> {
  const world = path.join(root, 'world.json');
  const before = filesOf(fleet);
  forge.requests.clear();
  writeFileSync(world, (await fleet.harness('world')).out);
  const commands = readCommands({ ...issues, world });
  await Promise.all(
    commands.map(async command => {
      const ran = await fleet.harness(...command);
      expect(ran, command.join(' ')).toMatchObject({ exit: 0, err: '' });
      expect(ran.out, command.join(' ')).not.toBe('');
    }),
  );
  expect(filesOf(fleet)).toEqual(before);
  expect(forge.requests.all().filter(isWrite)).toEqual([]);
}

/** A fleet whose temporary directory is looked at, too. */
async function aWatchedFleet(town: Town): Promise<Fleet> {
  const tmp = path.join(town.root, 'one', 'tmp');
  mkdirSync(tmp, { recursive: true });
  return await town.fleet('one', { TMPDIR: tmp });
}

it('writes nothing, anywhere, when it only reads', async () => {
  const town = await aTown();
  const landed = town.issue('first');
  const open = town.issue('waits', { after: [landed, 99] });
  const fleet = await aWatchedFleet(town);
  await fleet.harness('start');
  await town.untilClosed([landed]);
  await fleet.harness('stop');
  await expectNothingWritten(fleet, town, { open, landed });
}, 240_000);

it('reads into memory where there is no snapshot', async () => {
  const town = await aTown();
  const open = town.issue('first');
  const fleet = await aWatchedFleet(town);
  rmSync(path.join(fleet.home, '.harness'), { recursive: true, force: true });
  await expectNothingWritten(fleet, town, { open, landed: null });
}, 240_000);
