import { join } from 'node:path';
import { systemClock } from '../adapters/clock.ts';
import { readApprovers } from '../adapters/github/approvers.ts';
import type { Client } from '../adapters/github/client.ts';
import { type Connection, connect } from '../adapters/github/connection.ts';
import { type Diagnosis, diagnose } from '../adapters/github/diagnosis.ts';
import { addLabel, createRepository, missingLabels } from '../adapters/github/furnish.ts';
import { readLogin } from '../adapters/github/login.ts';
import { readMergeRules } from '../adapters/github/merge-rules.ts';
import { fetchFor } from '../adapters/github/proxy.ts';
import {
  checkRepository,
  type RepositoryFacts,
  readRepositoryFacts,
  whyUnfit,
} from '../adapters/github/repository-facts.ts';
import { findToken, kindOfToken } from '../adapters/github/token.ts';
import { hostSnapshots, sweepsOf } from '../adapters/registry/host-snapshots.ts';
import { findHarnessHome } from '../config.ts';
import { createEngine, type Project, SILENT } from '../context.ts';
import { type NoApprover, noApprover } from '../core/approvals.ts';
import type { Label } from '../core/labels.ts';
import { type MergeObstacle, mergeObstacles } from '../core/merge-rules.ts';
import { SETTINGS } from '../core/settings.ts';
import { messageOf } from '../errors.ts';
import type { Invocation } from '../invocation.ts';
import type { Snapshot } from '../ports.ts';

/** Reads the project's repositories now, for all who share their snapshots. */
export async function refreshSnapshots(project: Project, io: Invocation): Promise<readonly Snapshot[]> {
  const { clonesDir } = project.paths;
  const { board } = await createEngine(project, io, { worker: 0, log: SILENT, clonesDir, readOnly: false });
  const repos = project.units().map(({ repo }) => repo);
  return Promise.all(repos.map(repo => board.snapshot(repo, { maxAgeMs: 0 })));
}

/** The snapshots of all fleets of this user on this host, and what keeping many of them fresh at once has cost. */
export function pollFacts(io: Invocation) {
  const [home, now] = [findHarnessHome(io.env), Date.now()];
  return { repositories: hostSnapshots(home, now), sweeps: sweepsOf(home, now) };
}

/** What GitHub tells about the token and the project's repository, and where the token is from. */
export interface GitHubFindings extends Diagnosis {
  readonly apiUrl: string;
  /** What kind of token it is, for people. */
  readonly kind: string;
  /** The variable that has the token, or `gh`. */
  readonly source: string;
  /** null outside of a project. */
  readonly repo: string | null;
  /** Why a fleet could not work on the repository, one line each. */
  readonly unfit: readonly string[];
  /** Why nobody could approve what the fleet makes; null when somebody could, or nobody has to. */
  readonly noApprover: NoApprover | null;
  /** Why what the fleet makes could not be merged. */
  readonly obstacles: readonly MergeObstacle[];
}

/** Asks GitHub, writing nothing. Throws what makes the token useless. */
export async function diagnoseGitHub(project: Project | null, io: Invocation): Promise<GitHubFindings> {
  const apiUrl = project?.settings.HARNESS_API_URL ?? apiUrlOf(io);
  const [unit] = project === null ? [] : project.units();
  const repo = unit?.repo ?? null;
  const { token, source } = await findToken({ env: io.env, apiUrl });
  const { client } = lookAt(apiUrl, io);
  const found = await diagnose(client, repo, systemClock);
  const unfit = repo === null ? [] : whyUnfit(repo, found.repository);
  const review = project?.settings.HARNESS_REVIEW ?? 'off';
  const asked = { repository: found.repository, login: found.login, review };
  const unapproved = await whyUnapproved(client, { ...asked, base: project?.settings.HARNESS_BASE ?? '' });
  const obstacles = await whyUnmerged(client, found.repository, project);
  const kind = kindOfToken(token);
  return { ...found, apiUrl, repo, unfit, noApprover: unapproved, obstacles, source, kind };
}

async function whyUnmerged(
  client: Client,
  repository: RepositoryFacts | null,
  project: Project | null,
): Promise<readonly MergeObstacle[]> {
  if (repository === null || project === null) return [];
  const { HARNESS_BASE: base, HARNESS_MERGE: method } = project.settings;
  const branch = base || repository.default_branch;
  return mergeObstacles(await readMergeRules(client, { repo: repository.full_name, branch }), method);
}

async function whyUnapproved(
  client: Client,
  {
    repository,
    login,
    review,
    base,
  }: {
    readonly repository: RepositoryFacts | null;
    readonly login: string;
    readonly review: string;
    /** The branch that work lands on; empty: the default branch. */
    readonly base: string;
  },
): Promise<NoApprover | null> {
  if (repository === null) return null;
  const { full_name: repo, default_branch: usual } = repository;
  const approvers = await readApprovers(client, { repo, branch: base || usual, login });
  return noApprover({ ...approvers, login, review });
}

const apiUrlOf = ({ env }: Invocation): string => env.HARNESS_API_URL || SETTINGS.HARNESS_API_URL.default;

/** What `init` asks about a repository; it waits for GitHub for seconds only. */
export const repositoryChecker =
  (io: Invocation) =>
  async ({ repo, apiUrl, review, base }: RepositoryQuestion): Promise<RepositoryAnswer> => {
    const { client, account } = lookAt(apiUrl, io, INIT_LIMIT_MS);
    const { refusals, remarks } = await checkRepository(client, repo);
    if (refusals.length + remarks.length > 0) return { refusals, remarks };
    try {
      const login = await readLogin(client, (await account()).login, systemClock.now());
      const repository = await readRepositoryFacts(client, repo);
      const found = await whyUnapproved(client, { repository, login, review, base });
      return { refusals, remarks: found === null ? [] : [`${found.says}. ${found.fix}`] };
    } catch (error) {
      return { refusals, remarks: [`Who could approve is not known: ${messageOf(error)}`] };
    }
  };

interface RepositoryQuestion {
  readonly repo: string;
  readonly apiUrl: string;
  /** HARNESS_REVIEW. */
  readonly review: string;
  /** HARNESS_BASE; empty for the default branch. */
  readonly base: string;
}

interface RepositoryAnswer {
  readonly refusals: readonly string[];
  readonly remarks: readonly string[];
}

const INIT_LIMIT_MS = 8_000;

/** What `setup` asks of GitHub, and changes there. */
export interface RepositoryTools {
  create(wanted: { repo: string; description: string; isPublic: boolean }): Promise<void>;
  /** Why a fleet could not work on a repository, one line each; null when there is none to be seen. */
  whyUnfit(repo: string): Promise<readonly string[] | null>;
  missingLabels(repo: string, labels: readonly Label[]): Promise<readonly Label[]>;
  addLabel(repo: string, label: Label): Promise<void>;
}

export function repositoryTools({ settings }: Project, io: Invocation): RepositoryTools {
  const { client, account, pace } = openConnection(settings.HARNESS_API_URL, io, { readOnly: false });
  const login = async () => readLogin(client, (await account()).login, systemClock.now());
  return {
    create: async wanted => createRepository(client, { ...wanted, login: await login(), pace }),
    async whyUnfit(repo) {
      const facts = await readRepositoryFacts(client, repo);
      return facts && whyUnfit(repo, facts);
    },
    missingLabels: (repo, labels) => missingLabels(client, repo, labels),
    addLabel: (repo, label) => addLabel(client, repo, label),
  };
}

const lookAt = (apiUrl: string, io: Invocation, limitMs?: number): Connection =>
  openConnection(apiUrl, io, { readOnly: true, ...(limitMs === undefined ? {} : { limitMs }) });

function openConnection(
  apiUrl: string,
  io: Invocation,
  options: { readonly readOnly: boolean; readonly limitMs?: number },
): Connection {
  const home = findHarnessHome(io.env);
  return connect({
    ...options,
    apiUrl,
    token: async () => (await findToken({ env: io.env, apiUrl })).token,
    snapshotsDir: join(home, 'snapshots'),
    gatesDir: join(home, 'gates'),
    clock: systemClock,
    log: SILENT,
    fetch: fetchFor(apiUrl, io.env),
  });
}
