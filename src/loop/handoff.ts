import type { Failure, GateVerdict } from '../core/contracts.ts';
import { cutTo } from '../core/text.ts';

/** What the next attempt, and a person, should know of one that has not come to its end. */
export interface HandoffFacts {
  readonly attempt: number;
  /** null: its agent was at work. */
  readonly failure: Failure | null;
  readonly saved: {
    readonly head: string;
    /** Commits since the base. */
    readonly commits: number;
    readonly paths: readonly string[];
    /** Where it was pushed; null when it could not be. */
    readonly ref: string | null;
  };
  readonly gates: readonly GateVerdict[];
  /** In the agent's own words; null when it left none. */
  readonly handoff: string | null;
  /** The end of its output; null when there is none. */
  readonly lastWords: string | null;
}

const MOST_PATHS = 50;
const MOST_WORDS = 20_000;

/** A handoff in Markdown: what is there for certain first, then what the agent says. */
export function handoffText(facts: HandoffFacts): string {
  const { attempt, failure, saved, gates, handoff, lastWords } = facts;
  const { head, commits, paths, ref } = saved;
  const more = paths.length > MOST_PATHS ? [`- and ${paths.length - MOST_PATHS} more`] : [];
  const parts = [
    failure
      ? `Attempt ${attempt} ended: ${failure.class}, ${failure.message}`
      : `Attempt ${attempt} was at work when this was saved.`,
    `Saved as ${head}${ref ? ` (${ref})` : ', on its own host only'}: ${count(commits, 'commit')}, ${count(paths.length, 'file')} changed.`,
    [...paths.slice(0, MOST_PATHS).map(path => `- ${path}`), ...more].join('\n'),
    `Gates so far:\n${gates.map(({ gate, verdict, reason }) => `- ${gate}: ${verdict}, ${reason}`).join('\n')}`,
    ...(handoff ? [`What the agent wrote:\n\n${cutTo(handoff, MOST_WORDS)}`] : []),
    ...(!handoff && lastWords ? [`The last words of the agent:\n\n${lastWords}`] : []),
  ];
  return `${parts.filter(part => part !== '').join('\n\n')}\n`;
}

const count = (number: number, what: string) => `${number} ${what}${number === 1 ? '' : 's'}`;
