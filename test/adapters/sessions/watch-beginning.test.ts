import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { claudeScreen } from '../../../src/adapters/agents/claude/screen.ts';
import { watchBeginning } from '../../../src/adapters/sessions/watch-beginning.ts';
import { createPromptBox, type Mood } from '../agents/fakes/prompt-box.ts';

const TEXT = 'Add a greeting.\n\nSay "hello" to `$(world)`; it\'s 5 °C;\n';
const LINE =
  'Read the file /run/sessions/x-app-i7/prompt.md to its end and do what it says. It is your whole task.';
const BEGIN_MS = 120_000;

/** Drives a program of that mood by a clock that runs through the time it has, and some more. */
function drive(mood: Mood) {
  let now = 0;
  let pastes = 0;
  const box = createPromptBox(mood, TEXT);
  const said: string[] = [];
  const watch = watchBeginning({
    now: () => now,
    beginMs: BEGIN_MS,
    showsLife: () => false,
    screen: claudeScreen,
    pane: {
      read: () => box.screen(now),
      press: key => box.press(key, now),
      paste: text => {
        pastes += 1;
        box.paste(text, now);
      },
    },
    prompt: { text: TEXT, line: LINE },
    tell: line => said.push(line),
  });
  // Our hook takes the prompt of the session once, whatever the program hands to it.
  const due: { readonly at: number; readonly text: string }[] = [];
  const taken: string[] = [];
  const refused: string[] = [];
  let isOverdue = false;
  for (; now < 3 * BEGIN_MS && !isOverdue; now += 100) {
    for (const text of box.submitted(now).slice(due.length)) due.push({ at: now + mood.hookMs, text });
    for (const { text } of due.filter(({ at }) => at <= now).slice(taken.length + refused.length)) {
      (taken.length === 0 ? taken : refused).push(text);
      watch.sign();
    }
    if (taken.length === 0) isOverdue = watch.isOverdue();
  }
  return { taken, refused, pastes, said, isOverdue, endedAt: now, chosen: box.chosen, spoilt: box.spoilt };
}

const CALM: Mood = { slowMs: 0, dialogs: [], prompt: 'taken', lostEnters: 0, lostPastes: 0, hookMs: 200 };

const DIALOGS = [
  ['Settings Error', 'Continue without these settings', 'Exit and fix manually', 'Fix with Claude'],
  ['Settings Warning', 'Continue', 'Fix with Claude', 'Exit and fix manually'],
  ['Accessing workspace:', 'Yes, I trust this folder', 'No, exit'],
  ['WARNING: Claude Code running in Bypass Permissions mode', 'Yes, I accept', 'No, exit'],
] as const;

const dialog = fc.constantFrom(...DIALOGS).chain(([title, ...options]) =>
  fc.record({
    title: fc.constant<string>(title),
    options: fc.shuffledSubarray<string>(options, { minLength: options.length }),
    cursor: fc.nat(options.length - 1),
  }),
);

const mood: fc.Arbitrary<Mood> = fc.record({
  slowMs: fc.constantFrom(0, 700, 8_000),
  dialogs: fc.array(dialog, { maxLength: 3 }),
  prompt: fc.constantFrom('taken', 'kept', 'lost'),
  lostEnters: fc.nat(3),
  lostPastes: fc.nat(3),
  hookMs: fc.constantFrom(50, 3_000, 25_000),
});

describe('the first prompt of a program in a terminal', () => {
  it('is taken once and whole, whatever the program loses, delays and asks', () => {
    fc.assert(
      fc.property(mood, change => {
        const { taken, refused, chosen, spoilt, isOverdue } = drive(change);
        expect(spoilt).toEqual([]);
        expect(chosen).toEqual(
          change.dialogs.map(({ title }) => DIALOGS.find(([known]) => known === title)?.[1]),
        );
        expect(isOverdue).toBe(false);
        expect(taken.map(text => text.replaceAll(/\s+/g, ' ').trim())).toEqual([
          change.prompt === 'lost' ? LINE : TEXT.replaceAll(/\s+/g, ' ').trim(),
        ]);
        // What came a second time our hook knows by the line, or by the words.
        expect(refused.every(text => text === LINE || text === TEXT)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  it('is not given again where the program takes it by itself', () => {
    expect(drive({ ...CALM, slowMs: 5_000, hookMs: 4_000 })).toMatchObject({
      taken: [TEXT],
      pastes: 0,
      said: [],
    });
  });

  it('is given again each time that it is lost, and people are told', () => {
    const lost = drive({ ...CALM, prompt: 'lost', lostPastes: 2 });
    expect(lost).toMatchObject({ taken: [LINE], pastes: 3 });
    expect(lost.said).toEqual(Array(3).fill('It has not taken its prompt, so it is given once more'));
  });

  it.each([
    ['in a dialog that is not known', { title: 'Choose your theme', options: ['Dark', 'Light'], cursor: 0 }],
    ['where the answer is not among the options', { title: 'Settings Error', options: ['Exit'], cursor: 0 }],
  ])('is not waited for longer than it may take %s, and no key is pressed', (_where, open) => {
    const { isOverdue, endedAt, chosen, spoilt, pastes } = drive({ ...CALM, dialogs: [open] });
    expect({ isOverdue, chosen, spoilt, pastes }).toEqual({
      isOverdue: true,
      chosen: [],
      spoilt: [],
      pastes: 0,
    });
    expect(endedAt).toBeLessThan(BEGIN_MS + 1_000);
  });

  it('leaves alone what a person types meanwhile', () => {
    const person = createPromptBox({ ...CALM, prompt: 'kept' }, 'I wonder what');
    let now = 0;
    const watch = watchBeginning({
      ...{ now: () => now, beginMs: BEGIN_MS, showsLife: () => false, screen: claudeScreen, tell: () => {} },
      pane: {
        read: () => person.screen(now),
        press: key => person.press(key, now),
        paste: () => expect.fail(),
      },
      prompt: { text: TEXT, line: LINE },
    });
    for (; now < BEGIN_MS; now += 100) watch.isOverdue();
    expect(person.submitted(now)).toEqual([]);
  });
});
