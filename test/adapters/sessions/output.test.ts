import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { expect, it } from 'vitest';
import { makeFleet, useSessionHost } from './fixture.ts';

const host = useSessionHost();

it('keeps head and tail of an agent that prints 100 MB, and does not stall', async () => {
  const cap = 1024 * 1024;
  const fleet = makeFleet(host, FLOOD, { logCap: cap });
  const { name } = await fleet.start();
  const { exit, log } = await fleet.untilEnded(name, 25_000);
  expect(exit?.code).toBe(0);
  expect(statSync(log).size).toBeLessThanOrEqual(cap);
  const lines = readFileSync(log, 'utf8')
    .split('\n')
    .map(line => line.slice(0, 30));
  expect(lines[1]).toMatch(/^line 1 ä/);
  expect(lines.at(-2)).toBe('the last line');
  expect(lines.filter(line => line.includes('left out'))).toEqual(['[… output left out …]']);
});

const FLOOD = `
const line = n => 'line ' + n + ' ' + 'ä'.repeat(2) + 'x'.repeat(1_000) + '\\n';
const write = text => new Promise(resolve => process.stdout.write(text, resolve));
for (let n = 1; n <= 100_000; n += 100) await write(Array.from({ length: 100 }, (_, k) => line(n + k)).join(''));
await write('the last line\\n');
`;

it('writes plain text: no escape sequences, no zero bytes, no half characters', async () => {
  const fleet = makeFleet(
    host,
    `const bytes = Buffer.from('\\x1b[1;31mréd\\x1b[0m \\0\\x1b]0;title\\x07done\\r\\n\\u{1f600}\\n');
     for (const byte of bytes) { process.stdout.write(Buffer.from([byte])); await new Promise(r => setTimeout(r, 1)); }`,
  );
  const { name } = await fleet.start();
  const { log } = await fleet.untilEnded(name);
  expect(readFileSync(log, 'utf8').split('\n').slice(1)).toEqual(['réd done', '😀', '']);
});

it('shows signs of life for a line that is not finished', async () => {
  const fleet = makeFleet(host, `process.stdout.write('thinking'); say('up'); work();`);
  const { name } = await fleet.start();
  await expect.poll(async () => readFileSync((await fleet.find(name)).log, 'utf8')).toContain('thinking');
});

it('never shows a token of the engine to an agent, nor in arguments, variables or logs', async () => {
  const token = `ghp_${'canary0123456789'.repeat(2)}`;
  const env = {
    GH_TOKEN: token,
    GITHUB_TOKEN: token,
    HARNESS_TOKEN: token,
    COPY: `x${token}`,
    MY_KEY: 'key-of-my-model',
  };
  const pass = ['GH_TOKEN', 'HARNESS_TOKEN', 'COPY', 'MY_KEY'];
  const fleet = makeFleet(
    host,
    `say('env', JSON.stringify(env)); console.log('my key is', env.MY_KEY); say('up'); work();`,
    { pass, env },
  );
  const { name } = await fleet.start();
  await fleet.saw('up');
  expect(await fleet.saw('env')).not.toContain(token);
  expect(JSON.parse(await fleet.saw('env'))).toMatchObject({ MY_KEY: 'key-of-my-model' });

  const { host: hostPid } = fleet.pidsOf(name);
  const server = execFileSync('ps', ['-o', 'ppid=', '-p', String(hostPid)], { encoding: 'utf8' }).trim();
  for (const pid of [hostPid, server]) {
    expect(readFileSync(`/proc/${pid}/environ`, 'utf8')).not.toContain('canary0123456789');
  }
  const lines = execFileSync('ps', ['-A', '-ww', '-o', 'args='], { encoding: 'utf8' });
  expect(lines).toContain('session-host.mjs');
  expect(lines).not.toContain('canary0123456789');
  expect(lines).not.toContain('key-of-my-model');

  await fleet.sessions.end(name, 'stopped');
  const search = spawnSync('grep', ['-rlE', 'canary|key-of-my-model', fleet.runDir], { encoding: 'utf8' });
  expect(search).toMatchObject({ status: 1, stdout: '' });
});
