import { neutralise } from '../../core/text.ts';
import type { Published } from '../../ports.ts';
import { fail, type GateResult, pass } from '../gates.ts';

/** What decides whether the messages of an agent's commits may be pushed. */
export interface MessagesFacts {
  readonly commits: Published['commits'];
  /** Pull requests get checks, which a message can switch off. */
  readonly expectsChecks: boolean;
  /** The commits land as they are, and not as one that the engine writes. */
  readonly landAsTheyAre: boolean;
}

/**
 * No message of a commit switches checks off. Where the commits themselves land, none closes issues, calls people,
 * points to other repositories or has trailers either: those are the engine's to write.
 */
export function messagesGate({ commits, expectsChecks, landAsTheyAre }: MessagesFacts): GateResult {
  for (const { oid, text } of commits) {
    const message = messageOf(text ?? '');
    const name = `commit ${oid.slice(0, 8)}`;
    if (expectsChecks && SKIPS_CHECKS.test(message)) {
      return fail('messages', 'substance', `the message of ${name} tells GitHub to run no checks`);
    }
    if (!landAsTheyAre) continue;
    if (neutralise(message) !== message) {
      const what = 'closes issues, calls people, or points elsewhere';
      return fail('messages', 'substance', `the message of ${name} ${what}: leave that to the engine`);
    }
    if (TRAILER.test(message)) {
      return fail('messages', 'substance', `the message of ${name} has trailers: leave them to the engine`);
    }
  }
  return pass('messages', `${commits.length} commits, none of which says what is not an agent's to say`);
}

/** The message of a commit as git stores it: behind the first blank line. */
export const messageOf = (text: string) => text.slice(text.indexOf('\n\n') + 2);

/** What the gate lets through of a message: the same, without what is not an agent's to say. */
export function checkedMessage(message: string): string {
  const lines = neutralise(message).split('\n');
  const own = lines.filter(line => !TRAILER.test(line) && !SKIPS_CHECKS.test(line));
  // Once more: what stood between a keyword and a number may be gone.
  return `${neutralise(own.join('\n')).trim() || 'Work of an agent'}\n`;
}

// https://docs.github.com/en/actions/managing-workflow-runs/skipping-workflow-runs
const SKIPS_CHECKS = /\[(?:skip ci|ci skip|no ci|skip actions|actions skip)\]|^skip-checks: *true$/im;

const TRAILER = /^(?:Issue|Attempt|Agent|Model|Prompt-Digest|Signed-off-by|Co-authored-by|Reviewed-by): /im;
