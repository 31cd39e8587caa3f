import { copyFileSync, mkdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { SessionLaunch, SessionPlan } from '../../ports.ts';
import { type AgentLaunch, countsFile, type HookCommands, UNKNOWN_USAGE } from '../agents/agent.ts';
import type { HookFacts } from '../agents/answer-hook.ts';
import { quoteWord } from '../agents/command-line.ts';
import { trayFile } from '../agents/tray.ts';
import { childEnv, secretsIn } from '../child-env.ts';
import type { Enclosure } from '../enclosure.ts';
import { findProgram } from '../programs.ts';
import { programPlaces } from '../sandbox/program-places.ts';
import { agentEnv, oneLine } from './agent-env.ts';
import type { LaunchFile } from './launch-file.ts';
import type { LaunchOptions } from './options.ts';
import { type SessionPaths, type SessionRecord, sessionLog, sessionPaths } from './session-files.ts';

/** Everything that the host of a session has to know to start its agent. */
export async function prepareLaunch(
  options: LaunchOptions,
  record: SessionRecord,
  { prompt, title, resume = null }: SessionLaunch,
): Promise<LaunchFile> {
  const { runDir, env, repairTurns } = options;
  const enclosure = await options.enclosure();
  const { plan } = record;
  const paths = sessionPaths(runDir, plan.name);
  const { agentDir: dir, outcomeDir, outcome } = paths;
  const hookFile = join(dir, 'hook.json');
  const agent = options.agentFor(plan.kind, plan.size ?? null);
  const resumed = resume?.agent === agent.name ? resume : null;
  const launch = agent.launch({
    plan,
    prompt: paths.prompt,
    text: prompt,
    dir,
    hook: hookCommands(options.hook, { dir, hookFile }),
    resume: resumed,
    isSandboxed: enclosure?.isSandbox ?? false,
  });
  const transcriptStart = copyTranscript(launch.transcript);
  const { mayAsk } = launch;
  const facts: HookFacts = { plan, dir, prompt: paths.prompt, outcomeDir, outcome, repairTurns, mayAsk };
  const pass = [...options.pass, ...launch.credentials];
  const own = enclosure?.variables(plan.worktree, pass);
  const extras = { ...own, ...agentEnv({ plan, title, paths, identity: options.identity }), ...launch.env };
  const childEnvironment = childEnv(env, { pass, extras });
  const subject = plan.issue === null ? plan.repo : `${plan.repo}#${plan.issue}`;
  return {
    runDir,
    record,
    headline: `${plan.kind} ${subject}, attempt ${plan.attempt}: ${oneLine(title)}`,
    agent: agent.name,
    argv: enclosed(enclosure, options, { launch, paths, plan }),
    env: childEnvironment,
    cwd: plan.worktree,
    stdin: launch.stdin,
    ownsTerminal: launch.ownsTerminal,
    files: agent.name === 'command' ? {} : { ...launch.files, [hookFile]: JSON.stringify(facts) },
    usedBefore: resumed?.usage ?? UNKNOWN_USAGE,
    transcriptStart,
    transcriptDirs: [dir, ...launch.transcriptDirs],
    counts: launch.counts,
    log: sessionLog(runDir, plan),
    logCap: options.logCap,
    secrets: secretsIn(env, pass),
    limitMs: Number.isFinite(options.limitMs) ? options.limitMs : null,
    stallMs: options.stallMs,
    beginMs: options.beginMs,
    graceMs: options.graceMs,
  };
}

function hookCommands(hook: string, { dir, hookFile }: { dir: string; hookFile: string }): HookCommands {
  const always = [process.execPath, hook, hookFile].map(quoteWord).join(' ');
  const counts = quoteWord(countsFile(dir));
  return {
    always,
    whenPrompted: `test ! -e ${quoteWord(trayFile(dir))} || exec ${always}`,
    // Whole or not at all, also when the program ends an older call for a newer one.
    onCount: `umask 077; cat > ${counts}.$$ && mv ${counts}.$$ ${counts}`,
  };
}

/** Returns how many bytes it has. */
function copyTranscript(transcript: AgentLaunch['transcript']): number {
  if (transcript === null) return 0;
  mkdirSync(dirname(transcript.to), { recursive: true, mode: 0o700 });
  copyFileSync(transcript.from, transcript.to);
  return statSync(transcript.to).size;
}

function enclosed(
  enclosure: Enclosure | null,
  { hook, env }: LaunchOptions,
  session: { readonly launch: AgentLaunch; readonly paths: SessionPaths; readonly plan: SessionPlan },
): readonly [string, ...string[]] {
  const { launch, paths, plan } = session;
  if (enclosure === null) return launch.argv;
  const program = findProgram(launch.argv[0], env);
  return enclosure.wrap({
    argv: launch.argv,
    cwd: plan.worktree,
    mayChangeCwd: plan.review === undefined,
    readable: [
      ...[paths.prompt, dirname(hook), ...programPlaces(process.execPath), ...launch.readable],
      ...(program === null ? [] : programPlaces(program)),
    ],
    writable: [paths.outcomeDir, paths.agentDir, ...launch.writable],
    ownsTerminal: launch.ownsTerminal,
  });
}
