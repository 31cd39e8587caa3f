import { openProject, type Project, withReader } from '../context.ts';
import { decideLanes } from '../core/decide.ts';
import type { Settings } from '../core/settings.ts';
import { EXIT } from '../errors.ts';
import type { Invocation } from '../invocation.ts';
import { look, type Seen } from '../loop/observe.ts';
import { usageOf, usedIn } from '../loop/usage.ts';
import type { Session, Snapshot } from '../ports.ts';
import { renderStatus, type SessionFact, type StatusFacts } from '../render/status.ts';

/** Says what runs, what comes next, what waits and why. Reads only; the same decision as a worker's tick. */
export async function statusCommand(
  options: { dir?: string | undefined; json?: boolean | undefined },
  io: Invocation,
): Promise<number> {
  const project = await openProject(io, options.dir);
  const facts = await withReader(project, io, async engine =>
    factsOf(project, await look(engine), Date.now()),
  );
  io.out(
    options.json
      ? `${JSON.stringify(facts, null, 2)}\n`
      : renderStatus(facts, { width: io.columns, color: io.useColor }),
  );
  return EXIT.ok;
}

function factsOf(project: Project, seen: Seen, now: number): StatusFacts {
  const { world } = seen;
  return {
    project: project.paths.projectDir,
    fleet: project.fleet,
    mode: project.settings.HARNESS_MODE,
    paused: world.host.paused,
    workers: project.workers.list().map(({ name, pid, isAlive, version }) => ({
      name,
      pid,
      alive: isAlive,
      version,
    })),
    units: world.host.claims,
    repos: [...seen.snapshots.values()].map(snapshot => repoFact(snapshot, now)),
    sessions: [...seen.sessions, ...seen.reviewers].map(session =>
      sessionFact(session, seen, project.settings, now),
    ),
    agents: world.host.agents,
    used: { ...usedIn(seen), todayUsd: world.spentToday },
    decision: decideLanes(world),
    warnings: project.config.warnings,
  };
}

const repoFact = ({ repo, read, readAt, problem, issues }: Snapshot, now: number) => ({
  repo,
  read,
  ageMs: readAt === 0 ? null : now - readAt,
  problem,
  open: issues.filter(issue => issue.state === 'open').length,
  closed: issues.filter(issue => issue.state === 'closed').length,
});

function sessionFact(
  { plan, ...session }: Session,
  { snapshots }: Seen,
  settings: Settings,
  now: number,
): SessionFact {
  const issues = snapshots.get(plan.repo.toLowerCase())?.issues ?? [];
  const { outcome, state, startedAt, lastActivityAt, log } = session;
  return {
    name: plan.name,
    kind: plan.kind,
    unit: plan.unit,
    repo: plan.repo,
    issue: plan.issue,
    title: issues.find(({ number }) => number === plan.issue)?.title ?? '',
    attempt: plan.attempt,
    state,
    outcome: outcome.kind === 'valid' ? outcome.outcome.status : null,
    runningMs: now - Date.parse(startedAt),
    silentMs: lastActivityAt === null ? null : now - Date.parse(lastActivityAt),
    log,
    agent: session.agent,
    question: session.question,
    usage: usageOf({ plan, ...session }, settings),
  };
}
