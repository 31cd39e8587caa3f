import type { Identity, Log } from '../../ports.ts';

/** What the git adapters need of this host. Processes that share `clonesDir` share its bare clones. */
export interface GitOptions {
  /** Directory of the bare clones, `<owner>__<repo>.git`; made when it is missing. */
  readonly clonesDir: string;
  /** The address of `owner/name`: https, http or file, without credentials in it. */
  readonly remoteUrl: (repo: string) => string;
  /** Asked before each command that talks to a remote; null means that none are needed. */
  readonly credentials: () => Promise<Credentials | null>;
  /** Author and committer of the engine's own commits. */
  readonly identity: Identity;
  /** The variables that git may inherit (PATH, proxies, …); of `GIT_*` only GIT_SSL_CAINFO is taken, and HOME is not. */
  readonly env: Readonly<Record<string, string>>;
  readonly nonce: () => string;
  readonly log: Log;
}

export interface Credentials {
  readonly username: string;
  readonly password: string;
}
