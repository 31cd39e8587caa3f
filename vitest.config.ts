import { defineConfig } from 'vitest/config';
import { saySkipped } from './test/helpers/say-skipped.ts';

export default defineConfig({
  test: {
    reporters: ['default', saySkipped()],
    include: ['test/**/*.test.ts'],
    // Lanes of their own: npm run test:agents (the real programs), npm run test:crash (minutes of crashes).
    exclude: ['test/agents/**', 'test/crash/**'],
    // Most tests wait for processes, panes and HTTP, so more of them at once than there are cores.
    maxWorkers: 4,
    testTimeout: 60_000,
    expect: { poll: { timeout: 10_000 } },
    hookTimeout: 30_000,
    restoreMocks: true,
  },
});
