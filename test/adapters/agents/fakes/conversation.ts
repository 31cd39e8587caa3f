import { execFileSync, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type Answer, answerTo } from './behaviour.ts';

/** What a fake program tells of while it works; each program words it in its own way. */
export interface Tell {
  readonly use: (id: string, answer: Extract<Answer, { kind: 'run' | 'ask' }>) => void;
  readonly used: (id: string, output: string) => void;
  readonly say: (text: string) => void;
  readonly retry: (failure: Extract<Answer, { kind: 'fail' }>) => void;
}

export type Ended =
  | { readonly kind: 'over'; readonly requests: number }
  | {
      readonly kind: 'failed';
      readonly failure: Extract<Answer, { kind: 'fail' }>;
      readonly requests: number;
    };

/** Calls a hook of the program's, with the event on standard input, and returns what it prints as JSON. */
export type CallHook = (event: string, payload: object) => Promise<Record<string, unknown> | null>;

/** How often a failed request is repeated. */
const RETRIES = 1;

/** The type of the rows in a transcript by which the fakes know what was said. */
const MEMORY = 'memory';

/**
 * The loop of an agent: asks the model, runs the tool that it wants, shows it the output, until it only says
 * something and no hook refuses the stop. What the model is shown is kept in `transcript`, line by line.
 */
export async function converse(
  prompt: string,
  { tell, hook, transcript }: { tell: Tell; hook: CallHook; transcript: string },
): Promise<Ended> {
  mkdirSync(path.dirname(transcript), { recursive: true });
  const shown = existsSync(transcript)
    ? readFileSync(transcript, 'utf8')
        .split('\n')
        .filter(Boolean)
        .map(line => JSON.parse(line) as { type?: string; text?: string })
        .flatMap(({ type, text }) => (type === MEMORY && text !== undefined ? [text] : []))
    : [];
  const showModel = (text: string) => {
    shown.push(text);
    appendFileSync(transcript, `${JSON.stringify({ type: MEMORY, text })}\n`);
  };
  const background: { output: string | null }[] = [];
  let steps = 0;
  let requests = 0;
  let failures = 0;

  await hook('UserPromptSubmit', { prompt });
  showModel(prompt);
  for (;;) {
    const answer = answerTo({ shown: shown.join('\n'), steps, requests: requests + failures });
    switch (answer.kind) {
      case 'stall':
        await new Promise(() => setInterval(() => {}, 1_000));
        break;
      case 'fail':
        failures += 1;
        if (failures > RETRIES || answer.error === 'usage_limit' || answer.error === 'billing') {
          return { kind: 'failed', failure: answer, requests };
        }
        tell.retry(answer);
        break;
      case 'run':
      case 'ask': {
        requests += 1;
        const id = randomUUID();
        tell.use(id, answer);
        const output = answer.kind === 'run' ? runTool(answer, background) : await askPerson(answer, hook);
        steps += 1;
        tell.used(id, output);
        showModel(output);
        const more = await hook('PostToolUse', {});
        const context = (more?.hookSpecificOutput as { additionalContext?: string } | undefined)
          ?.additionalContext;
        if (context) showModel(beginningOf(context));
        break;
      }
      case 'say': {
        requests += 1;
        tell.say(answer.text);
        const background_tasks = background.filter(({ output }) => output === null).map(() => ({ id: 'b' }));
        const verdict = await hook('Stop', { last_assistant_message: answer.text, background_tasks });
        if (verdict?.decision === 'block') {
          showModel(beginningOf(String(verdict.reason)));
        } else if (background_tasks.length > 0) {
          while (background.some(({ output }) => output === null)) await pause(20);
          showModel('<task-notification><status>completed</status></task-notification>');
        } else return { kind: 'over', requests };
        break;
      }
      default:
        answer satisfies never;
    }
  }
}

/** Claude Code shows no more than this of a long answer of a hook. */
const beginningOf = (answer: string) => (answer.length > 10_000 ? answer.slice(0, 2_000) : answer);

function runTool(
  { command, inBackground }: Extract<Answer, { kind: 'run' }>,
  background: { output: string | null }[],
): string {
  if (!inBackground) return execFileSync('sh', ['-c', `${command} 2>&1`], { encoding: 'utf8' });
  const entry: { output: string | null } = { output: null };
  background.push(entry);
  spawn('sh', ['-c', command]).on('exit', () => {
    entry.output = '';
  });
  return 'It runs in the background.';
}

async function askPerson(
  { question, options }: Extract<Answer, { kind: 'ask' }>,
  hook: CallHook,
): Promise<string> {
  const questions = [{ question, options: options.map(label => ({ label })) }];
  const answer = await hook('PermissionRequest', { tool_name: 'AskUserQuestion', tool_input: { questions } });
  const { decision } = (answer?.hookSpecificOutput ?? {}) as { decision?: { message?: string } };
  return decision?.message ?? 'Nobody answered.';
}

/** Asks the API at an address once, as a real program would; the fakes have their answers from elsewhere. */
export async function knock(url: string | undefined): Promise<void> {
  if (url === undefined) return;
  await fetch(url, { method: 'POST', body: '{}' }).then(
    answer => answer.text(),
    () => {},
  );
}

/** Runs a hook's command as the programs do: by a shell. */
export function hookCaller(commandFor: (event: string) => string | null, facts: object): CallHook {
  return (event, payload) =>
    new Promise(resolve => {
      const command = commandFor(event);
      if (command === null) {
        resolve(null);
        return;
      }
      const child = spawn('sh', ['-c', command], { stdio: ['pipe', 'pipe', 'inherit'] });
      let output = '';
      child.stdout.on('data', chunk => {
        output += String(chunk);
      });
      child.stdin.on('error', () => {});
      child.stdin.end(JSON.stringify({ ...facts, hook_event_name: event, ...payload }));
      child.on('close', () => {
        resolve(output.startsWith('{') ? (JSON.parse(output) as Record<string, unknown>) : null);
      });
    });
}
