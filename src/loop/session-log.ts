import { basename } from 'node:path';
import type { Session } from '../ports.ts';

/** Name of a session's log on its host, as journals give it: paths of a host are nobody else's business. */
export const logNameOf = ({ log }: Pick<Session, 'log'>): string => basename(log);

/** The same of its transcript, where one was kept. */
export const transcriptOf = (
  session: Pick<Session, 'transcript'> | null,
): { readonly transcript?: string } =>
  session?.transcript ? { transcript: basename(session.transcript) } : {};
