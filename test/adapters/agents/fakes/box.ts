/**
 * The model of a prompt box as a program: it draws on its terminal, reads keys from it and calls the hooks of Claude
 * Code. `mood.json` in its directory says how it behaves; the prompts that it works on go to `shown.jsonl`.
 */
import { appendFileSync, readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { hookCaller } from './conversation.ts';
import { createPromptBox, type Mood } from './prompt-box.ts';

const args = process.argv.slice(2);
interface Settings {
  readonly hooks: Readonly<Record<string, readonly { hooks: readonly { command: string }[] }[]>>;
}
const settings = JSON.parse(readFileSync(args[args.indexOf('--settings') + 1] ?? '', 'utf8')) as Settings;
const hook = hookCaller(event => settings.hooks[event]?.[0]?.hooks[0]?.command ?? null, {
  session_id: 'box',
});

const startedAt = Date.now();
const now = () => Date.now() - startedAt;
const box = createPromptBox(JSON.parse(readFileSync('mood.json', 'utf8')) as Mood, args.at(-1) ?? '');

const KEYS: Readonly<Record<string, string>> = {
  '\r': 'Enter',
  '\x1b[A': 'Up',
  '\x1b[B': 'Down',
  '\x1b': 'Escape',
};
process.stdin.setRawMode?.(true);
// Bracketed paste: tmux says then where a pasted text begins and ends.
process.stdout.write('\x1b[?2004h');
const PASTE = { begin: '\x1b[200~', end: '\x1b[201~' };
let typed = '';
process.stdin.on('data', keys => {
  typed += String(keys);
  const end = typed.indexOf(PASTE.end);
  if (typed.startsWith(PASTE.begin) && end !== -1) box.paste(typed.slice(PASTE.begin.length, end), now());
  else if (KEYS[typed] !== undefined) box.press(KEYS[typed] ?? '', now());
  else return;
  typed = '';
});
process.on('SIGTERM', () => process.exit(143));

let seen = 0;
let drawn = '';
for (;;) {
  const screen = box.screen(now());
  if (screen !== drawn) process.stdout.write(`\x1b[2J\x1b[H${screen.replaceAll('\n', '\r\n')}`);
  drawn = screen;
  if (box.spoilt.length > 0) process.exit(1);
  for (const prompt of box.submitted(now()).slice(seen)) {
    seen += 1;
    if (seen === 1) await hook('SessionStart', {});
    const answer = await hook('UserPromptSubmit', { prompt });
    if (answer?.decision === 'block') continue;
    appendFileSync('shown.jsonl', `${JSON.stringify(prompt)}\n`);
  }
  await pause(20);
}
