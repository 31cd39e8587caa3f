import { HarnessError } from '../../errors.ts';
import type { Checkout } from '../../ports.ts';
import { parseRemote, parseRepository, type RemoteRepository } from './remote.ts';

/** The repository to work on, and what says so. */
export interface FoundRepository extends RemoteRepository {
  readonly because: string;
}

/** A remote of the checkout that names a repository. */
export interface KnownRemote extends RemoteRepository {
  readonly name: string;
}

/** The remotes of a checkout that can be a GitHub's; local paths are left out. */
export function knownRemotes(checkout: Checkout | null): readonly KnownRemote[] {
  return (checkout?.remotes ?? []).flatMap(({ name, address }) => {
    const found = parseRemote(address);
    return found === null ? [] : [{ ...found, name }];
  });
}

/**
 * The remote that needs no question: the one asked for, `origin`, or the only one; null when there are several
 * others. Throws `no-remote` when there is none, or none with that name.
 */
export function obviousRemote(
  remotes: readonly KnownRemote[],
  wanted: string | undefined,
): KnownRemote | null {
  if (wanted !== undefined) {
    const found = remotes.find(({ name }) => name === wanted);
    if (found !== undefined) return found;
    const names = remotes.map(({ name }) => name).join(', ') || 'none';
    throw new HarnessError(
      'no-remote',
      `No remote ${JSON.stringify(wanted)} on a GitHub (there is: ${names}).`,
    );
  }
  const [first, ...more] = remotes;
  if (first === undefined) throw new HarnessError('no-remote', 'No remote of this checkout is on a GitHub.');
  return remotes.find(({ name }) => name === 'origin') ?? (more.length === 0 ? first : null);
}

/** The failure when several remotes are there, none is `origin`, and nobody can be asked. */
export function ambiguousRemotes(remotes: readonly KnownRemote[]): HarnessError {
  const list = remotes.map(({ name, repo }) => `${name} (${repo})`).join(', ');
  return new HarnessError('no-remote', `Several remotes and no origin: ${list}.`, {
    fix: 'Choose one with --remote, or name the repository with --repo owner/name.',
  });
}

/**
 * A repository that was named; a bare name gets the owner. Its GitHub is that of the remote with the same name,
 * if there is one. Throws `usage-invalid`.
 */
export function namedRepository(
  text: string,
  { owner, remotes }: { readonly owner: string | undefined; readonly remotes: readonly KnownRemote[] },
): FoundRepository {
  const named = parseRepository(owner === undefined || text.includes('/') ? text : `${owner}/${text}`);
  if (named === null) {
    throw new HarnessError(
      'usage-invalid',
      `Expected owner/name or an address, got ${JSON.stringify(text)}.`,
    );
  }
  const same = remotes.find(({ repo }) => repo.toLowerCase() === named.repo.toLowerCase());
  return same === undefined ? { ...named, because: '' } : { ...same, because: `remote ${same.name}` };
}
