import { readdirSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { aTown, type Fleet } from './fleet.ts';

const READ_COMMANDS: readonly (readonly string[])[] = [
  ['status'],
  ['status', '--json'],
  ['explain'],
  ['explain', '1'],
  ['explain', '--config'],
  ['next'],
  ['graph'],
  ['graph', '--mermaid'],
  ['world'],
];

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

async function expectNothingWritten(
  fleet: Fleet,
  forge: Awaited<ReturnType<typeof aTown>>['forge'],
): Promise<void> {
  const before = filesOf(fleet);
  forge.requests.clear();
  for (const command of READ_COMMANDS) {
    const ran = await fleet.harness(...command);
    expect(ran, command.join(' ')).toMatchObject({ exit: 0, err: '' });
    expect(ran.out, command.join(' ')).not.toBe('');
    expect(filesOf(fleet), command.join(' ')).toEqual(before);
  }
  expect(forge.requests.all().filter(isWrite)).toEqual([]);
}

it('writes nothing, anywhere, when it only reads', async () => {
  const town = await aTown();
  const issue = town.issue('first');
  town.issue('waits', { after: [issue, 99] });
  const fleet = await town.fleet('one');
  await fleet.harness('start');
  await town.untilClosed([issue]);
  await fleet.harness('stop');
  await expectNothingWritten(fleet, town.forge);
}, 60_000);

it('reads into memory where there is no snapshot', async () => {
  const town = await aTown();
  town.issue('first');
  const fleet = await town.fleet('one');
  rmSync(path.join(fleet.home, '.harness'), { recursive: true, force: true });
  await expectNothingWritten(fleet, town.forge);
}, 60_000);
