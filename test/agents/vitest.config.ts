import { defineConfig } from 'vitest/config';
import { saySkipped } from '../helpers/say-skipped.ts';

// The real agent programs, each one some hundred megabytes; not part of `npm test`.
export default defineConfig({
  test: {
    reporters: ['default', saySkipped()],
    include: ['test/agents/**/*.test.ts'],
    testTimeout: 90_000,
    hookTimeout: 300_000,
    fileParallelism: false,
  },
});
