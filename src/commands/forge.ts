import { resolve } from 'node:path';
import { EXIT, HarnessError } from '../errors.ts';
import { type Forge, startForge } from '../forge/index.ts';
import type { Invocation } from '../invocation.ts';

export interface ForgeOptions {
  readonly root: string;
  readonly port: string;
  readonly login: string;
  readonly token: string;
  readonly repo?: readonly string[] | undefined;
  readonly json?: boolean | undefined;
}

/** Runs the embedded GitHub in the foreground until Ctrl-C. Its state stays in `--root`. */
export async function forgeCommand(options: ForgeOptions, io: Invocation): Promise<number> {
  const { signal } = io;
  const forge = await open(options, io);
  const created: string[] = [];
  for (const name of options.repo ?? []) {
    const [owner = '', repo = ''] = name.split('/');
    if (!owner || !repo)
      throw new HarnessError('usage-invalid', `--repo: expected owner/name, got ${JSON.stringify(name)}.`);
    if (forge.hasRepository(name)) continue;
    await forge.addRepository({ owner, name: repo, files: { 'README.md': `# ${repo}\n` } });
    created.push(name);
  }
  const facts = { url: forge.url, apiUrl: forge.apiUrl, login: options.login, token: options.token, created };
  io.out(options.json ? `${JSON.stringify(facts)}\n` : describe(facts, resolve(io.cwd, options.root)));
  await new Promise(done =>
    signal.aborted ? done(null) : signal.addEventListener('abort', done, { once: true }),
  );
  await forge.close();
  return EXIT.ok;
}

async function open({ root, port, login, token }: ForgeOptions, io: Invocation): Promise<Forge> {
  const number = Number(port);
  if (!Number.isInteger(number) || number < 0 || number > 65_535) {
    throw new HarnessError(
      'usage-invalid',
      `--port: expected a number from 0 to 65535, got ${JSON.stringify(port)}.`,
    );
  }
  try {
    return await startForge({ root: resolve(io.cwd, root), port: number, users: [{ login, token }] });
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EADDRINUSE')) throw error;
    throw new HarnessError('port-in-use', `Port ${port} on 127.0.0.1 is in use.`, { cause: error });
  }
}

function describe(
  {
    url,
    apiUrl,
    login,
    token,
    created,
  }: { url: string; apiUrl: string; login: string; token: string; created: readonly string[] },
  root: string,
): string {
  return [
    `The forge listens on ${url} and keeps its state in ${root}.`,
    ...created.map(
      name => `Created ${name}: git clone http://${login}:${token}@${new URL(url).host}/${name}.git`,
    ),
    '',
    'To work on a repository of it:',
    `  export HARNESS_API_URL=${apiUrl} HARNESS_TOKEN=${token}`,
    'Ctrl-C stops it; the same --root continues it.',
    '',
  ].join('\n');
}
