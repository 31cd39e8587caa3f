import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { Environment } from '../child-env.ts';
import { type Agent, type AgentContext, type AgentLaunch, countsFile } from './agent.ts';
import { configFiles, stateFile, transcriptPath } from './claude/config-dir.ts';
import { hookSettings } from './claude/hook-settings.ts';
import { firstPrompt, isCommand } from './first-prompt.ts';
import type { AgentProfile } from './profile.ts';

/** Variables that log Claude Code in, or say where its API is. */
export const CLAUDE_CREDENTIALS = [
  'ANTHROPIC_API_KEY',
  'ANTHROPIC_AUTH_TOKEN',
  'CLAUDE_CODE_OAUTH_TOKEN',
  'ANTHROPIC_BASE_URL',
] as const;

/** Claude Code. `env` is this process's environment, in which its key may be. */
export function claudeAgent(profile: AgentProfile, env: Environment): Agent {
  return { name: 'claude', launch: context => launchClaude(profile, env, context) };
}

function launchClaude(profile: AgentProfile, env: Environment, context: AgentContext): AgentLaunch {
  const { plan, dir, resume } = context;
  const isInteractive = profile.mode === 'interactive';
  const isPrivate = profile.config === 'private';
  const settings = join(dir, 'settings.json');
  const configDir = join(dir, 'config');
  const hidesCommand = isCommand(context.text);
  const task = join(dir, 'task.md');
  const isResumed = isPrivate && resume !== null;
  const argv = [
    profile.program,
    ...(isInteractive ? [] : ['-p', '--output-format', 'stream-json', '--verbose']),
    ...permissions(profile.args),
    ...['--settings', settings],
    ...(profile.model === '' ? [] : ['--model', profile.model]),
    ...(profile.effort === '' ? [] : ['--effort', profile.effort]),
    ...(isResumed ? ['--resume', resume.id] : ['--session-id', randomUUID()]),
    ...(profile.mayAsk ? [] : ['--disallowedTools', 'AskUserQuestion', 'ExitPlanMode', 'EnterPlanMode']),
    ...profile.args,
    // Behind `--`, since options of several words would swallow the prompt.
    ...(isInteractive ? ['--', firstPrompt(context)] : []),
  ] as const;
  return {
    argv: argv as AgentLaunch['argv'],
    env: {
      // A version that changes under a running fleet is nobody's choice.
      DISABLE_AUTOUPDATER: '1',
      CLAUDE_CODE_DISABLE_OFFICIAL_MARKETPLACE_AUTOINSTALL: '1',
      ...(isPrivate ? { CLAUDE_CONFIG_DIR: configDir } : {}),
      ...(context.isSandboxed ? { IS_SANDBOX: '1' } : {}),
    },
    credentials: isPrivate ? CLAUDE_CREDENTIALS : [...CLAUDE_CREDENTIALS, 'CLAUDE_CONFIG_DIR'],
    stdin: isInteractive ? null : hidesCommand ? task : context.prompt,
    mayAsk: profile.mayAsk,
    ownsTerminal: isInteractive,
    files: {
      ...(hidesCommand ? { [task]: `Your task:\n\n${context.text}` } : {}),
      [settings]: JSON.stringify(hookSettings(context.hook, profile.mode)),
      ...(isPrivate ? configFiles(configDir, { worktree: plan.worktree, env }) : {}),
    },
    transcript: isResumed
      ? { from: resume.transcript, to: transcriptPath(configDir, plan.worktree, resume.id) }
      : null,
    transcriptDirs: isPrivate ? [] : [join(userConfig(env)[0], 'projects')],
    // Print mode tells it in its stream.
    counts: isInteractive ? [countsFile(dir), stateFile(configDir)] : [],
    readable: [],
    writable: isPrivate ? [] : userConfig(env),
  };
}

/** Somebody who asks for a permission mode gets it; otherwise nobody is there to be asked. */
function permissions(args: readonly string[]): readonly string[] {
  const isChosen = args.some(arg => /^--(permission-mode|dangerously-skip-permissions)\b/.test(arg));
  return isChosen ? [] : ['--dangerously-skip-permissions'];
}

/** The directory, and what is beside it. */
function userConfig(env: Environment): readonly [string, ...string[]] {
  const home = env.HOME ?? '';
  return env.CLAUDE_CONFIG_DIR === undefined
    ? [join(home, '.claude'), join(home, '.claude.json')]
    : [env.CLAUDE_CONFIG_DIR];
}
