import { basename } from 'node:path';
import type { Session } from '../ports.ts';

/** Name of a session's log on its host, as journals give it: paths of a host are nobody else's business. */
export const logNameOf = ({ log }: Pick<Session, 'log'>): string => basename(log);
