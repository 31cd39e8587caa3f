import { randomUUID } from 'node:crypto';
import type { Answer } from '../adapters/agents/fakes/behaviour.ts';
import { type ModelRequest, RESETS_AT, sendEvents, sendJson } from './answering.ts';

/** Answers `POST /v1/responses` as OpenAI's API does, streamed. */
export function answerOpenAi({ body, response, answer }: ModelRequest): void {
  const items = body.input as readonly { readonly type: string }[];
  const steps = items.filter(({ type }) => type === 'function_call_output').length;
  const shown = items
    .filter(({ type }) => type !== 'function_call')
    .map(textOf)
    .join('\n');
  const chosen = answer(shown, steps);
  if (chosen.kind === 'stall') return;
  if (chosen.kind === 'fail') {
    fail(response, chosen);
    return;
  }

  const id = `resp_${randomUUID()}`;
  const events = [
    { type: 'response.created', response: { id } },
    { type: 'response.output_item.done', item: itemOf(chosen) },
    { type: 'response.completed', response: { id, usage: USAGE } },
  ];
  sendEvents(response, events);
}

const USAGE = {
  input_tokens: 100,
  input_tokens_details: { cached_tokens: 40 },
  output_tokens: 20,
  output_tokens_details: { reasoning_tokens: 3 },
  total_tokens: 120,
};

/** The words in an item, as they were before they were put into JSON. */
function textOf(item: object): string {
  const { content, output } = item as { content?: readonly { text?: string }[]; output?: unknown };
  const said = content?.map(part => part.text ?? '').join('\n') ?? '';
  return `${said}${typeof output === 'string' ? output : JSON.stringify(output ?? '')}`;
}

function itemOf(answer: Exclude<Answer, { kind: 'stall' | 'fail' }>): object {
  const call = `call_${randomUUID().replaceAll('-', '')}`;
  if (answer.kind === 'run') {
    const args = JSON.stringify({ cmd: answer.command });
    return { type: 'function_call', call_id: call, name: 'exec_command', arguments: args };
  }
  const text = answer.kind === 'say' ? answer.text : answer.question;
  return { type: 'message', role: 'assistant', id: call, content: [{ type: 'output_text', text }] };
}

function fail(
  response: ModelRequest['response'],
  { status, error }: Extract<Answer, { kind: 'fail' }>,
): void {
  // What OpenAI answers to an account without credit is a 429 too.
  sendJson(response, error === 'billing' ? 429 : status, { error: ERRORS[error] });
}

const ERRORS = {
  rate_limit: { type: 'rate_limit_exceeded', message: 'Rate limit reached for gpt.' },
  usage_limit: {
    type: 'usage_limit_reached',
    message: 'The usage limit has been reached',
    plan_type: 'plus',
    resets_at: RESETS_AT,
  },
  overloaded: { type: 'server_error', message: 'Overloaded' },
  authentication: {
    type: 'invalid_request_error',
    code: 'invalid_api_key',
    message: 'Incorrect API key provided.',
  },
  billing: {
    type: 'insufficient_quota',
    code: 'insufficient_quota',
    message: 'You exceeded your current quota.',
  },
  server: { type: 'server_error', message: 'Internal server error' },
} as const;
