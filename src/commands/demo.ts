import { enginePath } from '../context.ts';
import { watchIssues } from '../demo/progress.ts';
import { type DemoReport, readReport } from '../demo/report.ts';
import { type Stage, setStage } from '../demo/stage.ts';
import { EXIT, HarnessError } from '../errors.ts';
import type { Invocation } from '../invocation.ts';
import { createProgressView, renderReport } from '../render/demo.ts';

export interface DemoOptions {
  readonly agent?: string | undefined;
  readonly pool: string;
  readonly cap: string;
  readonly keep?: boolean | undefined;
  readonly json?: boolean | undefined;
}

/**
 * Shows the whole job on the embedded GitHub. Exit 0 only when every issue was closed by a merged pull request
 * and the project's own tests pass on the default branch; Ctrl-C stops the fleet and cleans up.
 */
export async function demoCommand(options: DemoOptions, io: Invocation): Promise<number> {
  const { signal } = io;
  const say = options.json ? io.err : io.out;
  say(introduction(options));
  const stage = await setStage({
    program: enginePath('bin/harness'),
    agentCommand: options.agent ?? `${quoted(process.execPath)} ${quoted(enginePath('dist/demo-agent.js'))}`,
    pool: count('--pool', options.pool),
    cap: count('--cap', options.cap),
    env: io.env,
  });
  let isKept = options.keep === true;
  try {
    const report = await perform(stage, io, say);
    if (report === null) {
      isKept = false;
      return EXIT.interrupted;
    }
    io.out(
      options.json
        ? `${JSON.stringify(report, null, 2)}\n`
        : `\n${renderReport(report, { width: io.columns })}`,
    );
    return report.ok ? EXIT.ok : EXIT.failed;
  } finally {
    if (isKept) await keep(stage, say, signal);
    await stage.harness('stop', '--now').catch(() => undefined);
    if (!isKept) await stage.close();
  }
}

const LIMIT_MS = 30 * 60_000;

/** Runs the fleet until everything is closed; null when a person interrupted it. */
async function perform(
  stage: Stage,
  io: Invocation,
  say: (text: string) => void,
): Promise<DemoReport | null> {
  const startedAt = performance.now();
  const elapsed = () => (performance.now() - startedAt) / 1000;
  const { useColor: color, columns: width, isTerminal } = io;
  const view = createProgressView({ out: say, isTerminal, color, width, elapsed });
  await stage.harness('start');
  const end = await watchIssues(stage.board, { show: view.show, signal: io.signal, limitMs: LIMIT_MS });
  if (end === 'interrupted') return null;
  const seconds = elapsed();
  // The last receipt is written right after the last issue was closed: an orderly stop waits for it.
  await stage.harness('stop');
  return readReport(stage, seconds);
}

async function keep(stage: Stage, say: (text: string) => void, signal: AbortSignal): Promise<void> {
  const variables = Object.entries(stage.env).filter(([name]) => !['PATH', 'LANG', 'TERM'].includes(name));
  say(
    [
      `Everything is in ${stage.root}. The forge goes on at ${stage.forge.url} until Ctrl-C. In another terminal:`,
      `  cd ${stage.projectDir}`,
      `  export ${variables.map(([name, value]) => `${name}=${value}`).join(' ')}`,
      '  harness start && harness status && harness attach main',
      '',
    ].join('\n'),
  );
  if (!signal.aborted) await new Promise(done => signal.addEventListener('abort', done, { once: true }));
  await stage.forge.close();
}

function introduction({ agent }: DemoOptions): string {
  const who = agent
    ? `Agents run \`${agent}\`.`
    : 'The agents are scripted: they follow fixed recipes, no model is involved.';
  return `The demo runs on a GitHub of its own on this machine: real git, real tmux, real HTTP. ${who}\n\n`;
}

function count(flag: string, text: string): number {
  const number = Number(text);
  if (Number.isInteger(number) && number >= 1 && number <= 64) return number;
  throw new HarnessError(
    'usage-invalid',
    `${flag}: expected a whole number from 1 to 64, got ${JSON.stringify(text)}.`,
  );
}

const quoted = (word: string) => `"${word.replaceAll(/["\\$`]/g, '\\$&')}"`;
