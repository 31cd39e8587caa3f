import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('../', import.meta.url));

/** Prints what a session adds to the time of its agent. The measuring part is TypeScript, bundled here. */
export async function benchSession() {
  const bundles = await mkdtemp(path.join(tmpdir(), 'harness-bench-'));
  const outfile = path.join(bundles, 'overhead.mjs');
  try {
    await build({
      entryPoints: [path.join(root, 'bench/session/overhead.ts')],
      outfile,
      bundle: true,
      format: 'esm',
      platform: 'node',
      target: 'node20.19',
      banner: {
        js: "import { createRequire as benchCreateRequire } from 'node:module'; const require = benchCreateRequire(import.meta.url);",
      },
      logLevel: 'warning',
    });
    const { printOverhead } = await import(pathToFileURL(outfile).href);
    await printOverhead({ root });
  } finally {
    await rm(bundles, { recursive: true, force: true });
  }
}
