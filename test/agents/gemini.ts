import { type ModelRequest, sendJson } from './answering.ts';

interface Part {
  readonly text?: string;
  readonly functionResponse?: { readonly response?: unknown };
}

/** Answers `POST /v1beta/models/<model>:streamGenerateContent` and `:generateContent` as Gemini's API does. */
export function answerGemini({ body, response, answer }: ModelRequest, isStreamed: boolean): void {
  const contents = body.contents as readonly { readonly parts?: readonly Part[] }[];
  const parts = contents.flatMap(content => content.parts ?? []);
  const steps = parts.filter(part => part.functionResponse !== undefined).length;
  const isAgent = JSON.stringify(body.tools ?? []).includes(SHELL);
  const words = parts.map(part => part.text ?? JSON.stringify(part.functionResponse?.response ?? ''));
  const chosen = answer(isAgent ? words.join('\n') : '', steps);
  if (chosen.kind === 'stall') return;
  if (chosen.kind === 'fail') {
    const message = 'The request failed.';
    sendJson(response, chosen.status, { error: { code: chosen.status, message, status: 'UNAVAILABLE' } });
    return;
  }
  const part =
    chosen.kind === 'run'
      ? { functionCall: { name: SHELL, args: { command: chosen.command, description: 'work' } } }
      : { text: chosen.kind === 'say' ? chosen.text : chosen.question };
  const whole = {
    candidates: [{ content: { role: 'model', parts: [part] }, finishReason: 'STOP', index: 0 }],
    usageMetadata: { promptTokenCount: 100, candidatesTokenCount: 20, totalTokenCount: 120 },
  };
  if (!isStreamed) {
    sendJson(response, 200, whole);
    return;
  }
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.end(`data: ${JSON.stringify(whole)}\n\n`);
}

const SHELL = 'run_shell_command';
