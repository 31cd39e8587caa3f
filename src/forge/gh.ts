import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ForgeUser } from './accounts.ts';
import type { Fetch } from './listen.ts';
import { listenOnSocket } from './listen.ts';

/** The GitHub CLI reaches a forge through a unix socket, as its own configuration lets it. */
export interface GhAccess {
  /**
   * Writes a configuration of `gh` for a user to `dir` (absolute), and returns the environment with which `gh` works on the
   * forge and git clones what `gh` names. Everything that this `gh` sends goes to the forge, whatever the host.
   */
  connectGh(connection: {
    readonly dir: string;
    readonly user: ForgeUser;
  }): Promise<Readonly<Record<string, string>>>;
}

/** Access over sockets that each answer with `fetch`, and how to end them all. */
export function createGhAccess({
  url,
  fetch,
}: {
  url: string;
  fetch: Fetch;
}): GhAccess & { readonly closeSockets: () => Promise<void> } {
  const { hostname, host } = new URL(url);
  const ends: (() => Promise<void>)[] = [];
  return {
    async connectGh({ dir, user }) {
      const directory = await mkdtemp(join(shortTemporaryDirectory(), 'forge-gh-'));
      const socket = join(directory, 'gh.sock');
      const end = await listenOnSocket(socket, fetch);
      ends.push(async () => {
        await end();
        await rm(directory, { recursive: true, force: true });
      });
      await mkdir(dir, { recursive: true });
      await writeFile(join(dir, 'config.yml'), `version: "1"\nhttp_unix_socket: ${JSON.stringify(socket)}\n`);
      return {
        GH_CONFIG_DIR: dir,
        GH_HOST: hostname,
        GH_ENTERPRISE_TOKEN: user.token,
        GIT_CONFIG_COUNT: '1',
        GIT_CONFIG_KEY_0: `url.http://${user.login}:${user.token}@${host}/.insteadOf`,
        GIT_CONFIG_VALUE_0: `https://${hostname}/`,
      };
    },
    closeSockets: async () => void (await Promise.all(ends.map(end => end()))),
  };
}

/** The path of a unix socket has at most 103 bytes (macOS). */
function shortTemporaryDirectory(): string {
  const usual = tmpdir();
  return usual.length > 75 ? '/tmp' : usual;
}
