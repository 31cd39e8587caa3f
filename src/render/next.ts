import { Chalk } from 'chalk';
import type { NextStep } from '../core/next.ts';
import { plainText } from '../core/plain-text.ts';
import { cutTo } from '../core/text.ts';
import { cutToWidth } from './columns.ts';
import { duration } from './duration.ts';

/** The decisions that wait for a person, most freeing first, each with its command. */
export function renderNext(
  steps: readonly NextStep[],
  { width, color }: { width: number; color: boolean },
): string {
  const chalk = new Chalk({ level: color ? 1 : 0 });
  if (steps.length === 0) return 'Nothing waits for a person.\n';
  return `${steps
    .map(({ about, question, command, frees, ageMs }) => {
      const age = ageMs === null ? '' : `, open for ${duration(ageMs)}`;
      const named = frees.slice(0, SHOWN).join(', ');
      const more = frees.length > SHOWN ? ` and ${frees.length - SHOWN} more` : '';
      return [
        // In full: it is what a person decides on.
        cutTo(clean(`${about}: ${question}`), 500),
        chalk.dim(cutToWidth(clean(`  moves ${frees.length} (${named}${more})${age}`), width)),
        `  ${chalk.cyan(clean(command))}`,
      ].join('\n');
    })
    .join('\n\n')}\n`;
}

const SHOWN = 4;

const clean = (text: string) => plainText(text).replaceAll('\n', ' ');
