/**
 * The values in a host's environment that must not get out: of the variables whose names say so, and passwords in
 * addresses, whatever their variable is called. Without what is evidently no secret: a path, a word, a number.
 */
export function hostSecrets(env: Readonly<Record<string, string | undefined>>): readonly string[] {
  const values = Object.entries(env).flatMap(([name, value = '']) => [
    ...(SECRET_NAME.test(name) && !NOT_SECRET_NAME.test(name) ? [value.trim()] : []),
    ...passwordsIn(value),
  ]);
  return [...new Set(values)].filter(isSecret);
}

const SECRET_NAME =
  /(?:^|_)(?:TOKEN|SECRET|PASSWORD|PASSWD|PASS|PASSPHRASE|PWD|PW|APIKEY|KEY|PAT|CREDENTIALS?|AUTH|COOKIE|DSN|WEBHOOK)S?(?:_|\d|$)|(?:TOKEN|SECRET|PASSWORD|APIKEY)$/i;

/** They name where a secret is, or a directory. */
const NOT_SECRET_NAME = /(?:^|_)(?:PATH|FILE|DIR|SOCK|OLDPWD)$|^PWD$/i;

function passwordsIn(value: string): readonly string[] {
  return [...value.matchAll(/:\/\/[^\s/:@]{0,200}:([^\s/@]{1,500})@/g)].flatMap(([, password = '']) => [
    password,
    decoded(password),
  ]);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

// Short ones, words and numbers are everywhere: a change could not do without them.
const isSecret = (value: string) =>
  value.length >= 8 &&
  !/^(?:[/~]|[a-z]:\\)/i.test(value) &&
  !/^\d+$/.test(value) &&
  (value.length >= 20 || !/^[a-z_.-]+$/i.test(value));
