/**
 * A small program that looks to its caller like Codex 0.169.0, `codex exec` and in a terminal: the same arguments,
 * rows, hooks and ends, as captured from the real one. Its model is in `behaviour.ts`.
 */
import { randomUUID } from 'node:crypto';
import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { converse, hookCaller, knock, type Tell } from './conversation.ts';

const args = process.argv.slice(2);
if (args[0] === '--version') {
  process.stdout.write('codex-cli 0.169.0\n');
  process.exit(0);
}
const isExec = args.includes('exec');
const home = process.env.CODEX_HOME ?? '';
const resumeAt = args.indexOf('resume');
const thread_id = resumeAt === -1 ? randomUUID() : (args[resumeAt + 1] ?? '');
const sessions = path.join(home, 'sessions');
const known = existsSync(sessions)
  ? readdirSync(sessions, { recursive: true, encoding: 'utf8' }).find(name => name.includes(thread_id))
  : undefined;
if (resumeAt !== -1 && known === undefined) {
  process.stderr.write(`No session ${thread_id}\n`);
  process.exit(1);
}
const transcript = path.join(sessions, known ?? path.join('2026', '11', '21', `rollout-${thread_id}.jsonl`));
mkdirSync(path.dirname(transcript), { recursive: true });
const [, earlierCwd] =
  /"cwd":"([^"]+)"/.exec(known === undefined ? '' : readFileSync(transcript, 'utf8')) ?? [];
if (!isExec && earlierCwd !== undefined && earlierCwd !== process.cwd() && !args.includes('--cd')) {
  process.stdout.write(`Working directory · resume\n› 1. Use session directory (${earlierCwd})\n`);
  // Nobody is there to choose one.
  await new Promise(() => setInterval(() => {}, 1_000));
}
const before = existsSync(transcript) ? requestsIn(readFileSync(transcript, 'utf8')) : 0;

/** Usage counts on over a conversation; the fake notes what it counted as a row of the transcript. */
function requestsIn(text: string): number {
  return [...text.matchAll(/"counted":(\d+)/g)].reduce((sum, [, count]) => sum + Number(count), 0);
}

const prompt = isExec ? readFileSync(0, 'utf8') : (args.at(-1) ?? '');
const commands = Object.fromEntries(
  args.flatMap(arg => {
    const [, event, command] =
      /^hooks\.(\w+)=\[\{hooks=\[\{.*command=("(?:[^"\\]|\\.)*")\}\]\}\]$/s.exec(arg) ?? [];
    return event === undefined ? [] : [[event, JSON.parse(command ?? '""') as string]];
  }),
) as Readonly<Record<string, string>>;
const hook = hookCaller(event => commands[event] ?? null, {
  session_id: thread_id,
  transcript_path: transcript,
  model: 'gpt-5-codex',
});

const note = (fields: object) => appendFileSync(transcript, `${JSON.stringify(fields)}\n`);
const row = (fields: object) => {
  if (isExec) process.stdout.write(`${JSON.stringify(fields)}\n`);
};
/** What only a transcript says; the one of `codex exec` is not looked at. */
const noteRow = (type: string, payload: object) => {
  if (!isExec) note({ timestamp: new Date().toISOString(), type, payload });
};
let items = 0;
const itemIds = new Map<string, string>();
const itemId = (id: string) => {
  const named = itemIds.get(id) ?? `item_${items++}`;
  itemIds.set(id, named);
  return named;
};

const tell: Tell = {
  use: (id, answer) => {
    const command = answer.kind === 'run' ? answer.command : '';
    const item = { id: itemId(id), type: 'command_execution', command, status: 'in_progress' };
    row({ type: 'item.started', item });
    const call = { name: 'exec_command', arguments: JSON.stringify({ cmd: command }), call_id: id };
    noteRow('response_item', { type: 'function_call', ...call });
  },
  used: (id, output) => {
    const item = { id: itemId(id), type: 'command_execution', aggregated_output: output, exit_code: 0 };
    row({ type: 'item.completed', item });
    const said = `Chunk ID: 1\nProcess exited with code 0\nOutput:\n${output}`;
    noteRow('response_item', { type: 'function_call_output', call_id: id, output: said });
  },
  say: text => {
    row({ type: 'item.completed', item: { id: itemId(text), type: 'agent_message', text } });
    const item = { type: 'AgentMessage', content: [{ type: 'Text', text }] };
    noteRow('event_msg', { type: 'item_completed', item });
  },
  retry: ({ status }) => row({ type: 'error', message: `Reconnecting... 1/1 (status ${status})` }),
};

const MESSAGES = {
  rate_limit: 'exceeded retry limit, last status: 429 Too Many Requests',
  usage_limit: 'You’ve hit your usage limit. Upgrade to Pro or try again at 2:30 AM.',
  overloaded: 'We’re currently experiencing high demand, which may cause temporary errors.',
  authentication:
    'unexpected status 401 Unauthorized: Incorrect API key provided: x., url: http://127.0.0.1/v1/responses',
  billing: 'Quota exceeded. Check your plan and billing details.',
  server: 'We’re currently experiencing high demand, which may cause temporary errors.',
} as const;

const api = /base_url="(http:\/\/127[^"]+)"/.exec(args.join(' '))?.[1];
await knock(api && `${api}/responses`);
await hook('SessionStart', { source: 'startup' });
row({ type: 'thread.started', thread_id });
row({ type: 'item.completed', item: { id: 'item_w', type: 'error', message: 'Enabled hooks may run.' } });
row({ type: 'turn.started' });
noteRow('session_meta', { id: thread_id, cli_version: '0.169.0', cwd: process.cwd() });
noteRow('event_msg', { type: 'task_started' });
if (!isExec) process.stdout.write(`› ${prompt.trim().slice(-60)}\n`);
process.on('SIGTERM', () => process.exit(143));
const ended = await converse(prompt, { tell, hook, transcript });
if (ended.kind === 'failed') {
  const message = MESSAGES[ended.failure.error];
  row({ type: 'error', message });
  row({ type: 'turn.failed', error: { message } });
  noteRow('event_msg', { type: 'task_complete', last_agent_message: null, error: { message } });
  process.exitCode = 1;
} else {
  const count = before + ended.requests;
  note({ counted: ended.requests });
  const usage = {
    ...{ input_tokens: 100 * count, cached_input_tokens: 40 * count, output_tokens: 20 * count },
    ...{ cache_write_input_tokens: 0, reasoning_output_tokens: 3 },
  };
  row({ type: 'turn.completed', usage });
  noteRow('event_msg', { type: 'token_count', info: { total_token_usage: usage } });
  noteRow('event_msg', { type: 'task_complete', last_agent_message: 'Done.' });
}
if (isExec) await hook('SessionEnd', { reason: 'other' });
// In a terminal it waits at its prompt for ever.
else setInterval(() => {}, 1_000);
