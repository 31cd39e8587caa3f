import type { HttpBindings } from '@hono/node-server';
import type { ForgeUser } from './accounts.ts';
import { createAccounts } from './accounts.ts';
import { settleRefs } from './board/settle.ts';
import type { ForgeClock } from './clock.ts';
import { createClock } from './clock.ts';
import { createControl } from './control.ts';
import type { ForgeDelays } from './delays.ts';
import { createPatience } from './delays.ts';
import type { GhAccess } from './gh.ts';
import { createGhAccess } from './gh.ts';
import { createCommits } from './git/commits.ts';
import { createDiffs } from './git/diff.ts';
import { createMerging } from './git/merging.ts';
import { writePushHook } from './git/push-rules.ts';
import { createRefs } from './git/refs.ts';
import { createMemory } from './git/remember.ts';
import { createGit } from './git/run.ts';
import type { Faults } from './http/faults.ts';
import { createFaults } from './http/faults.ts';
import type { Limits } from './http/limits.ts';
import { createLimits } from './http/limits.ts';
import type { RequestLog } from './http/request-log.ts';
import { createRequestLog } from './http/request-log.ts';
import type { Fetch } from './listen.ts';
import { listen } from './listen.ts';
import type { Parts } from './parts.ts';
import { createQueues } from './parts.ts';
import { nameOf } from './records.ts';
import { createRoutes, routesOf } from './routes/app.ts';
import type { Seeding } from './seed.ts';
import { createSeeding } from './seed.ts';
import { openStore } from './store.ts';

/** How to start a forge. */
export interface ForgeOptions {
  /** Directory of its state; made when it is missing. */
  readonly root: string;
  /** 0, the default, takes a free one. */
  readonly port?: number;
  readonly host?: string;
  readonly users: readonly ForgeUser[];
  readonly delays?: ForgeDelays;
  /** Pushes of refs that are neither branches nor tags are refused, as some servers and proxies do. */
  readonly takesBranchesOnly?: boolean;
  /** PATH to find git on. */
  readonly searchPath?: string;
}

/** A running forge. */
export interface Forge extends Seeding, GhAccess {
  /** `http://127.0.0.1:PORT`; git remotes are `${url}/owner/name.git`. */
  readonly url: string;
  /** Base URL for octokit; the same address. `${url}/api/v3` works too, as on GitHub Enterprise. */
  readonly apiUrl: string;
  readonly port: number;
  readonly root: string;
  readonly requests: RequestLog;
  /** What it answers, `GET /repos/{owner}/{repo}`; all else is 404. */
  readonly routes: readonly string[];
  readonly faults: Faults;
  readonly limits: Limits;
  readonly clock: ForgeClock;
  /** Lets another user sign in, or the same one with another token. */
  addUser(user: ForgeUser): void;
  /** From now on the token is answered 401. */
  revokeToken(token: string): void;
  close(): Promise<void>;
}

const USUAL_PATH = '/usr/local/bin:/opt/homebrew/bin:/usr/bin:/bin';

/**
 * Starts a GitHub of its own on a loopback port. Everything but tokens, limits, faults and the request log
 * is kept under `root`: a forge that was closed or killed goes on there. Rejects with the `EADDRINUSE` of
 * node when the port is taken, before it touches the state.
 */
export async function startForge(options: ForgeOptions): Promise<Forge> {
  const { port = 0, host = '127.0.0.1' } = options;
  const fetch: Fetch = async (request, environment) => (await opening).fetch(request, environment);
  const listener = await listen({ host, port, fetch });
  const opening = openForge(options, listener.url);
  try {
    const { fetch: _, ...forge } = await opening;
    const { connectGh, closeSockets } = createGhAccess({ url: listener.url, fetch });
    const close = async () => void (await Promise.all([listener.close(), closeSockets()]));
    return { ...forge, port: listener.port, connectGh, close };
  } catch (error) {
    await listener.close();
    throw error;
  }
}

/** Everything behind the server: the state as it was left, in line with the refs. */
async function openForge(options: ForgeOptions, url: string) {
  const { root, users, delays = {}, takesBranchesOnly = false, searchPath = USUAL_PATH } = options;
  const clock = createClock();
  const store = openStore(root);
  const git = createGit({ root, searchPath });
  const remember = createMemory(5000);
  const parts: Parts = {
    url,
    clock,
    store,
    accounts: createAccounts({ store, clock, users }),
    git,
    refs: createRefs(git),
    commits: createCommits({ git, remember }),
    merging: createMerging({ git, remember }),
    diffs: createDiffs({ git, remember }),
    knowsMergeability: createPatience(delays.unknownMergeableReads ?? 0),
    inTurn: createQueues(),
  };
  const log = createRequestLog();
  const faults = createFaults(() => store.freeze());
  const limits = createLimits(clock);
  const rules = { hooks: writePushHook(root), takesBranchesOnly };
  const routes = createRoutes(parts, { log, faults, limits, delays, rules });
  const control = createControl({ log, faults, limits, store });
  for (const repository of store.repositories()) {
    await settleRefs(parts, nameOf(repository), repository.owner);
  }
  return {
    ...createSeeding(parts),
    url,
    apiUrl: url,
    root,
    requests: log,
    routes: routesOf(routes),
    faults,
    limits,
    clock,
    addUser: (user: ForgeUser) => parts.accounts.add(user),
    revokeToken: (token: string) => parts.accounts.revoke(token),
    fetch: (request: Request, environment: HttpBindings) =>
      isControl(request.url) ? control.fetch(request) : routes.fetch(request, environment),
  };
}

function isControl(url: string): boolean {
  return new URL(url).pathname.startsWith('/_forge/');
}
