/**
 * A small program that looks to its caller like `codex exec` 0.169.0: the same arguments, rows, hooks and ends,
 * as captured from the real one. Its model is in `behaviour.ts`.
 */
import { randomUUID } from 'node:crypto';
import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { converse, hookCaller, type Tell } from './conversation.ts';

const args = process.argv.slice(2);
if (args[0] === '--version') {
  process.stdout.write('codex-cli 0.169.0\n');
  process.exit(0);
}
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
const before = existsSync(transcript) ? requestsIn(readFileSync(transcript, 'utf8')) : 0;

/** Usage counts on over a conversation; the fake notes what it counted as a line of the transcript. */
function requestsIn(text: string): number {
  return [...text.matchAll(/"counted (\d+)"/g)].reduce((sum, [, count]) => sum + Number(count), 0);
}

const prompt = readFileSync(0, 'utf8');
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

const row = (fields: object) => process.stdout.write(`${JSON.stringify(fields)}\n`);
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
  },
  used: (id, output) => {
    const item = { id: itemId(id), type: 'command_execution', aggregated_output: output, exit_code: 0 };
    row({ type: 'item.completed', item });
  },
  say: text => row({ type: 'item.completed', item: { id: itemId(text), type: 'agent_message', text } }),
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

await hook('SessionStart', { source: 'startup' });
row({ type: 'thread.started', thread_id });
row({ type: 'item.completed', item: { id: 'item_w', type: 'error', message: 'Enabled hooks may run.' } });
row({ type: 'turn.started' });
const ended = await converse(prompt, { tell, hook, transcript });
if (ended.kind === 'failed') {
  const message = MESSAGES[ended.failure.error];
  row({ type: 'error', message });
  row({ type: 'turn.failed', error: { message } });
  process.exitCode = 1;
} else {
  const count = before + ended.requests;
  appendFileSync(transcript, `"counted ${ended.requests}"\n`);
  const usage = { input_tokens: 100 * count, cached_input_tokens: 40 * count, output_tokens: 20 * count };
  row({
    type: 'turn.completed',
    usage: { ...usage, cache_write_input_tokens: 0, reasoning_output_tokens: 3 },
  });
}
await hook('SessionEnd', { reason: 'other' });
