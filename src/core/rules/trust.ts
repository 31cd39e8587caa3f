import { isProposed } from '../markers.ts';
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

/**
 * Whether a person wrote the body last. What the engine has filed or refined says what an agent proposed, and has that
 * agent's trust, until somebody other than the engine's own login edits it.
 */
export function isPersonsText(
  { body, lastEditor }: Pick<Issue, 'body' | 'lastEditor'>,
  { login, trust }: { readonly login: string; readonly trust: Trust },
): boolean {
  if (!isProposed(body)) return true;
  if (lastEditor === null || lastEditor.toLowerCase() === login.toLowerCase()) return false;
  return trust.names(lastEditor);
}
