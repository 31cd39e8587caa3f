import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';

const CLI = path.resolve('bin/harness');
const SKILLS = readdirSync('skills').map(name => ({
  name,
  text: readFileSync(path.join('skills', name, 'SKILL.md'), 'utf8'),
}));

/** Every `harness …` in code of a text, as its words. */
const commandsIn = (text: string) =>
  [...text.matchAll(/`harness ([^`]+)`/g)].map(([, words = '']) => words.split(/\s+/));

describe.each(SKILLS)('the skill $name', ({ name, text }) => {
  it('says in its front matter what it is for', () => {
    expect(text).toMatch(new RegExp(`^---\\nname: ${name}\\ndescription: .{40,1000}\\n---\\n`));
  });

  it('names only commands and options that there are', async () => {
    const commands = commandsIn(text);
    expect(commands.length).toBeGreaterThan(10);
    const help = new Map<string, string>();
    for (const [command = '', ...words] of commands) {
      if (!help.has(command)) help.set(command, (await execa(CLI, [command, '--help'])).stdout);
      const shown = help.get(command) ?? '';
      expect(shown).toContain(`Usage: harness ${command} `);
      for (const option of words.filter(word => word.startsWith('--'))) expect(shown).toContain(option);
    }
  });
});
