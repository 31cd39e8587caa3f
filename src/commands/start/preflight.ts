import { policyRepo, refreshPolicy, withoutUnits } from '../../context/policy.ts';
import { findProgram, openEngine, type Project, probeAgents, promptsOf, sandboxFor } from '../../context.ts';
import { HarnessError } from '../../errors.ts';
import type { Invocation } from '../../invocation.ts';
import { checkPrompts } from '../../loop/prompt.ts';
import type { Snapshot } from '../../ports.ts';

export interface Preflight {
  /** The project under the policy that is committed now. */
  readonly project: Project;
  readonly repos: readonly string[];
  readonly login: string;
  /** Where the policy came from, for people. */
  readonly policy: string;
  /** What agents and commands run in, for people. */
  readonly sandbox: string;
  /** For people, one line each. */
  readonly warnings: readonly string[];
}

/** Everything that would make the fleet useless is found before it starts: programs, login, repository, settings. */
export async function preflight(found: Project, io: Invocation): Promise<Preflight> {
  for (const name of ['git', 'tmux']) requireProgram(name, io);
  const home = policyRepo(found);
  if (home !== null) await reach(withoutUnits(found), io, [home]);
  const { project, where } = await refreshPolicy(found, io);
  const { settings } = project;
  const repos = project.units().map(({ repo }) => repo);
  const login = await reach(project, io, repos);
  checkPrompts(promptsOf(project), settings);
  const sandbox = await sandboxFor(project, io.env)();
  const warnings = [
    ...(await checkAgents(project, io)),
    ...(settings.HARNESS_VERIFY
      ? []
      : ['HARNESS_VERIFY is not set: nothing proves a change before it is merged.']),
    ...(settings.HARNESS_MODE === 'planned' && settings.HARNESS_SPEC === ''
      ? ['HARNESS_SPEC is not set: nothing is planned.']
      : []),
  ];
  const held = sandbox.kind === 'on' ? `bubblewrap ${sandbox.version}` : `none, ${sandbox.why}`;
  return { project, repos, login, policy: where, sandbox: held, warnings };
}

/** Returns what works less well than it could. Throws when an agent can't work at all. */
async function checkAgents(project: Project, io: Invocation): Promise<readonly string[]> {
  const probes = await probeAgents(project, io.env);
  for (const { path, problems } of probes) {
    const [problem] = problems;
    if (problem !== undefined) {
      throw new HarnessError(path === null ? 'tool-missing' : 'agent-unusable', problem);
    }
  }
  return probes.flatMap(({ agent, remarks }) => (agent === 'command' ? [] : remarks));
}

/** Returns the login. Throws when a repository can't be worked on with it. What is read is there for the workers, too. */
async function reach(project: Project, io: Invocation, repos: readonly string[]): Promise<string> {
  const { board } = await openEngine(project, io);
  const [login, ...snapshots] = await Promise.all([
    board.login(),
    ...repos.map(repo => board.snapshot(repo, { maxAgeMs: REACHED_MS })),
  ]);
  for (const snapshot of snapshots) refuseUnread(snapshot, login);
  return login;
}

function refuseUnread({ repo, read, problem }: Snapshot, login: string): void {
  if (read === 'missing') {
    throw new HarnessError('github-refused', `${repo} does not exist, or ${login} may not see it.`);
  }
  if (read === 'failed') {
    throw new HarnessError('github-unreachable', `${repo} could not be read: ${problem ?? 'no answer'}`);
  }
}

const REACHED_MS = 60_000;

function requireProgram(name: string, { env }: Invocation): void {
  if (findProgram(name, env) !== null) return;
  throw new HarnessError('tool-missing', `${name} is not installed, or not in PATH.`);
}
