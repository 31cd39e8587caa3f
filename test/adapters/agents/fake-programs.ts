import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll } from 'vitest';

/** Bundles the fake programs for the tests of one file, each one executable by its path. */
export function useFakePrograms(): Readonly<Record<(typeof NAMES)[number], string>> {
  const dir = mkdtempSync('/tmp/hz-');
  beforeAll(async () => {
    await build({
      entryPoints: NAMES.map(name => `test/adapters/agents/fakes/${name}.ts`),
      outdir: dir,
      outExtension: { '.js': '.mjs' },
      bundle: true,
      format: 'esm',
      platform: 'node',
    });
    for (const name of NAMES) {
      writeFileSync(join(dir, name), `#!/bin/sh\nexec '${process.execPath}' '${join(dir, name)}.mjs' "$@"\n`);
      chmodSync(join(dir, name), 0o755);
    }
  });
  afterAll(() => rmSync(dir, { recursive: true, force: true }));
  return {
    claude: join(dir, 'claude'),
    codex: join(dir, 'codex'),
    terminal: join(dir, 'terminal'),
    box: join(dir, 'box'),
  };
}

const NAMES = ['claude', 'codex', 'terminal', 'box'] as const;
