import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A server on loopback that stands in for the models: whatever it is asked, it says that it is done. */
export interface StandIn {
  readonly url: string;
  /** How often it was asked. */
  asked(): number;
  close(): void;
}

/** Speaks as much of Anthropic's and OpenAI's API as one turn takes. */
export async function startStandIn(): Promise<StandIn> {
  let asked = 0;
  const server = createServer((request, response) => {
    request.resume();
    request.on('end', () => {
      const events = request.method === 'POST' ? ANSWERS[pathOf(request.url)] : undefined;
      if (events === undefined) {
        response.writeHead(404, { 'content-type': 'application/json' }).end('{}');
        return;
      }
      asked += 1;
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.end(events.map(event => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join(''));
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked: () => asked,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

const pathOf = (url: string | undefined) => new URL(url ?? '/', 'http://localhost').pathname;

type Events = readonly { readonly type: string; readonly [field: string]: unknown }[];

const TEXT = 'Done.';

const MESSAGE = { id: 'msg_1', type: 'message', role: 'assistant', model: 'stand-in', content: [] };

const ANSWERS: Readonly<Record<string, Events>> = {
  '/v1/messages': [
    { type: 'message_start', message: { ...MESSAGE, usage: { input_tokens: 1, output_tokens: 1 } } },
    { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
    { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: TEXT } },
    { type: 'content_block_stop', index: 0 },
    { type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 1 } },
    { type: 'message_stop' },
  ],
  '/v1/responses': [
    { type: 'response.created', response: { id: 'resp_1' } },
    {
      type: 'response.output_item.done',
      item: {
        type: 'message',
        role: 'assistant',
        id: 'item_1',
        content: [{ type: 'output_text', text: TEXT }],
      },
    },
    {
      type: 'response.completed',
      response: { id: 'resp_1', usage: { input_tokens: 1, output_tokens: 1, total_tokens: 2 } },
    },
  ],
};
