import { dirname } from 'node:path';
import type { Agent } from '../adapters/agents/agent.ts';
import { CLAUDE_CREDENTIALS } from '../adapters/agents/claude.ts';
import { CODEX_CREDENTIALS } from '../adapters/agents/codex.ts';
import { splitCommand } from '../adapters/agents/command.ts';
import { createAgent } from '../adapters/agents/create-agent.ts';
import { type AgentProbe, probeAgent } from '../adapters/agents/probe.ts';
import { type AgentProfile, profileFor } from '../adapters/agents/profile.ts';
import { parseNames, TOKEN_NAMES } from '../adapters/child-env.ts';
import { findSandbox, parsePlaces, type SandboxState } from '../adapters/sandbox/find-sandbox.ts';
import { programPlaces } from '../adapters/sandbox/program-places.ts';
import type { FleetPaths, ProjectPaths } from '../config.ts';
import type { Settings } from '../core/settings.ts';
import type { StageKind } from '../core/world.ts';

export type { AgentProbe } from '../adapters/agents/probe.ts';
export type { SandboxState } from '../adapters/sandbox/find-sandbox.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** What decides about the agents of a project. */
export interface AgentPlaces {
  readonly settings: Settings;
  readonly paths: ProjectPaths & FleetPaths;
}

/** The agent of each stage. */
export function agentFor(settings: Settings, env: Environment): (kind: StageKind) => Agent {
  return kind => createAgent(profileFor(settings, kind), env);
}

/** The program that HARNESS_AGENT names, by name or path. Throws `config-invalid` when it names none. */
export function agentProgram(settings: Settings): string {
  const { agent, program } = profileFor(settings, 'IMPL');
  return agent === 'command' ? splitCommand(program)[0] : program;
}

/**
 * Finds out about the sandbox once, when it is needed first. Throws `tool-missing` when HARNESS_SANDBOX asks for
 * one that can't be had.
 */
export function sandboxFor({ settings, paths }: AgentPlaces, env: Environment): () => Promise<SandboxState> {
  const home = env.HOME ?? '/nonexistent';
  const own = parsePlaces(settings.HARNESS_SANDBOX_PATHS, home);
  let state: Promise<SandboxState> | null = null;
  return () => {
    state ??= findSandbox(
      settings.HARNESS_SANDBOX,
      {
        home,
        path: env.PATH ?? '',
        scratchDir: `${paths.fleetDir}/sandboxes`,
        hidden: [
          ...[paths.harnessHome, dirname(paths.runDir)],
          ...(env.TMUX_TMPDIR === undefined ? [] : [env.TMUX_TMPDIR]),
        ],
        // A private clone borrows the objects of the fleet's own clone.
        needed: [paths.clonesDir, ...programPlaces(process.execPath)],
        ...own,
      },
      env,
    );
    return state;
  };
}

/** Looks at the agent programs of the stages, each one once, and spends no tokens. */
export async function probeAgents(
  places: AgentPlaces,
  env: Environment,
  stages: readonly StageKind[] = ['IMPL'],
): Promise<readonly AgentProbe[]> {
  const sandbox = await sandboxFor(places, env)().catch(() => null);
  const profiles = stages.map(stage => profileFor(places.settings, stage));
  const different = new Map(profiles.map(profile => [JSON.stringify(profile), profile]));
  return await Promise.all(
    [...different.values()].map((profile: AgentProfile) =>
      probeAgent(profile, { env, isSandboxed: sandbox?.kind === 'on' }),
    ),
  );
}

/** Names of the variables that a worker needs for its agents: what they log in with, and HARNESS_PASS_ENV. */
export function agentVariables(settings: Settings): readonly string[] {
  const passed = parseNames(settings.HARNESS_PASS_ENV).filter(name => !TOKEN_NAMES.includes(name));
  return [...CLAUDE_CREDENTIALS, ...CODEX_CREDENTIALS, 'CLAUDE_CONFIG_DIR', 'CODEX_HOME', ...passed];
}
