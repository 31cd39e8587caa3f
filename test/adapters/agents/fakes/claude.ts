/**
 * A small program that looks to its caller like Claude Code 2.1.197: the same arguments, rows, hooks and ends,
 * as captured from the real one. Its model is in `behaviour.ts`.
 */
import { execSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { converse, hookCaller, knock, type Tell } from './conversation.ts';

const args = process.argv.slice(2);
const flagValue = (flag: string) => args[args.indexOf(flag) + 1] ?? '';

if (args[0] === '--version') {
  process.stdout.write('2.1.197 (Claude Code)\n');
  process.exit(0);
}
const isPrint = args.includes('-p');
const resumed = args.includes('--resume') ? flagValue('--resume') : null;
const session_id = resumed ?? flagValue('--session-id');
const configDir = process.env.CLAUDE_CONFIG_DIR ?? '';
const folder = path.join(configDir, 'projects', process.cwd().replaceAll(/[^A-Za-z0-9]/g, '-'));
const transcript = path.join(folder, `${session_id}.jsonl`);
mkdirSync(folder, { recursive: true });
const prompt = isPrint ? readFileSync(0, 'utf8') : (args.at(-1) ?? '');

interface HookSettings {
  readonly statusLine?: { readonly command: string };
  readonly hooks: Readonly<Record<string, readonly { hooks: readonly { command: string }[] }[]>>;
}
const settings = JSON.parse(readFileSync(flagValue('--settings'), 'utf8')) as HookSettings;
const hook = hookCaller(event => settings.hooks[event]?.[0]?.hooks[0]?.command ?? null, {
  session_id,
  transcript_path: transcript,
  cwd: process.cwd(),
});

const row = (fields: object) => {
  if (isPrint) process.stdout.write(`${JSON.stringify({ ...fields, session_id })}\n`);
  else appendFileSync(transcript, `${JSON.stringify({ ...fields, version: '2.1.197' })}\n`);
};
const MODEL = 'claude-opus-4-8';
const SMALL_MODEL = 'claude-haiku-4-5';
const usage = { input_tokens: 100, cache_creation_input_tokens: 7, cache_read_input_tokens: 5 };
const message = (content: object) => ({
  id: `msg_${randomUUID()}`,
  type: 'message',
  role: 'assistant',
  model: MODEL,
  content: [content],
  usage: { ...usage, output_tokens: isPrint ? 1 : 20 },
});

let answers = 0;
let delegated = 0;
/** What a subagent says: in the stream among the other rows, in a terminal in a transcript of its own. */
const delegate = () => {
  delegated += 1;
  const asked = {
    input_tokens: 30,
    cache_creation_input_tokens: 0,
    cache_read_input_tokens: 0,
    output_tokens: 4,
  };
  const said = { ...message({ type: 'text', text: 'Found it.' }), model: SMALL_MODEL, usage: asked };
  const failed = { ...message({ type: 'text', text: 'API Error: 529' }), model: '<synthetic>' };
  const rows = [{ message: said }, { message: said }, { message: failed, error: 'server_error' }];
  const lines = rows.map(fields => ({ type: 'assistant', parent_tool_use_id: 'toolu_1', ...fields }));
  if (isPrint) return lines.forEach(row);
  const dir = path.join(folder, session_id, 'subagents');
  mkdirSync(dir, { recursive: true });
  appendFileSync(path.join(dir, 'agent-1.jsonl'), lines.map(line => `${JSON.stringify(line)}\n`).join(''));
};
const models = () => ({
  [`${MODEL}[1m]`]: {
    inputTokens: 100 * answers,
    outputTokens: 20 * answers,
    cacheReadInputTokens: 5 * answers,
    cacheCreationInputTokens: 7 * answers,
    costUSD: 0.001 * answers,
  },
  ...(delegated > 0 ? { [SMALL_MODEL]: { inputTokens: 30, outputTokens: 4, costUSD: 0 } } : {}),
});
const stateFile = path.join(configDir, '.claude.json');
const readState = () => JSON.parse(readFileSync(stateFile, 'utf8')) as Record<string, unknown>;
if (!isPrint && resumed !== null && readState().resumeReturnDismissed !== true) {
  process.stdout.write('❯ 1. Resume from summary\n  2. Resume full session as-is\n');
  // Nobody is there to choose one.
  await new Promise(() => setInterval(() => {}, 1_000));
}

/** Tells its status line what it has cost so far. */
const tellCost = () => {
  const status = { session_id, version: '2.1.197', cost: { total_cost_usd: 0.001 * answers } };
  if (settings.statusLine !== undefined)
    execSync(settings.statusLine.command, { input: JSON.stringify(status) });
};
/** Notes in its configuration what the session has cost. */
const saveCost = () => {
  const own = { lastSessionId: session_id, lastCost: 0.001 * answers, lastModelUsage: models() };
  writeFileSync(stateFile, JSON.stringify({ ...readState(), projects: { [process.cwd()]: own } }, null, 2));
};

const tell: Tell = {
  use: (id, answer) => {
    answers += 1;
    const [name, input] =
      answer.kind === 'run' ? ['Bash', { command: answer.command }] : ['AskUserQuestion', {}];
    const said = message({ type: 'tool_use', id, name, input });
    // One answer of the API comes as several rows with one id.
    row({ type: 'assistant', message: { ...said, content: [{ type: 'thinking', thinking: '' }] } });
    row({ type: 'assistant', message: said });
    if (answer.kind === 'run' && answer.command === 'true delegated') delegate();
    tellCost();
    if (answer.kind === 'run' && answer.inBackground)
      row({ type: 'system', subtype: 'task_started', task_id: id });
  },
  used: (id, output) => {
    const result = { type: 'tool_result', tool_use_id: id, content: output, is_error: false };
    row({ type: 'user', message: { role: 'user', content: [result] } });
  },
  say: text => {
    answers += 1;
    row({ type: 'assistant', message: message({ type: 'text', text }) });
  },
  retry: ({ status, error }) =>
    row({ type: 'system', subtype: 'api_retry', attempt: 1, error_status: status, error }),
};

const ERRORS = {
  rate_limit: ['rate_limit', 'API Error: Request rejected (429) · This request would exceed your rate limit'],
  usage_limit: ['rate_limit', "You've hit your session limit · resets 2:29am (UTC)"],
  overloaded: ['server_error', 'API Error: 529 Overloaded. This is a server-side issue.'],
  authentication: ['authentication_failed', 'Invalid API key · Fix external API key'],
  billing: ['billing_error', 'Credit balance is too low'],
  server: ['server_error', 'API Error: 500 Internal server error'],
} as const;

const api = process.env.ANTHROPIC_BASE_URL;
await knock(api && `${api}/v1/messages`);
await hook('SessionStart', { source: resumed === null ? 'startup' : 'resume' });
if (isPrint) row({ type: 'system', subtype: 'init', model: MODEL, claude_code_version: '2.1.197' });
tellCost();
if (!isPrint) process.stdout.write(`> ${prompt.trim().slice(-60)}\n`);
process.on('SIGTERM', async () => {
  await hook('SessionEnd', { reason: 'other' });
  saveCost();
  process.exit(143);
});
const ended = await converse(prompt, { tell, hook, transcript });

const result = {
  type: 'result',
  subtype: 'success',
  total_cost_usd: 0.001 * answers,
  modelUsage: answers > 0 ? models() : {},
};

if (ended.kind === 'failed') {
  const { status, error } = ended.failure;
  const [name, text] = ERRORS[error];
  if (error === 'usage_limit') {
    const resetsAt = Number(process.env.FAKE_RESETS_AT);
    row({ type: 'rate_limit_event', rate_limit_info: { status: 'rejected', resetsAt } });
  }
  const synthetic = { ...message({ type: 'text', text }), model: '<synthetic>' };
  row({ type: 'assistant', error: name, message: synthetic });
  await hook('StopFailure', { error: name, last_assistant_message: text });
  if (isPrint) row({ ...result, is_error: true, api_error_status: status, result: text });
} else if (isPrint) {
  row({ ...result, is_error: false, api_error_status: null, result: 'Done.' });
}
if (isPrint) {
  await hook('SessionEnd', { reason: 'other' });
  process.exitCode = ended.kind === 'failed' ? 1 : 0;
} else {
  // At its prompt it waits for ever.
  setInterval(() => {}, 1_000);
}
