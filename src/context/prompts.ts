import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The prompt templates by name: those of the package, and in their place what the project has at
 * `.harness/prompts/<name>.local.md`.
 */
export function readPrompts(packageDir: string, harnessDir: string): Readonly<Record<string, string>> {
  const names = readdirSync(packageDir).filter(file => file.endsWith('.md'));
  return Object.fromEntries(
    names.map(file => {
      const name = file.slice(0, -'.md'.length);
      const own = join(harnessDir, 'prompts', `${name}.local.md`);
      return [name, readFileSync(existsSync(own) ? own : join(packageDir, file), 'utf8')];
    }),
  );
}
