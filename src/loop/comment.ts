import type { Failure } from '../core/contracts.ts';
import { cutTo, neutralise } from '../core/text.ts';

/** What an issue's one status comment can say. */
export type Status =
  | {
      readonly kind: 'working';
      readonly attempt: number;
      readonly fleet: string;
      /** How many comments its agent was given. */
      readonly comments: number;
    }
  | {
      /** Its agent waits for a person. */
      readonly kind: 'asking';
      readonly attempt: number;
      readonly fleet: string;
      readonly issue: number;
      readonly question: string;
    }
  | {
      /** `paused`: it made room for now, and is to be gone on with. */
      readonly kind: 'failed' | 'paused';
      readonly attempt: number;
      readonly failure: Failure;
      readonly output: string | null;
      /** How far it came, where its work is kept for the next attempt. */
      readonly handoff: string | null;
      /** What a person has to do before anything more is tried; null while the fleet goes on by itself. */
      readonly until?: string | null;
    }
  | {
      /** Its pull request is open, and others have to say something first. */
      readonly kind: 'waiting';
      readonly attempt: number;
      readonly pull: number;
      readonly head: string;
      readonly reason: string;
      /** GitHub's merge queue has it: nobody has to do anything. */
      readonly isQueued: boolean;
    }
  /** What a stage came to, in Markdown that is safe to publish. */
  | { readonly kind: 'concluded'; readonly attempt: number; readonly text: string }
  | { readonly kind: 'landed'; readonly attempt: number; readonly pull: number; readonly commit: string };

/** Key of the one comment that is edited in place. */
export const STATUS_KEY = 'status';

/** The status comment's text. */
export function statusComment(status: Status): string {
  switch (status.kind) {
    case 'working':
      return `An agent is working on this: attempt ${status.attempt}, fleet \`${status.fleet}\`.${given(status.comments)}`;
    case 'asking':
      return [
        `An agent is working on this (attempt ${status.attempt}, fleet \`${status.fleet}\`), and asks:`,
        indented(cutTo(neutralise(status.question), 2_000)),
        `Answer on its host with \`harness answer ${status.issue} "…"\`, or in its pane.`,
      ].join('\n\n');
    case 'paused':
    case 'failed': {
      const { kind, attempt, failure, output, handoff, until } = status;
      const said = `${failure.class}): ${cutTo(neutralise(failure.message), 2_000)}`;
      const headline = kind === 'paused' ? 'is paused' : 'ended without a result';
      return [
        `Attempt ${attempt} ${headline} (${said}`,
        ...(until ? [`Nothing more is tried until ${until}.`] : []),
        ...(handoff ? ['What it has done is kept, and the next attempt goes on from there.'] : []),
        ...(handoff ? [details('Handoff', handoff)] : []),
        ...(output ? [details('Output', output)] : []),
      ].join('\n\n');
    }
    case 'waiting': {
      const { attempt, pull, head, reason, isQueued } = status;
      return [
        `Attempt ${attempt} is ready in pull request #${pull}, and ${cutTo(neutralise(reason), 2_000)}.`,
        ...(isQueued
          ? []
          : [
              `A person who may write can approve it there, with another login than the one that opened it, or with \`harness approve\` for ${head}.`,
            ]),
      ].join('\n\n');
    }
    case 'concluded':
      return `Attempt ${status.attempt}. ${status.text}`;
    case 'landed':
      return `Done in attempt ${status.attempt}: pull request #${status.pull}, merged as ${status.commit}.`;
    default:
      return status satisfies never;
  }
}

/** So that whoever comments sees whether it was read. */
const given = (comments: number) =>
  comments === 0 ? '' : ` It was given ${comments === 1 ? 'one comment' : `${comments} comments`}.`;

function details(title: string, content: string): string {
  const text = neutralise(content).slice(-8_000);
  return `<details><summary>${title}</summary>\n\n${indented(text)}\n\n</details>`;
}

// Indented, not fenced: no text can end an indented block before its last line.
const indented = (text: string) =>
  text
    .split('\n')
    .map(line => `    ${line}`)
    .join('\n');
