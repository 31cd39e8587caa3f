import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Lanes of their own: npm run test:agents (the real programs), npm run test:crash (minutes of crashes).
    exclude: ['test/agents/**', 'test/crash/**'],
    testTimeout: 60_000,
    expect: { poll: { timeout: 10_000 } },
    hookTimeout: 30_000,
    restoreMocks: true,
  },
});
