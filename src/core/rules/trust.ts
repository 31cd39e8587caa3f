import type { Settings } from '../settings.ts';
import type { Issue } from '../world.ts';

/** Whose issues count. Logins compare without case; nobody (an empty login) is never trusted. */
export interface Trust {
  readonly trusts: (login: string) => boolean;
  /** Whether the login is trusted by name, not only because `*` trusts anybody. */
  readonly names: (login: string) => boolean;
}

/** The authenticated login and the allow-list; an unknown login (empty) trusts nobody by itself. */
export function trustOf(settings: Pick<Settings, 'HARNESS_AUTHOR_ALLOWLIST'>, login: string): Trust {
  const named = new Set(
    [login, ...settings.HARNESS_AUTHOR_ALLOWLIST.split(',')].map(name => name.trim().toLowerCase()),
  );
  const anybody = named.delete('*');
  named.delete('');
  const names = once((login: string) => named.has(login.toLowerCase()));
  return { names, trusts: once(login => login !== '' && (anybody || names(login))) };
}

/** Asks once per login: a hundred thousand issues have few authors. */
function once(judge: (login: string) => boolean): (login: string) => boolean {
  const known = new Map<string, boolean>();
  return login => {
    const verdict = known.get(login) ?? judge(login);
    known.set(login, verdict);
    return verdict;
  };
}

/** The login that edited the body last, if it is not trusted; null when the body can be relied on. */
export function strangerWhoEdited({ lastEditor }: Issue, trust: Trust): string | null {
  return lastEditor !== null && lastEditor !== '' && !trust.trusts(lastEditor) ? lastEditor : null;
}
