import type { Settings } from '../core/settings.ts';
import type { CommandResult, Commands } from '../ports.ts';
import { parsePatterns } from './gates/patterns.ts';
import { type GateResult, pass, verifyGate } from './gates.ts';
import { joinReports, parseReport } from './reports/parse.ts';
import type { Report } from './reports/report.ts';
import { parseSteps, type VerifyStep } from './verify-steps.ts';

/** What HARNESS_SETUP and HARNESS_VERIFY say of a checkout. */
export interface Checked {
  /** One verdict for each of the two that is set, and one for what did not always say the same. */
  readonly results: readonly GateResult[];
  /** Commands of HARNESS_VERIFY that failed. */
  readonly failedSteps: readonly string[];
  /** Output of what failed; null when nothing did. */
  readonly output: string | null;
  /** What the tests reported, where HARNESS_VERIFY_REPORT names that. */
  readonly report: Report;
}

export interface Checking {
  readonly commands: Commands;
  readonly settings: Settings;
}

/** Where the steps run, and the tag of their processes. */
interface Place {
  readonly cwd: string;
  readonly tag: string;
}

/**
 * Runs HARNESS_SETUP and the steps of HARNESS_VERIFY. Where reports tell failures apart, the steps after one that
 * fails run, too: what they would report is needed to compare.
 */
export async function checkOut(checking: Checking, place: Place): Promise<Checked> {
  const { settings, commands } = checking;
  const usualMs = settings.HARNESS_VERIFY_TIMEOUT * 1000;
  const setup = settings.HARNESS_SETUP;
  const before: GateResult[] = [];
  if (setup) {
    const result = await commands.run({ command: setup, timeoutMs: usualMs, ...place });
    const gate = verifyGate('setup', setup, result);
    before.push(gate);
    if (gate.failure) return { results: before, failedSteps: [], output: result.tail, report: NO_REPORT };
  }
  const reports = parsePatterns(settings.HARNESS_VERIFY_REPORT);
  const runs: StepRun[] = [];
  for (const step of parseSteps(settings.HARNESS_VERIFY, usualMs)) {
    runs.push(await runStep(commands, place, step, reports));
    if (runs.at(-1)?.gate.failure && reports.length === 0) break;
  }
  const summary = summaryOf(runs);
  return { ...summary, results: [...before, ...summary.results] };
}

const NO_REPORT: Report = { kind: 'unreadable', problem: 'there is none' };

interface StepRun {
  readonly command: string;
  readonly gate: GateResult;
  readonly result: CommandResult;
  /** It failed, and succeeded when it was run again. */
  readonly isFlaky: boolean;
}

/** Once more in the same checkout when it fails: what does not always fail says nothing of the change. */
async function runStep(
  commands: Commands,
  place: Place,
  { command, timeoutMs }: VerifyStep,
  reports: readonly string[],
): Promise<StepRun> {
  const run = () => commands.run({ command, timeoutMs, reports, ...place });
  const first = await run();
  const failed = { command, gate: verifyGate('verify', command, first), result: first, isFlaky: false };
  if (!failed.gate.failure || first.timedOut || first.exit === COMMAND_NOT_FOUND) return failed;
  const result = await run();
  const gate = verifyGate('verify', command, result);
  return gate.failure ? failed : { command, gate, result, isFlaky: true };
}

const COMMAND_NOT_FOUND = 127;

function summaryOf(runs: readonly StepRun[]): Checked {
  const failed = runs.filter(({ gate }) => gate.failure);
  const flaky = runs.filter(({ isFlaky }) => isFlaky).map(({ command }) => `\`${command}\``);
  const said = runs.map(({ gate }) => gate.verdict.reason).join('; ');
  const texts = runs.flatMap(({ result }) => result.reports ?? []);
  return {
    results: [
      ...(runs.length === 0 ? [] : [failed[0]?.gate ?? pass('verify', said)]),
      ...(flaky.length === 0 ? [] : [flakyGate(flaky)]),
    ],
    failedSteps: failed.map(({ command }) => command),
    output: failed[0]?.result.tail ?? null,
    report: texts.length === 0 ? NO_REPORT : joinReports(texts.map(parseReport)),
  };
}

const flakyGate = (commands: readonly string[]): GateResult => ({
  verdict: {
    gate: 'flaky',
    verdict: 'skipped',
    reason: `${commands.join(', ')} failed, and succeeded when it was run again on the same commit`,
  },
  failure: null,
});
