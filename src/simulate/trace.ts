/** One thing that happened, for whoever has to understand a failing seed. */
export interface TraceEvent {
  /** Milliseconds since the simulation began. */
  readonly at: number;
  /** A process (`h1/w2`), an agent, `github`, a person, or the weather. */
  readonly who: string;
  /** `owner/repo#n`; null when it is about no issue. */
  readonly subject: string | null;
  readonly text: string;
}

export interface Trace {
  readonly events: readonly TraceEvent[];
  readonly note: (who: string, subject: string | null, text: string) => void;
}

export function createTrace(now: () => number): Trace {
  const events: TraceEvent[] = [];
  return { events, note: (who, subject, text) => void events.push({ at: now(), who, subject, text }) };
}

/** The last events about a subject, and those about none (faults, deaths, restarts) among them, as lines. */
export function excerptOf(events: readonly TraceEvent[], subject: string | null, count: number): string[] {
  const relevant = events.filter(event => subject === null || (event.subject ?? subject) === subject);
  return relevant.slice(-count).map(lineOf);
}

export const lineOf = ({ at, who, subject, text }: TraceEvent): string =>
  `${(at / 1000).toFixed(3).padStart(9)} s  ${who.padEnd(9)} ${(subject ?? '').padEnd(11)} ${text}`;
