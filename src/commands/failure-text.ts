import { plainText } from '../core/plain-text.ts';
import { cutTo } from '../core/text.ts';
import type { HarnessError } from '../errors.ts';

/**
 * What happened and what to do next, for the terminal. A world file may be somebody else's, and what it says must
 * neither steer a terminal nor fill it.
 */
export function failureText({ message, fix }: Pick<HarnessError, 'message' | 'fix'>): string {
  return `error: ${shown(message)}\n${shown(fix)}\n`;
}

const shown = (text: string) => cutTo(plainText(text), LONGEST);
const LONGEST = 8_000;
