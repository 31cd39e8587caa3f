import { join } from 'node:path';
import type { Environment } from '../child-env.ts';
import type { Agent, AgentContext, AgentLaunch } from './agent.ts';
import { configText, KEY_PROVIDER } from './codex/config-file.ts';
import { hookArguments } from './codex/hook-arguments.ts';
import { firstPrompt } from './first-prompt.ts';
import type { AgentProfile } from './profile.ts';

/** Variables that log Codex in. `codex exec` looks at the first only (0.169.0). */
export const CODEX_CREDENTIALS = ['CODEX_API_KEY', 'OPENAI_API_KEY'] as const;

/** Codex. `env` is this process's environment, in which its key may be. */
export function codexAgent(profile: AgentProfile, env: Environment): Agent {
  return { name: 'codex', launch: context => launchCodex(profile, env, context) };
}

function launchCodex(profile: AgentProfile, env: Environment, context: AgentContext): AgentLaunch {
  const { dir, resume, plan } = context;
  const isInteractive = profile.mode === 'interactive';
  const isPrivate = profile.config === 'private';
  const configDir = join(dir, 'config');
  const key = env.CODEX_API_KEY ?? env.OPENAI_API_KEY;
  const isResumed = isPrivate && resume !== null;
  return {
    argv: [
      profile.program,
      ...(isInteractive ? [] : ['exec', '--json']),
      '--dangerously-bypass-approvals-and-sandbox',
      // The hooks are ours; trust for each one would have to be stored in its configuration.
      '--dangerously-bypass-hook-trust',
      ...hookArguments(context.hook),
      ...(isInteractive ? KEY_PROVIDER : []),
      ...(profile.model === '' ? [] : ['--model', profile.model]),
      ...(profile.effort === '' ? [] : ['-c', `model_reasoning_effort="${profile.effort}"`]),
      ...profile.args,
      // In a terminal it would ask whether to go on in the directory of the earlier session (0.169.0).
      ...(isResumed && isInteractive ? ['--cd', plan.worktree] : []),
      ...(isResumed ? ['resume', resume.id] : []),
      ...(isInteractive ? ['--', firstPrompt(context)] : ['-']),
    ],
    env: {
      ...(isPrivate ? { CODEX_HOME: configDir } : {}),
      ...(key === undefined ? {} : { CODEX_API_KEY: key }),
    },
    credentials: isPrivate ? CODEX_CREDENTIALS : [...CODEX_CREDENTIALS, 'CODEX_HOME'],
    stdin: isInteractive ? null : context.prompt,
    mayAsk: false,
    ownsTerminal: isInteractive,
    // It does not make its directory.
    files: isPrivate ? { [join(configDir, 'config.toml')]: configText(plan.worktree, profile.mode) } : {},
    transcript: isResumed
      ? { from: resume.transcript, to: join(configDir, 'sessions', rolloutName(resume.id)) }
      : null,
    transcriptDirs: isPrivate ? [] : [join(userConfig(env), 'sessions')],
    counts: [],
    readable: [],
    writable: isPrivate ? [] : [userConfig(env)],
  };
}

const userConfig = (env: Environment) => env.CODEX_HOME ?? join(env.HOME ?? '', '.codex');

/** It finds a conversation by the end of the name, in directories by day. */
const rolloutName = (conversation: string) =>
  join('2026', '01', '01', `rollout-2026-01-01T00-00-00-${conversation}.jsonl`);
