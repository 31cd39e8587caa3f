import { type ErrorCode, HarnessError } from '../../errors.ts';
import type { Credentials } from './options.ts';

/** Takes a secret out of a text, as it is and as git and HTTP encode it. */
export function redact(text: string, credentials: Credentials | null): string {
  if (!credentials || credentials.password === '') return text;
  const { username, password } = credentials;
  const forms = [password, encodeURIComponent(password), btoa(`${username}:${password}`)];
  return forms.reduce((clean, form) => clean.replaceAll(form, '***'), text);
}

interface Ended {
  /** null when a signal ended it. */
  readonly exit: number | null;
  readonly stderr: string;
}

/** The catalogue's code for what git wrote before it failed. */
function classify(run: Ended): ErrorCode {
  if (run.exit === null) return 'github-unreachable';
  return SIGNS.find(([, pattern]) => pattern.test(run.stderr))?.[0] ?? 'git-failed';
}

// The texts of git 2.39 and of libcurl, in the C locale.
const SIGNS: readonly (readonly [ErrorCode, RegExp])[] = [
  // Git also says that the remote hung up when it was git that did.
  ['git-failed', /bad object|does not match any|invalid refspec/],
  [
    'not-logged-in',
    /Authentication failed|could not read (Username|Password)|error: 401|Invalid username or (password|token)/,
  ],
  ['github-limited', /error: 429|rate limit/i],
  ['github-refused', /error: 40[34]|Repository not found|repository '.*' not found|Permission to .* denied/],
  [
    'github-unreachable',
    /Could not resolve|Failed to connect|Couldn't connect|Connection (was )?(refused|reset|timed out|closed)|Recv failure|Send failure|Empty reply|transfer closed|too slow|timed out|error: 5\d\d|RPC failed|early EOF|hung up|unexpected disconnect|SSL|TLS|does not appear to be a git repository|Could not read from remote/,
  ],
];

/** What a failed command means for a person: its code, and the line of git's that says why. */
export function failureOf(
  command: { readonly args: readonly string[]; readonly remote?: string },
  run: Ended,
): HarnessError {
  const code = command.remote === undefined ? 'git-failed' : classify(run);
  const where = command.remote === undefined ? '' : ` with ${command.remote}`;
  return new HarnessError(code, `git ${command.args[0]}${where} failed: ${reasonOf(run)}`);
}

/** The most telling line of git's standard error. */
export function reasonOf({ exit, stderr }: Ended): string {
  if (exit === null) return 'it was ended before it was done';
  const lines = stderr.split(/[\r\n]+/).map(text => text.trim());
  const telling = lines.find(text => /^(fatal|error|remote): /.test(text)) ?? lines.find(text => text !== '');
  return telling ?? `exit status ${exit}`;
}
