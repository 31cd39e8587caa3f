import { randomUUID } from 'node:crypto';
import type { Answer } from '../adapters/agents/fakes/behaviour.ts';
import { type ModelRequest, RESETS_AT, sendEvents, sendJson } from './answering.ts';

interface Block {
  readonly type: string;
  readonly text?: string;
  readonly content?: unknown;
}

/** Answers `POST /v1/messages` as Anthropic's API does, streamed. */
export function answerAnthropic({ body, response, answer }: ModelRequest): void {
  const messages = body.messages as readonly { readonly content: string | readonly Block[] }[];
  const blocks = messages.flatMap(({ content }): readonly Block[] =>
    typeof content === 'string' ? [{ type: 'text', text: content }] : content,
  );
  const steps = blocks.filter(({ type }) => type === 'tool_result').length;
  // Only the agent itself has tools; what else the program asks is for titles and the like.
  const tools = (body.tools ?? []) as readonly { readonly name?: string }[];
  const shell = tools.find(({ name }) => name?.toLowerCase() === 'bash')?.name;
  const shown = shell === undefined ? '' : blocks.map(textOf).join('\n');
  const chosen = answer(shown, steps);
  if (chosen.kind === 'stall') return;
  if (chosen.kind === 'fail') {
    fail(response, chosen);
    return;
  }

  const message = {
    id: `msg_${randomUUID()}`,
    type: 'message',
    role: 'assistant',
    model: body.model,
    stop_reason: null,
    stop_sequence: null,
  };
  const content = contentOf(chosen, shell ?? '');
  const stop_reason = content.type === 'tool_use' ? 'tool_use' : 'end_turn';
  sendEvents(response, [
    { type: 'message_start', message: { ...message, content: [], usage: { ...USAGE, output_tokens: 1 } } },
    { type: 'content_block_start', index: 0, content_block: emptied(content) },
    { type: 'content_block_delta', index: 0, delta: deltaOf(content) },
    { type: 'content_block_stop', index: 0 },
    { type: 'message_delta', delta: { stop_reason, stop_sequence: null }, usage: { output_tokens: 20 } },
    { type: 'message_stop' },
  ] as readonly { type: string }[]);
}

const USAGE = { input_tokens: 100, cache_creation_input_tokens: 7, cache_read_input_tokens: 5 };

function textOf({ text, content }: Block): string {
  if (text !== undefined) return text;
  return typeof content === 'string' ? content : JSON.stringify(content ?? '');
}

type Content =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'tool_use'; readonly id: string; readonly name: string; readonly input: object };

function contentOf(answer: Exclude<Answer, { kind: 'stall' | 'fail' }>, shell: string): Content {
  if (answer.kind === 'say') return { type: 'text', text: answer.text };
  const id = `toolu_${randomUUID().replaceAll('-', '')}`;
  if (answer.kind === 'run') {
    const input = {
      command: answer.command,
      description: 'work',
      ...(answer.inBackground ? { run_in_background: true } : {}),
    };
    return { type: 'tool_use', id, name: shell, input };
  }
  const options = answer.options.map(label => ({ label, description: label }));
  const questions = [{ question: answer.question, header: 'Question', multiSelect: false, options }];
  return { type: 'tool_use', id, name: 'AskUserQuestion', input: { questions } };
}

const emptied = (content: Content) =>
  content.type === 'text' ? { ...content, text: '' } : { ...content, input: {} };

const deltaOf = (content: Content) =>
  content.type === 'text'
    ? { type: 'text_delta', text: content.text }
    : { type: 'input_json_delta', partial_json: JSON.stringify(content.input) };

function fail(
  response: ModelRequest['response'],
  { status, error }: Extract<Answer, { kind: 'fail' }>,
): void {
  const { type, message } = ERRORS[error];
  const headers: Readonly<Record<string, string>> = error === 'usage_limit' ? LIMIT_HEADERS : {};
  sendJson(response, status, { type: 'error', error: { type, message } }, headers);
}

const ERRORS = {
  rate_limit: { type: 'rate_limit_error', message: 'This request would exceed your rate limit.' },
  usage_limit: { type: 'rate_limit_error', message: 'This request would exceed your rate limit.' },
  overloaded: { type: 'overloaded_error', message: 'Overloaded' },
  authentication: { type: 'authentication_error', message: 'invalid x-api-key' },
  billing: {
    type: 'invalid_request_error',
    message: 'Your credit balance is too low to access the Anthropic API.',
  },
  server: { type: 'api_error', message: 'Internal server error' },
} as const;

/** The limits of a subscription, as its answers carry them. */
const LIMIT_HEADERS = {
  'anthropic-ratelimit-unified-status': 'rejected',
  'anthropic-ratelimit-unified-reset': String(RESETS_AT),
  'anthropic-ratelimit-unified-representative-claim': 'five_hour',
  'retry-after': '3600',
};
