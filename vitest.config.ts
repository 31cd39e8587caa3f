import { defineConfig } from 'vitest/config';
import { saySkipped } from './test/helpers/say-skipped.ts';
import { SlowestFirst } from './test/helpers/slowest-first.ts';

// Lanes of their own: npm run test:agents (the real programs), npm run test:crash (minutes of crashes).
const OTHER_LANES = ['test/agents/**', 'test/crash/**'];

// They change nothing outside of themselves, so that what they import is loaded once for many of them.
const TOGETHER = [
  'test/{architecture,config,contracts,world-file}.test.ts',
  'test/{config,contracts,core,leases,loop,render}/**/*.test.ts',
  'test/{forge,adapters/snapshots}/**/*.test.ts',
  // Some put other modules in the place of the engine's, or change what a process has of HTTP.
  'test/landing/**/!(twins).test.ts',
  'test/adapters/github/**/!(diagnosis|proxy|requests).test.ts',
];

export default defineConfig({
  test: {
    reporters: ['default', saySkipped()],
    sequence: { sequencer: SlowestFirst },
    // Most tests wait for processes, panes and HTTP, so more of them at once than there are cores.
    maxWorkers: 4,
    testTimeout: 240_000,
    expect: { poll: { timeout: 10_000 } },
    hookTimeout: 30_000,
    restoreMocks: true,
    projects: [
      {
        extends: true,
        test: { name: 'alone', include: ['test/**/*.test.ts'], exclude: [...OTHER_LANES, ...TOGETHER] },
      },
      { extends: true, test: { name: 'together', include: TOGETHER, isolate: false } },
    ],
  },
});
