/** Exit codes of the command line; the table in README.md is the same. */
export const EXIT = {
  ok: 0,
  failed: 1,
  usage: 2,
  missing: 3,
  github: 4,
  refused: 5,
  interrupted: 130,
} as const;

type Exit = (typeof EXIT)[keyof typeof EXIT];

/**
 * Every failure that a person can meet: its exit code and what to do next. What happened, and where,
 * is said by whoever throws it.
 */
const CATALOGUE = {
  'config-invalid': { exit: EXIT.usage, fix: 'Correct the value; `docs/configuration.md` lists every key.' },
  'config-unreadable': {
    exit: EXIT.usage,
    fix: 'Check the file and its permissions, or run `harness init`.',
  },
  'config-unwritable': { exit: EXIT.failed, fix: 'Check the permissions of the directory, then try again.' },
  'config-differs': {
    exit: EXIT.refused,
    fix: 'Edit the file, or repeat the command with --force to change it.',
  },
  'not-initialised': { exit: EXIT.usage, fix: 'Run `harness init` in the project directory first.' },
  'not-a-repository': { exit: EXIT.usage, fix: 'Run this inside a git checkout, or name one with --dir.' },
  'no-remote': {
    exit: EXIT.usage,
    fix: 'Add a GitHub remote, or name the repository with --repo owner/name.',
  },
  'world-invalid': { exit: EXIT.usage, fix: 'Correct the world file; `docs/world.md` describes the format.' },
  'issues-invalid': {
    exit: EXIT.usage,
    fix: 'Correct the file; `docs/issues.md` describes the three formats.',
  },
  'usage-invalid': { exit: EXIT.usage, fix: 'See `harness help` for the command.' },
  'tool-missing': { exit: EXIT.missing, fix: 'Install it, then try again.' },
  'agent-unusable': {
    exit: EXIT.missing,
    fix: 'Set up the agent program as named above; `docs/agents.md` has each one.',
  },
  'git-failed': {
    exit: EXIT.failed,
    fix: 'Read the message of git above; HARNESS_DEBUG=1 shows the command.',
  },
  'tmux-failed': {
    exit: EXIT.failed,
    fix: 'Check `tmux -V` (3.0 or newer is needed) and the socket directory.',
  },
  'worktree-exists': {
    exit: EXIT.failed,
    fix: 'Look at it, then move or delete it; nothing in it was changed.',
  },
  'setup-failed': { exit: EXIT.failed, fix: 'Run HARNESS_SETUP by hand in a fresh clone and mend it.' },
  'not-logged-in': {
    exit: EXIT.github,
    fix: 'Run `gh auth login`, or set GH_TOKEN to a token of this GitHub.',
  },
  'github-unreachable': { exit: EXIT.github, fix: 'Check the network and HARNESS_API_URL, then try again.' },
  'github-refused': { exit: EXIT.github, fix: 'Check what the token may do in that repository.' },
  'github-limited': { exit: EXIT.github, fix: 'Wait until the time named above; work in hand goes on then.' },
  'port-in-use': { exit: EXIT.refused, fix: 'Choose another port with --port, or stop what listens there.' },
  'already-running': {
    exit: EXIT.refused,
    fix: 'Use `harness status`, or `harness stop` before starting again.',
  },
  'prefix-taken': { exit: EXIT.refused, fix: 'Set another HARNESS_SESS_PREFIX for this project.' },
  'nothing-asked': {
    exit: EXIT.refused,
    fix: '`harness status` shows what waits for an answer.',
  },
  'not-running': { exit: EXIT.refused, fix: 'Start the fleet with `harness start`.' },
  'no-packet': {
    exit: EXIT.refused,
    fix: 'Look with `harness explain`; there is one as soon as an attempt has passed its first gates.',
  },
  'not-waiting': {
    exit: EXIT.refused,
    fix: 'Look with `harness explain`; it can be approved once its pull request is open.',
  },
  'not-adoptable': {
    exit: EXIT.refused,
    fix: 'It takes an open pull request, for an open issue, from a branch of the repository itself onto the branch that work lands on.',
  },
  'no-issue': { exit: EXIT.usage, fix: 'Name the issue with --issue.' },
  'issue-held': {
    exit: EXIT.refused,
    fix: 'Try again when that attempt has ended; `harness status` shows it, `harness pause` lets none begin after it.',
  },
  'head-differs': {
    exit: EXIT.refused,
    fix: 'Look at the pull request, then name the full head that you have seen with --sha.',
  },
  'stage-held': {
    exit: EXIT.refused,
    fix: 'Try again when that has ended; `harness status` shows it. `harness start` takes over what its holder left.',
  },
  'not-added': {
    exit: EXIT.refused,
    fix: 'Nothing was written. Change what you ask for, or the issues that stand in the way, then try again.',
  },
  'added-in-part': {
    exit: EXIT.failed,
    fix: 'Run the same command again, or `harness start`: either one finishes it, and files nothing twice.',
  },
  'fenced-off': {
    exit: EXIT.failed,
    fix: 'Nothing to do: the fleet that holds the lease now goes on with it.',
  },
  'engine-failed': { exit: EXIT.failed, fix: 'Run again with HARNESS_DEBUG=1 and report what it prints.' },
} as const satisfies Record<string, { exit: Exit; fix: string }>;

export type ErrorCode = keyof typeof CATALOGUE;

/** A failure with a code, what happened, and what to do next. `cli.ts` prints it and exits with `exit`. */
export class HarnessError extends Error {
  readonly code: ErrorCode;
  readonly exit: Exit;
  readonly fix: string;

  constructor(code: ErrorCode, message: string, options: { fix?: string; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? {} : { cause: options.cause });
    this.name = 'HarnessError';
    this.code = code;
    this.exit = CATALOGUE[code].exit;
    this.fix = options.fix ?? CATALOGUE[code].fix;
  }
}

/** What a caught value says, in one line; for logs and receipts. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
