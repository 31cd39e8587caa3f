import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  isTaken,
  layPrompt,
  type TrayPrompt,
  takePrompt,
  trayFile,
  withdrawPrompt,
} from '../../../src/adapters/agents/tray.ts';
import { makeTempDir } from '../../helpers/temp.ts';

const promptOf = (id: string): TrayPrompt => ({ id, kind: 'prompt', text: `do ${id}: "q" \`b\` $(c);` });

it('gives a prompt once, whole', () => {
  const dir = makeTempDir();
  expect(takePrompt(dir)).toBeNull();
  expect(layPrompt(dir, promptOf('a'))).toBe(true);
  expect(takePrompt(dir)).toEqual(promptOf('a'));
  expect(takePrompt(dir)).toBeNull();
  expect(isTaken(dir, 'a')).toBe(true);
});

it('holds one prompt at a time', () => {
  const dir = makeTempDir();
  layPrompt(dir, promptOf('a'));
  expect(layPrompt(dir, promptOf('b'))).toBe(false);
  takePrompt(dir);
  expect(layPrompt(dir, promptOf('b'))).toBe(true);
});

it('can be asked for it back as long as nobody has taken it', () => {
  const dir = makeTempDir();
  layPrompt(dir, promptOf('a'));
  expect(withdrawPrompt(dir, 'a')).toBe(true);
  expect(takePrompt(dir)).toBeNull();
  layPrompt(dir, promptOf('b'));
  takePrompt(dir);
  expect(withdrawPrompt(dir, 'b')).toBe(false);
});

it('is not led astray by what an agent writes there', () => {
  const dir = makeTempDir();
  mkdirSync(join(dir, 'taken'));
  for (const text of ['', '{', '{"id":"../../x","kind":"prompt","text":"t"}', '{"id":"a"}']) {
    writeFileSync(trayFile(dir), text);
    expect(takePrompt(dir)).toBeNull();
  }
});

it('gives every prompt that was taken for delivered exactly once, in whatever order hands reach in', () => {
  const step = fc.constantFrom('lay', 'take', 'withdraw');
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), steps => {
      const dir = makeTempDir();
      const laid: string[] = [];
      const taken: string[] = [];
      const withdrawn: string[] = [];
      steps.forEach((what, index) => {
        const last = laid.at(-1);
        if (what === 'lay' && layPrompt(dir, promptOf(`p${index}`))) laid.push(`p${index}`);
        if (what === 'take') taken.push(...[takePrompt(dir)?.id ?? []].flat());
        if (what === 'withdraw' && last && !withdrawn.includes(last) && withdrawPrompt(dir, last)) {
          withdrawn.push(last);
        }
      });
      expect(new Set(taken).size).toBe(taken.length);
      expect(taken.filter(id => withdrawn.includes(id))).toEqual([]);
      expect(laid.filter(id => isTaken(dir, id))).toEqual(taken);
    }),
    { numRuns: 60 },
  );
});
