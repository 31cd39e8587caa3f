import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Agent } from '../adapters/agents/agent.ts';
import { CLAUDE_CREDENTIALS } from '../adapters/agents/claude.ts';
import { CODEX_CREDENTIALS } from '../adapters/agents/codex.ts';
import { createAgent } from '../adapters/agents/create-agent.ts';
import { type AgentProbe, probeAgent } from '../adapters/agents/probe.ts';
import { type AgentProfile, profileFor } from '../adapters/agents/profile.ts';
import { type SelfTestOptions, testAgent } from '../adapters/agents/self-test.ts';
import { CERTIFICATES, parseNames, TOKEN_NAMES } from '../adapters/child-env.ts';
import { privateCaches } from '../adapters/enclosure/private-caches.ts';
import type { Enclosure } from '../adapters/enclosure.ts';
import { knownProjects } from '../adapters/registry/projects.ts';
import { findSandbox, parsePlaces, type SandboxState } from '../adapters/sandbox/find-sandbox.ts';
import { programPlaces } from '../adapters/sandbox/program-places.ts';
import type { FleetPaths, ProjectPaths } from '../config.ts';
import type { WorkSize } from '../core/agent-choice.ts';
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

/** The agent of each stage, for work of each size. */
export function agentFor(
  settings: Settings,
  env: Environment,
): (kind: StageKind, size: WorkSize | null) => Agent {
  return (kind, size) => createAgent(profileFor(settings, kind, size), env);
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
        scratchDir: scratchDirOf(paths),
        hidden: () => [
          ...[paths.harnessHome, dirname(paths.runDir)],
          ...knownProjects(join(paths.harnessHome, 'fleets')).map(project => join(project, '.harness')),
          ...(env.TMUX_TMPDIR === undefined ? [] : [env.TMUX_TMPDIR]),
        ],
        // A private clone borrows the objects of the fleet's own clone.
        needed: [paths.clonesDir, ...programPlaces(process.execPath)],
        readable: [...own.readable, ...CERTIFICATES.flatMap(name => env[name] ?? [])],
        writable: own.writable,
      },
      env,
    );
    return state;
  };
}

/** What agents and commands run in: the sandbox, else what HARNESS_CACHES says. Throws as `sandboxFor`. */
export function enclosureFor(places: AgentPlaces, env: Environment): () => Promise<Enclosure | null> {
  const findState = sandboxFor(places, env);
  const isShared = places.settings.HARNESS_CACHES === 'shared';
  const caches = isShared ? null : privateCaches({ scratchDir: scratchDirOf(places.paths) });
  return async () => {
    const state = await findState();
    return state.kind === 'on' ? state.sandbox : caches;
  };
}

const scratchDirOf = ({ fleetDir }: FleetPaths) => join(fleetDir, 'scratch');

/** Looks at the agent programs of the stages, each one once, and spends no tokens. */
export async function probeAgents(
  places: AgentPlaces,
  env: Environment,
  stages: readonly StageKind[] = ['IMPL'],
): Promise<readonly AgentProbe[]> {
  const sandbox = await sandboxFor(places, env)().catch(() => null);
  return await Promise.all(
    differentProfiles(stages.map(stage => profileFor(places.settings, stage))).map(profile =>
      probeAgent(profile, { env, isSandboxed: sandbox?.kind === 'on' }),
    ),
  );
}

/** An agent that was looked at and started once. */
export interface ExaminedAgent extends AgentProbe {
  /** Why it does not work when it is started; null when it does, or was not started. */
  readonly trial: string | null;
}

/** Paths of the engine's own programs that a session is made of. */
export type SessionPrograms = Pick<SelfTestOptions, 'sessionHost' | 'hook'>;

/**
 * Looks at every agent that any stage or size of work may get, and starts those that have an adapter, in their mode,
 * for a turn with a stand-in for their model. Throws `config-invalid`, and `tool-missing` for a sandbox that can't be had.
 */
export async function examineAgents(
  { settings, paths }: AgentPlaces,
  { env, programs }: { readonly env: Environment; readonly programs: SessionPrograms },
): Promise<{ readonly sandbox: SandboxState; readonly agents: readonly ExaminedAgent[] }> {
  const profiles = differentProfiles([
    ...STAGES.map(stage => profileFor(settings, stage)),
    ...SIZES.map(size => profileFor(settings, 'IMPL', size)),
  ]);
  // Whoever only looks leaves nothing in the fleet's own directory.
  const fleetDir = mkdtempSync(join(tmpdir(), 'harness-look-'));
  try {
    const sandbox = await sandboxFor({ settings, paths: { ...paths, fleetDir } }, env)();
    const options = {
      ...{ env, ...programs, pass: parseNames(settings.HARNESS_PASS_ENV) },
      sandbox: sandbox.kind === 'on' ? sandbox.sandbox : null,
    };
    const agents: ExaminedAgent[] = [];
    // One after the other: they are large programs.
    for (const profile of profiles) {
      const probe = await probeAgent(profile, { env, isSandboxed: sandbox.kind === 'on' });
      const isTried = probe.path !== null && probe.agent !== 'command';
      agents.push({ ...probe, trial: isTried ? await testAgent(profile, options) : null });
    }
    return { sandbox, agents };
  } finally {
    rmSync(fleetDir, { recursive: true, force: true, maxRetries: 3 });
  }
}

const STAGES = ['IMPL', 'PLAN', 'PRD', 'DECOMPOSE', 'REVIEW', 'JUDGE', 'REPLAN', 'TRIAGE', 'FIX'] as const;

const SIZES = ['small', 'medium', 'large'] as const;

const differentProfiles = (profiles: readonly AgentProfile[]): readonly AgentProfile[] => [
  ...new Map(profiles.map(profile => [JSON.stringify(profile), profile])).values(),
];

/** Names of the variables that a worker needs for its agents: what they log in with, and HARNESS_PASS_ENV. */
export function agentVariables(settings: Settings): readonly string[] {
  const passed = parseNames(settings.HARNESS_PASS_ENV).filter(name => !TOKEN_NAMES.includes(name));
  return [...CLAUDE_CREDENTIALS, ...CODEX_CREDENTIALS, 'CLAUDE_CONFIG_DIR', 'CODEX_HOME', ...passed];
}
