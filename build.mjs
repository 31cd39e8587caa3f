// Bundles src into dist. Commands are imported lazily, so esbuild's splitting keeps octokit and zod
// out of the start-up path of `harness status` (measured by `npm run bench`).
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { build } from 'esbuild';

await rm('dist', { recursive: true, force: true });
const options = {
  outdir: 'dist',
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  sourcemap: 'linked',
  banner: {
    js: "import { createRequire as harnessCreateRequire } from 'node:module'; const require = harnessCreateRequire(import.meta.url);",
  },
  logLevel: 'warning',
};
const { metafile } = await build({
  ...options,
  entryPoints: {
    cli: 'src/cli.ts',
    hook: 'src/adapters/agents/hook.ts',
    'demo-agent': 'src/demo/agent.ts',
    docs: 'src/docs.ts',
    simulate: 'src/simulate/main.ts',
  },
  splitting: true,
  chunkNames: 'chunks/[name]-[hash]',
  metafile: true,
});
// Started for every session: it starts 10 ms sooner from one file than from twelve (Node 20).
await build({ ...options, entryPoints: { 'session-host': 'src/adapters/session-host.ts' } });
await joinChunksOf('src/commands/decide.ts');

/**
 * Puts the chunks of one command into one file, but those that cli.js has loaded already: `harness decide` starts 7 ms
 * sooner so (Node 20).
 */
async function joinChunksOf(entryPoint) {
  const outputs = Object.entries(metafile.outputs);
  const [file] = outputs.find(([, output]) => output.entryPoint === entryPoint);
  const loaded = new Set(importsOf('dist/cli.js'));
  await build({
    ...options,
    // Each chunk has brought its own.
    banner: {},
    entryPoints: [file],
    outdir: path.dirname(file),
    allowOverwrite: true,
    plugins: [
      {
        name: 'leave-loaded-chunks',
        setup({ onResolve }) {
          onResolve({ filter: /^\./ }, ({ path: name, resolveDir, kind }) => {
            const chunk = path.relative('.', path.join(resolveDir, name));
            return kind === 'dynamic-import' || loaded.has(chunk)
              ? { path: name, external: true }
              : undefined;
          });
        },
      },
    ],
  });
}

function importsOf(file) {
  return metafile.outputs[file].imports
    .filter(({ kind }) => kind === 'import-statement')
    .flatMap(({ path: chunk }) => (chunk in metafile.outputs ? [chunk, ...importsOf(chunk)] : []));
}
