import { appendFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { unlessMissing } from '../missing.ts';
import type { HookEvent, Row } from './agent.ts';
import { parseRow, rowIn, textIn } from './rows.ts';

/** Path of the file in which hooks note their events, one JSON object per line. */
export const eventsFile = (dir: string) => join(dir, 'events.jsonl');

/** Notes an event. Several hooks may write at a time: a short line is appended in one piece. */
export function noteEvent(dir: string, event: HookEvent): void {
  const payload = shorten(event.payload) as Row;
  appendFileSync(eventsFile(dir), `${JSON.stringify({ ...event, payload })}\n`, { mode: 0o600 });
}

export function readEvents(dir: string): readonly HookEvent[] {
  const text = unlessMissing(() => readFileSync(eventsFile(dir), 'utf8')) ?? '';
  return text.split('\n').flatMap(line => parseEvent(line) ?? []);
}

/** null for a line that is none: the file is one that the agent can write. */
export function parseEvent(line: string): HookEvent | null {
  const row = parseRow(line);
  const name = textIn(row, 'name');
  if (name === null) return null;
  const verdict = VERDICTS.find(known => known === textIn(row, 'verdict')) ?? null;
  return { at: textIn(row, 'at') ?? '', name, payload: rowIn(row, 'payload') ?? {}, verdict };
}

const VERDICTS = ['end', 'go-on', 'wait'] as const;

/** Payloads may hold whole files; what is needed of them is short. */
function shorten(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return value.length > LONGEST ? `${value.slice(0, LONGEST)}…` : value;
  if (typeof value !== 'object' || value === null) return value;
  if (depth > DEEPEST) return null;
  if (Array.isArray(value)) return value.slice(0, LONGEST_LIST).map(item => shorten(item, depth + 1));
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, shorten(item, depth + 1)]));
}

const LONGEST = 2_000;
const LONGEST_LIST = 20;
const DEEPEST = 6;
