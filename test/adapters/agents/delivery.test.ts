import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { writeAtomic } from '../../../src/adapters/atomic-file.ts';
import { waitFor } from '../../helpers/temp.ts';
import { useSessionHost } from '../sessions/fixture.ts';
import { anAgentFleet } from './agent-fleet.ts';
import { useFakePrograms } from './fake-programs.ts';
import type { Mood } from './fakes/terminal.ts';

const programs = useSessionHost();
const fakes = useFakePrograms();

const awkward = fc.constantFrom(
  '"',
  "'",
  '`',
  '$(date)',
  ';',
  '\\',
  '\n',
  '\r',
  '\t',
  '/clear',
  'é',
  '世',
  '🙂',
  ' ',
);
const text = fc.oneof(
  fc
    .array(fc.oneof(awkward, fc.string()), { minLength: 1, maxLength: 30 })
    .map(parts => `>${parts.join('')};`),
  awkward.map(piece => `>${piece.repeat(Math.ceil(200_000 / Buffer.byteLength(piece)))};`),
);
const mood: fc.Arbitrary<Mood> = fc.record({
  dialogMs: fc.constantFrom(0, 0, 20, 250),
  lost: fc.constantFrom(0, 0, 1, 5),
  event: fc.constantFrom('PostToolUse', 'Stop'),
});

it('brings every prompt whole and once to a program that loses keys and hooks and opens dialogs', async () => {
  const candidate = { agent: 'claude', program: fakes.terminal, args: [], env: {} } as const;
  // So short that it is often late.
  const fleet = anAgentFleet(programs, candidate, { mode: 'interactive', deliverMs: 100, repairTurns: 8 });
  const first = 'Say "hello" to `$(world)`; it\'s 5 °C;';
  const { name } = await fleet.start({}, { prompt: first });
  const path = (file: string) => join(fleet.worktree, file);
  const shown = (): unknown[] =>
    readFileSync(path('shown.jsonl'), 'utf8')
      .split('\n')
      .filter(Boolean)
      .map(line => JSON.parse(line));
  const wanted: string[] = [first];
  let late = 0;
  await waitFor(() => existsSync(path('shown.jsonl')));

  await fc.assert(
    fc.asyncProperty(fc.array(text, { minLength: 1, maxLength: 2 }), mood, async (prompts, change) => {
      writeAtomic(path('mood.json'), JSON.stringify(change));
      for (const prompt of prompts) {
        for (;;) {
          const delivery = await fleet.sessions.deliver(name, prompt);
          if (delivery === 'taken') break;
          expect(delivery).toBe('late');
          late += 1;
        }
        wanted.push(prompt);
      }
      await waitFor(() => shown().length >= wanted.length);
      expect(shown()).toEqual(wanted);
    }),
    { numRuns: 15 },
  );
  expect(existsSync(path('keys'))).toBe(false);
  // Otherwise nothing was repeated, and the test has shown less than it says.
  expect(late).toBeGreaterThan(0);
  await fleet.sessions.end(name, 'stopped');
});
