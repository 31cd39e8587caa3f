import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { claudeScreen } from '../../../src/adapters/agents/claude/screen.ts';
import { tellingLine } from '../../../src/adapters/agents/screen.ts';

// Captured from the real program, in both versions, in a pane of 120 columns.
const DIR = new URL('samples/screens/', import.meta.url);
const SAMPLES = readdirSync(DIR);
const sample = (name: string) => readFileSync(new URL(name, DIR), 'utf8');
const versionsOf = (name: string) => [`${name}-197.txt`, `${name}-329.txt`];

/** The option that is chosen in the end, when the program moves its cursor as it is told. */
function chosenIn(screen: string): string {
  let lines = screen.split('\n');
  for (let presses = 0; presses < 10; presses++) {
    const answer = claudeScreen.answer(lines.join('\n'));
    const cursor = lines.findLastIndex(line => line.trimStart().startsWith('❯'));
    if (answer === null) return 'nothing';
    if (answer.key === 'Escape') return 'Escape';
    if (answer.key === 'Enter') return (lines[cursor] ?? '').replace(/^\s*❯\s*(?:\d+\. )?/, '');
    const next = cursor + (answer.key === 'Down' ? 1 : -1);
    lines = lines.map((line, index) => {
      if (index === cursor) return line.replace('❯', ' ');
      return index === next ? line.replace(/^(\s*) {2}/, '$1❯ ') : line;
    });
  }
  return 'no end';
}

const ANSWERS: Readonly<Record<string, string>> = {
  'settings-error': 'Continue without these settings',
  'settings-warning': 'Continue',
  trust: 'Yes, I trust this folder',
  'api-key': 'Yes',
  bypass: 'Yes, I accept',
  imports: 'No, disable external imports',
  mcp: 'Continue without using this MCP server',
  'mcp-two': 'Escape',
  waiting: 'nothing',
  'at-work': 'nothing',
};

describe('the screen of Claude Code', () => {
  it.each(Object.entries(ANSWERS))('shows %s, and what is chosen then is: %s', (name, answer) => {
    for (const file of versionsOf(name)) expect(chosenIn(sample(file))).toBe(answer);
  });

  it('is known in all samples', () => {
    expect(SAMPLES).toEqual(Object.keys(ANSWERS).flatMap(versionsOf).sort());
  });

  it('has an answer to no dialog that is not known, whatever is in it', () => {
    const unknown = (file: string) => sample(file).replaceAll(/Settings|workspace|API key/g, 'Something');
    for (const file of versionsOf('settings-error')) expect(chosenIn(unknown(file))).toBe('nothing');
    const other = sample('trust-329.txt').replace('Yes, I trust this folder', 'Yes, and all others');
    expect(chosenIn(other)).toBe('nothing');
  });

  it('has its field for prompts only where it waits for one', () => {
    const withField = SAMPLES.filter(file => claudeScreen.field(sample(file)) !== null);
    expect(withField).toEqual(versionsOf('waiting'));
    expect(claudeScreen.field(sample('waiting-329.txt'))).toBe('');
    const typed = sample('waiting-197.txt').replace(
      /^❯.*$/m,
      '❯ Read the file /a/very/long\n  path.md to its end',
    );
    expect(claudeScreen.field(typed)).toBe('Read the file /a/very/long\npath.md to its end');
    expect(claudeScreen.field(typed.replace(/❯[^─]+/, '❯ Try "fix lint errors"\n'))).toBe('');
  });
});

it.each([
  ['settings-error-197.txt', 'Settings Error'],
  ['bypass-329.txt', 'WARNING: Claude Code running in Bypass Permissions mode'],
  ['trust-329.txt', 'Accessing workspace:'],
  ['mcp-two-329.txt', '2 new MCP servers found in this project'],
])('names the line that says most: %s', (file, line) => {
  expect(tellingLine(sample(file))).toBe(line);
});

it('names the last line of a screen without rules, and says so when there is nothing', () => {
  expect(tellingLine('Loading\nCannot find module x\n❯ 1. Yes\n  2. No\nPress Enter to go on\n\n')).toBe(
    'Cannot find module x',
  );
  expect(tellingLine('')).toBe('nothing');
});
