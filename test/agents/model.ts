import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import { type Answer, answerTo } from '../adapters/agents/fakes/behaviour.ts';
import { type ModelRequest, sendJson } from './answering.ts';
import { answerAnthropic } from './anthropic.ts';
import { answerGemini } from './gemini.ts';
import { answerOpenAi } from './openai.ts';

/** A stub of the models' APIs on loopback, for one test. */
export interface Model {
  readonly url: string;
  /** What it answered so far, in order. */
  readonly answers: readonly Answer[];
}

export async function startModel(): Promise<Model> {
  const answers: Answer[] = [];
  const failures = new Map<string, number>();
  const answer = (shown: string, steps: number): Answer => {
    // A conversation is known by its task: the nonce is in every prompt.
    const key = /nonce\W+(\w+)|behave: [\w-]+/.exec(shown)?.[0] ?? '';
    const requests = failures.get(key) ?? 0;
    failures.set(key, requests + 1);
    const chosen = answerTo({ shown, steps, requests });
    answers.push(chosen);
    return chosen;
  };
  const server = createServer((request, response) => {
    void route(request, response, answer);
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, answers };
}

async function route(
  request: IncomingMessage,
  response: ServerResponse,
  answer: ModelRequest['answer'],
): Promise<void> {
  let text = '';
  for await (const chunk of request) text += chunk;
  const path = new URL(request.url ?? '/', 'http://model').pathname;
  if (request.method === 'POST' && path === '/v1/messages') {
    answerAnthropic({ body: JSON.parse(text), response, answer });
  } else if (request.method === 'POST' && path === '/v1/responses') {
    answerOpenAi({ body: JSON.parse(text), response, answer });
  } else if (request.method === 'POST' && /:(stream)?generateContent$/i.test(path)) {
    answerGemini({ body: JSON.parse(text), response, answer }, /:stream/.test(path));
  } else
    sendJson(response, 404, { type: 'error', error: { type: 'not_found_error', message: 'no such thing' } });
}
