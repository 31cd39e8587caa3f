import { execFile, execFileSync, spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const HARNESS = fileURLToPath(new URL('../../bin/harness', import.meta.url));
const AGENT = fileURLToPath(new URL('agent.mjs', import.meta.url));
const REPO = 'acme/app';
const TOKEN = 'soak-token';

/** A forge in a process of its own, with one repository. */
export async function openTown(root) {
  const child = spawn(HARNESS, [
    ...['forge', '--root', path.join(root, 'forge'), '--login', 'bot', '--token', TOKEN],
    ...['--repo', REPO, '--json'],
  ]);
  const { apiUrl } = await firstLine(child);
  // Three hosts on one token would come to the limit of an hour within half of it.
  const limits = { login: 'bot', limit: 1_000_000, remaining: 1_000_000 };
  await fetch(`${apiUrl}/_forge/limits`, { method: 'POST', body: JSON.stringify(limits) });
  const bare = path.join(root, 'forge/git', `${REPO}.git`);
  return {
    root,
    apiUrl,
    api: async (method, route, body) => {
      const answer = await fetch(`${apiUrl}/repos/${REPO}/${route}`, {
        method,
        headers: { authorization: `Bearer ${TOKEN}`, 'user-agent': 'soak' },
        ...(body ? { body: JSON.stringify(body) } : {}),
      });
      return await answer.json();
    },
    git: (...args) => execFileSync('git', ['-C', bare, ...args], { encoding: 'utf8', maxBuffer: 1 << 28 }),
    close: async () => {
      child.kill('SIGTERM');
      await new Promise(done => child.on('exit', done));
    },
  };
}

async function firstLine(child) {
  let text = '';
  for await (const chunk of child.stdout) {
    text += chunk;
    if (text.includes('\n')) break;
  }
  return JSON.parse(text.split('\n')[0]);
}

/** A host: a home, a clone and a tmux socket of its own. */
export async function addHost({ root, apiUrl }, name) {
  const home = path.join(root, name);
  const project = path.join(home, 'app');
  mkdirSync(path.join(home, 'tmux'), { recursive: true, mode: 0o700 });
  const env = {
    PATH: process.env.PATH,
    HOME: home,
    TMUX_TMPDIR: path.join(home, 'tmux'),
    HARNESS_TOKEN: TOKEN,
    HARNESS_BACKOFF: '1',
    // However often an attempt is killed, the issue is to be done in the end.
    HARNESS_MAX_ATTEMPTS: '100',
    HARNESS_LEASE_TTL: '60',
    HARNESS_POLL: '10',
    GIT_CONFIG_GLOBAL: '/dev/null',
  };
  const address = `http://bot:${TOKEN}@${new URL(apiUrl).host}/${REPO}.git`;
  await run('git', ['clone', '--quiet', address, project], { env });
  const harness = async (...args) => {
    const { stdout } = await run(HARNESS, args, { cwd: project, env });
    return stdout;
  };
  await harness(
    ...['init', '--yes', '--repo', REPO, '--api-url', apiUrl, '--prefix', name, '--setup', ''],
    ...['--verify', 'test -d work', '--pool', '2', '--cap', '1'],
    ...['--agent-command', `"${process.execPath}" "${AGENT}"`],
  );
  return { name, home, project, harness };
}
