/** One command of HARNESS_VERIFY, and how long it may take. */
export interface VerifyStep {
  readonly command: string;
  readonly timeoutMs: number;
}

/**
 * The steps of HARNESS_VERIFY: `30s npm run lint ;; 20m npm test`. Each may begin with a time limit of its own, in
 * seconds or minutes; the others have `usualMs`. They run one after the other, up to the first that fails.
 */
export function parseSteps(text: string, usualMs: number): readonly VerifyStep[] {
  return text
    .split(';;')
    .map(step => step.trim())
    .filter(step => step !== '')
    .map(step => {
      const [, count, unit, command] = /^(\d{1,6})(s|m)\s+(\S.*)$/s.exec(step) ?? [];
      if (count === undefined || command === undefined) return { command: step, timeoutMs: usualMs };
      return { command, timeoutMs: Number(count) * (unit === 'm' ? 60_000 : 1_000) };
    });
}
