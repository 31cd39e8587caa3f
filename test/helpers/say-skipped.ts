import type { Reporter } from 'vitest/node';

/** Names at the end of a whole run what was skipped, and why where that is known: it must not look like a pass. */
export function saySkipped(): Reporter {
  let isWhole = true;
  return {
    onInit(vitest) {
      isWhole = vitest.config.testNamePattern === undefined;
    },
    onTestRunEnd(modules) {
      if (!isWhole) return;
      for (const test of modules.flatMap(({ children }) => [...children.allTests('skipped')])) {
        const result = test.result();
        const note = result.state === 'skipped' ? result.note : undefined;
        process.stdout.write(`skipped: ${test.fullName}${note ? `: ${note}` : ''}\n`);
      }
    },
  };
}
