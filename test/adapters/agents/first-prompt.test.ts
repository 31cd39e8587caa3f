import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { promptLine } from '../../../src/adapters/agents/first-prompt.ts';
import { sessionPaths } from '../../../src/adapters/sessions/session-files.ts';
import { waitFor } from '../../helpers/temp.ts';
import { useSessionHost } from '../sessions/fixture.ts';
import { anAgentFleet } from './agent-fleet.ts';
import { useFakePrograms } from './fake-programs.ts';
import type { Mood } from './fakes/prompt-box.ts';

const programs = useSessionHost();
const fakes = useFakePrograms();

const TEXT = 'Say "hello" to `$(world)`; it\'s 5 °C;';
const CALM: Mood = { slowMs: 0, dialogs: [], prompt: 'taken', lostEnters: 0, lostPastes: 0, hookMs: 0 };
const BROKEN_SETTINGS = {
  title: 'Settings Error',
  options: ['1. Fix with Claude', '2. Exit and fix manually', '3. Continue without these settings'],
  cursor: 0,
};

/** Starts a program of that mood in a real pane. */
async function start(mood: Partial<Mood>, beginMs: number) {
  const candidate = { agent: 'claude', program: fakes.box, args: [], env: {} } as const;
  const fleet = anAgentFleet(programs, candidate, { mode: 'interactive', beginMs });
  writeFileSync(join(fleet.worktree, 'mood.json'), JSON.stringify({ ...CALM, ...mood }));
  const { name } = await fleet.start({}, { prompt: TEXT });
  const line = promptLine(sessionPaths(fleet.runDir, name).prompt);
  const shown = (): unknown[] => {
    const path = join(fleet.worktree, 'shown.jsonl');
    return existsSync(path)
      ? readFileSync(path, 'utf8')
          .split('\n')
          .filter(Boolean)
          .map(row => JSON.parse(row))
      : [];
  };
  return { ...fleet, name, line, shown };
}

it('answers the dialogs that it knows, and then the prompt is taken', async () => {
  const { name, shown, logOf } = await start({ dialogs: [BROKEN_SETTINGS] }, 60_000);
  await waitFor(() => shown().length > 0, 40_000);
  expect(shown()).toEqual([TEXT]);
  expect(logOf(name)).toContain('* Settings Error: Continue without these settings');
});

it('gives a prompt again that the terminal has lost, until it is acknowledged', async () => {
  const { name, line, shown, logOf } = await start({ prompt: 'lost', lostPastes: 1, lostEnters: 2 }, 24_000);
  await waitFor(() => shown().length > 0, 60_000);
  expect(shown()).toEqual([line]);
  expect(logOf(name).match(/so it is given once more/g)).toHaveLength(2);
});

it('ends in a dialog that nobody knows, and says which one', async () => {
  const theme = { title: 'Choose your theme', options: ['1. Dark', '2. Light'], cursor: 0 };
  const { name, untilEnded, logOf } = await start({ dialogs: [theme] }, 1_500);
  const { exit, end } = await untilEnded(name, 40_000);
  expect(exit).toMatchObject({ reason: 'unbegun', screen: 'Choose your theme' });
  expect(end?.failure).toMatchObject({
    class: 'stalled',
    message: 'the agent did not take up its prompt; its screen says: Choose your theme',
  });
  expect(logOf(name)).toMatch(/On its screen:.*2\. Light/s);
});
