import { createHash } from 'node:crypto';
import type { Issue } from '../core/world.ts';

/** SHA-256 of a text, in hex. */
export const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

/** Identifies the title and body that a prompt was rendered from. */
export const bodyHashOf = ({ title, body }: Pick<Issue, 'title' | 'body'>) => sha256(`${title}\0${body}`);
