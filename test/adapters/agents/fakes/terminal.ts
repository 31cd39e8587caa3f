/**
 * A program in a terminal at its worst, with the hooks of Claude Code: it loses every key, leaves for good when one
 * arrives while a dialog is open, and calls its hooks late, or not at all. What it is shown goes to `shown.jsonl`.
 */
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { hookCaller } from './conversation.ts';

/** `mood.json`: how it behaves from its next turn on. */
export interface Mood {
  /** A dialog is open that long before each turn: no hook is called. */
  readonly dialogMs: number;
  /** How many turns in a row call no hook. */
  readonly lost: number;
  /** What a turn ends with. */
  readonly event: 'PostToolUse' | 'Stop';
}

const args = process.argv.slice(2);
interface Settings {
  readonly hooks: Readonly<Record<string, readonly { hooks: readonly { command: string }[] }[]>>;
}
const settings = JSON.parse(readFileSync(args[args.indexOf('--settings') + 1] ?? '', 'utf8')) as Settings;
const hook = hookCaller(event => settings.hooks[event]?.[0]?.hooks[0]?.command ?? null, {
  session_id: 'terminal',
});

const show = (text: unknown) => appendFileSync('shown.jsonl', `${JSON.stringify(text)}\n`);
/** An agent reads a file that it is told to read. */
const whole = (text: string) => {
  const [, file] = /^Read the file (\S+) to its end/.exec(text) ?? [];
  return file === undefined ? text : readFileSync(file, 'utf8');
};

process.stdin.setRawMode?.(true);
process.stdin.on('data', keys => {
  appendFileSync('keys', keys);
  process.exit(1);
});
process.on('SIGTERM', () => process.exit(143));

await hook('SessionStart', {});
await hook('UserPromptSubmit', {});
show(whole(args.at(-1) ?? ''));
for (let turn = 0; !existsSync('enough'); turn++) {
  const mood: Mood = existsSync('mood.json')
    ? (JSON.parse(readFileSync('mood.json', 'utf8')) as Mood)
    : { dialogMs: 0, lost: 0, event: 'PostToolUse' };
  if (mood.dialogMs > 0)
    process.stdout.write('Do you trust the files in this folder?\n> 1. No, exit\n  2. Yes\n');
  await pause(mood.dialogMs + 5);
  if (turn % (mood.lost + 1) !== 0) continue;
  const answer = await hook(mood.event, {});
  const context = (answer?.hookSpecificOutput as { additionalContext?: string } | undefined)
    ?.additionalContext;
  const told = context ?? answer?.reason;
  if (typeof told === 'string' && !told.startsWith('There is no outcome file')) show(whole(told));
}
