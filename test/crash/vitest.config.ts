import { defineConfig } from 'vitest/config';

// Minutes of crashes on the real parts; not part of `npm test`.
export default defineConfig({
  test: {
    include: ['test/crash/**/*.test.ts'],
    testTimeout: 180_000,
    hookTimeout: 60_000,
    fileParallelism: false,
    maxConcurrency: 2,
  },
});
