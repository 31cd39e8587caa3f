import type { Settings } from '../core/settings.ts';

/** What prompts say of the policy, by placeholder: none of it is written down twice. */
export function policyTexts(settings: Settings): Readonly<Record<string, string>> {
  return {
    MAX_ISSUES: String(settings.HARNESS_MAX_ISSUES),
    VERIFY: settings.HARNESS_VERIFY
      ? `The engine proves your work by running \`${settings.HARNESS_VERIFY}\` on the merge with the base; run it yourself first.`
      : 'Run the tests of the project before you finish.',
    PROTECTED: protectedText(settings),
    RED_FIRST: isRedFirst(settings) ? ' A fix without a test that fails without it is not accepted.' : '',
    LANDING: landingText(settings),
    FILING:
      settings.HARNESS_PROPOSALS === 'hold' ? 'shows it to a person and, once they agree, files' : 'files',
    BLOCKED: settings.HARNESS_AUTONOMOUS
      ? 'a person must decide: say what in `question`; nobody waits for the answer, and the next attempt decides itself'
      : 'a person must decide: say what in `question`; the work waits for the answer',
    TIME_LIMIT: Number.isFinite(settings.HARNESS_SESSION_MINUTES)
      ? `, and is ended after ${settings.HARNESS_SESSION_MINUTES} minutes`
      : '',
  };
}

/** Without a command that proves anything there is nothing that could fail. */
const isRedFirst = ({ HARNESS_RED_FIRST, HARNESS_VERIFY }: Settings) =>
  HARNESS_RED_FIRST !== 'off' && HARNESS_VERIFY !== '';

function protectedText({ HARNESS_PROTECT, HARNESS_UNPROTECT }: Settings): string {
  const usual =
    '`.harness/`, continuous-integration files, git hooks and the instructions of coding agents (`CLAUDE.md` and the like)';
  const also = HARNESS_PROTECT === '' ? '' : `, nor \`${HARNESS_PROTECT}\``;
  const exempt = HARNESS_UNPROTECT === '' ? '' : ` What matches \`${HARNESS_UNPROTECT}\` may be changed.`;
  return `Do not touch ${usual}${also}, unless a person's issue names them under \`## Scope\`.${exempt}`;
}

function landingText({ HARNESS_VERIFY, HARNESS_REVIEW }: Settings): string {
  const steps = [
    'checks your commits',
    ...(HARNESS_VERIFY === '' ? [] : ['verifies them']),
    ...(HARNESS_REVIEW === 'agent' || HARNESS_REVIEW === 'both' ? ['has another agent review them'] : []),
    ...(HARNESS_REVIEW === 'human' || HARNESS_REVIEW === 'both' ? ['has a person look at them'] : []),
  ];
  return `${steps.join(', ')} and merges them`;
}
