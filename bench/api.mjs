// `npm run bench:api`: what GitHub is asked for, on the embedded forge. The parts are TypeScript, bundled here.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { benchClosed } from './closed.mjs';

const root = fileURLToPath(new URL('../', import.meta.url));
const own = path.join(root, 'bench/api');
const bundles = await mkdtemp(path.join(tmpdir(), 'harness-bench-'));
try {
  await build({
    entryPoints: [path.join(own, 'hours.ts'), path.join(own, 'large.ts')],
    outdir: bundles,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
    outExtension: { '.js': '.mjs' },
    banner: {
      js: "import { createRequire as benchCreateRequire } from 'node:module'; const require = benchCreateRequire(import.meta.url);",
    },
    logLevel: 'warning',
  });
  const load = name => import(pathToFileURL(path.join(bundles, name)).href);
  const wanted = process.argv.slice(2);
  const isWanted = name => wanted.length === 0 || wanted.includes(name);
  if (isWanted('hours')) await (await load('hours.mjs')).benchHours();
  if (isWanted('closed')) await benchClosed();
  if (isWanted('large')) await (await load('large.mjs')).benchLarge({ root });
} finally {
  await rm(bundles, { recursive: true, force: true });
}
