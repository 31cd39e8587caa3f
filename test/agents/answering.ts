import type { ServerResponse } from 'node:http';
import type { Answer } from '../adapters/agents/fakes/behaviour.ts';

/** One request, as far as a behaviour needs it. */
export interface ModelRequest {
  readonly body: Record<string, unknown>;
  readonly response: ServerResponse;
  /** Chooses the answer and notes it. */
  readonly answer: (shown: string, steps: number) => Answer;
}

/** When a usage limit of this model is lifted: an hour from the start of the test, whole seconds. */
export const RESETS_AT = Math.floor(Date.now() / 1000) + 3_600;

/** Answers with JSON. */
export function sendJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify(body));
}

/** Server-sent events, each named by its `type`. */
export function sendEvents(response: ServerResponse, events: readonly { readonly type: string }[]): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  for (const event of events) response.write(`event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
  response.end();
}
