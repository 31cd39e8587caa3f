// Bundles src into dist. Commands are imported lazily, so esbuild's splitting keeps octokit and zod
// out of the start-up path of `harness status` (measured by `npm run bench`).
import { rm } from 'node:fs/promises';
import { build } from 'esbuild';

await rm('dist', { recursive: true, force: true });
await build({
  entryPoints: {
    cli: 'src/cli.ts',
    'session-host': 'src/adapters/session-host.ts',
    hook: 'src/adapters/agents/hook.ts',
    'demo-agent': 'src/demo/agent.ts',
    docs: 'src/docs.ts',
    simulate: 'src/simulate/main.ts',
  },
  outdir: 'dist',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  chunkNames: 'chunks/[name]-[hash]',
  sourcemap: 'linked',
  banner: {
    js: "import { createRequire as harnessCreateRequire } from 'node:module'; const require = harnessCreateRequire(import.meta.url);",
  },
  logLevel: 'warning',
});
