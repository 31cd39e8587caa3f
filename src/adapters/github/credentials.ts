import { HarnessError } from '../../errors.ts';

/** The token in use, asked for once until GitHub refuses it. */
export interface Credentials {
  current(): Promise<string>;
  /** Asks for another token in place of a refused one; whether there is one. */
  renew(refused: string): Promise<boolean>;
}

/** Remembers what `ask` gives; a failure to give is not remembered. */
export function rememberToken(ask: () => Promise<string>): Credentials {
  let known: Promise<string> | null = null;

  function current(): Promise<string> {
    known ??= ask().then(checkToken);
    const asked = known;
    asked.catch(() => {
      if (known === asked) known = null;
    });
    return asked;
  }

  return {
    current,
    async renew(refused) {
      // Of many requests that were refused at once, the first asks and the others take its answer.
      if ((await current()) === refused) known = null;
      return (await current()) !== refused;
    },
  };
}

/** `fetch` would print a token with a line break in its complaint about the header. */
function checkToken(token: string): string {
  if (/^[\x21-\x7e]+$/.test(token)) return token;
  throw new HarnessError('not-logged-in', 'The GitHub token has characters that no token has.');
}
