import { join } from 'node:path';
import { enginePath } from '../context.ts';
import { PLAN_MARKER } from '../demo/plan-report.ts';
import { watchIssues } from '../demo/progress.ts';
import type { DemoProject } from '../demo/project.ts';
import { type DemoReport, readReport } from '../demo/report.ts';
import { type Stage, setStage } from '../demo/stage.ts';
import { PLANNED_WORDKIT, WORDKIT } from '../demo/wordkit.ts';
import { EXIT, HarnessError } from '../errors.ts';
import type { Invocation } from '../invocation.ts';
import { createProgressView, renderReport } from '../render/demo.ts';
import { exportLine } from './trial/exports.ts';
import { type OwnProjectOptions, readOwnProject } from './trial/own-project.ts';

export interface DemoOptions extends OwnProjectOptions {
  /** `issue-only`, where the issues are filed, or `planned`, where agents begin with a specification. */
  readonly mode: string;
  /** Minutes after which the fleet is stopped and the result shown as it is. */
  readonly limit: string;
  readonly pool: string;
  readonly cap: string;
  readonly keep?: boolean | undefined;
  readonly json?: boolean | undefined;
}

/**
 * Shows the whole job on the embedded GitHub, on the demo's own project or on a copy of the person's. Exit 0 only
 * when every issue was closed by a merged pull request, or by its review where it is a PRD, when the plan is finished
 * where there is one, and when the tests pass on the default branch; Ctrl-C stops the fleet and cleans up.
 */
export async function demoCommand(options: DemoOptions, io: Invocation): Promise<number> {
  const say = options.json ? io.err : io.out;
  const own = await readOwnProject(options, io);
  const bundled = bundledProject(options);
  const limitMs = count('--limit', options.limit, 10_080) * 60_000;
  say(introduction(options, own ?? bundled));
  const stage = await setStage({
    program: enginePath('bin/harness'),
    project: own ?? bundled,
    isOwnAgent: options.agent !== undefined,
    agentCommand: options.agent ?? `${quoted(process.execPath)} ${quoted(enginePath('dist/demo-agent.js'))}`,
    pool: count('--pool', options.pool, 64),
    cap: count('--cap', options.cap, 64),
    env: io.env,
  });
  try {
    const report = await perform(stage, io, { say, limitMs });
    if (report === null) return EXIT.interrupted;
    io.out(
      options.json
        ? `${JSON.stringify(report, null, 2)}\n`
        : `\n${renderReport(report, { width: io.columns })}`,
    );
    return report.ok ? EXIT.ok : EXIT.failed;
  } finally {
    if (options.keep) await keep(stage, io, say);
    await stage.harness('stop', '--now').catch(() => undefined);
    await (options.keep ? stage.forge.close() : stage.close());
  }
}

/** Runs the fleet until everything is done; null when a person interrupted it. */
async function perform(
  stage: Stage,
  io: Invocation,
  { say, limitMs }: { say: (text: string) => void; limitMs: number },
): Promise<DemoReport | null> {
  const startedAt = performance.now();
  const elapsed = () => (performance.now() - startedAt) / 1000;
  const { useColor: color, columns: width, isTerminal } = io;
  const view = createProgressView({ out: say, isTerminal, color, width, elapsed });
  await stage.harness('start');
  const isOver = async () => stage.project.spec === null || stage.board.hasFile(PLAN_MARKER);
  const end = await watchIssues(stage.board, { show: view.show, isOver, signal: io.signal, limitMs });
  if (end === 'interrupted') return null;
  const seconds = elapsed();
  // The last receipt is written right after the last issue was closed: an orderly stop waits for it.
  await stage.harness('stop');
  return readReport(stage, seconds);
}

/** Says where everything is, and lets the forge go on until a person interrupts it. */
async function keep(stage: Stage, { signal, env }: Invocation, say: (text: string) => void): Promise<void> {
  const result = join(stage.root, 'forge', 'git', `${stage.repo}.git`);
  if (signal.aborted) {
    say(`\nEverything is in ${stage.root}. What was merged: git clone ${result}\n`);
    return;
  }
  const own = Object.entries(stage.env).filter(([name, value]) => env[name] !== value);
  say(
    [
      `Everything is in ${stage.root}. The forge goes on at ${stage.forge.url} until Ctrl-C. In another terminal:`,
      `  cd ${stage.projectDir}`,
      `  ${exportLine(Object.fromEntries(own))}`,
      '  harness start && harness status && harness attach main',
      '',
    ].join('\n'),
  );
  await new Promise(done => signal.addEventListener('abort', done, { once: true }));
}

/** The demo's own project. Throws `usage-invalid` for a mode that it can't show. */
function bundledProject({ mode, repo }: DemoOptions): DemoProject {
  if (mode === 'issue-only') return WORDKIT;
  if (mode !== 'planned') {
    throw new HarnessError(
      'usage-invalid',
      `--mode: expected issue-only or planned, got ${JSON.stringify(mode)}.`,
    );
  }
  if (repo === undefined) return PLANNED_WORDKIT;
  throw new HarnessError(
    'usage-invalid',
    "--mode planned: only the demo's own project has a specification.",
    {
      fix: 'Leave out --repo.',
    },
  );
}

function introduction({ agent, keep }: DemoOptions, { source, spec }: DemoProject): string {
  const who = agent
    ? `Agents run \`${agent}\`.`
    : 'The agents are scripted: they follow fixed recipes, no model is involved.';
  const lines = [
    `The demo runs on a GitHub of its own on this machine: real git, real tmux, real HTTP. ${who}`,
    ...(source.kind === 'copy'
      ? [`It works on a copy of ${source.from} (branch ${source.defaultBranch}), which stays as it is.`]
      : []),
    ...(source.kind === 'copy' && !keep
      ? ['The copy is deleted in the end, with all that was done; --keep keeps it.']
      : []),
    ...(spec === null
      ? []
      : [`Nobody files an issue: there is one page, ${spec}, and agents plan, file, build and review.`]),
  ];
  return `${lines.join('\n')}\n\n`;
}

function count(flag: string, text: string, most: number): number {
  const number = Number(text);
  if (Number.isInteger(number) && number >= 1 && number <= most) return number;
  throw new HarnessError(
    'usage-invalid',
    `${flag}: expected a whole number from 1 to ${most}, got ${JSON.stringify(text)}.`,
  );
}

const quoted = (word: string) => `"${word.replaceAll(/["\\$`]/g, '\\$&')}"`;
