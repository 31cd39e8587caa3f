import type { Failure } from '../core/contracts.ts';
import { cutTo, neutralise } from '../core/text.ts';

/** What an issue's one status comment can say. */
export type Status =
  | { readonly kind: 'working'; readonly attempt: number; readonly fleet: string }
  | {
      readonly kind: 'failed';
      readonly attempt: number;
      readonly failure: Failure;
      readonly output: string | null;
    }
  | { readonly kind: 'landed'; readonly attempt: number; readonly pull: number; readonly commit: string };

/** Key of the one comment that is edited in place. */
export const STATUS_KEY = 'status';

/** The status comment's text. */
export function statusComment(status: Status): string {
  switch (status.kind) {
    case 'working':
      return `An agent is working on this: attempt ${status.attempt}, fleet \`${status.fleet}\`.`;
    case 'failed':
      return [
        `Attempt ${status.attempt} ended without a result (${status.failure.class}): ${cutTo(neutralise(status.failure.message), 2_000)}`,
        ...(status.output ? [details(status.output)] : []),
      ].join('\n\n');
    case 'landed':
      return `Done in attempt ${status.attempt}: pull request #${status.pull}, merged as ${status.commit}.`;
    default:
      return status satisfies never;
  }
}

function details(output: string): string {
  const text = neutralise(output).slice(-8_000);
  return `<details><summary>Output</summary>\n\n${indented(text)}\n\n</details>`;
}

// Indented, not fenced: no text can end an indented block before its last line.
const indented = (text: string) =>
  text
    .split('\n')
    .map(line => `    ${line}`)
    .join('\n');
