import { Chalk } from 'chalk';
import type { Usage } from '../core/contracts.ts';
import type { Decision, Hold } from '../core/decision.ts';
import { plainText } from '../core/plain-text.ts';
import { cutTo } from '../core/text.ts';
import type { AgentState } from '../core/world.ts';
import { columns, cutToWidth } from './columns.ts';
import { duration } from './duration.ts';
import { agentLine, spentSoFar, type UsedFact, usedLines } from './usage.ts';

/** Everything that `harness status` says; `--json` prints it as it is. */
export interface StatusFacts {
  readonly project: string;
  readonly fleet: string;
  readonly mode: string;
  readonly paused: boolean;
  readonly workers: readonly WorkerFact[];
  /** Ids of the units that a live worker drives. */
  readonly units: readonly string[];
  readonly repos: readonly RepoFact[];
  readonly sessions: readonly SessionFact[];
  /** Agents of this fleet that can't work now, or are tried again. */
  readonly agents: readonly AgentState[];
  /** Over all fleets and hosts. */
  readonly used: UsedFact;
  readonly decision: Decision;
  /** Problems with the configuration, one line each. */
  readonly warnings: readonly string[];
}

export interface WorkerFact {
  readonly name: string;
  readonly pid: number;
  readonly alive: boolean;
  /** Version of the engine that it runs. */
  readonly version: string;
}

export interface RepoFact {
  readonly repo: string;
  readonly read: string;
  /** Milliseconds since the snapshot was read; null when there is none. */
  readonly ageMs: number | null;
  readonly problem: string | null;
  readonly open: number;
  readonly closed: number;
}

export interface SessionFact {
  readonly name: string;
  readonly kind: string;
  readonly unit: string;
  readonly repo: string;
  readonly issue: number | null;
  readonly title: string;
  readonly attempt: number;
  readonly state: string;
  readonly outcome: string | null;
  readonly runningMs: number;
  /** Milliseconds since the agent last said something; null when it never did. */
  readonly silentMs: number | null;
  readonly log: string;
  /** Program and version; null until it said so. */
  readonly agent: string | null;
  /** What it waits to hear from a person. */
  readonly question: string | null;
  /** So far. */
  readonly usage: Usage;
}

/** Renders the status for a terminal of `width` characters. */
export function renderStatus(
  facts: StatusFacts,
  { width, color }: { width: number; color: boolean },
): string {
  const chalk = new Chalk({ level: color ? 1 : 0 });
  const section = (title: string, body: string) => (body ? [`${chalk.bold(title)}\n${body}`] : []);
  const { decision, sessions } = facts;
  const next = decision.actions.filter(({ issue, repo }) => !isRunning(facts, repo, issue));

  const parts = [
    heading(facts, width, chalk.bold, chalk.yellow),
    ...section('Running', columns(sessions.map(sessionRow), width)),
    ...section('Asking', sessions.flatMap(questionLines).join('\n')),
    ...section('Agents', facts.agents.map(agentLine).join('\n')),
    ...section(
      'Next',
      columns(
        next.map(a => [`  ${a.kind}`, nameOf(a), a.reason]),
        width,
      ),
    ),
    ...section(
      'Waiting',
      columns(
        decision.holds.map(h => [`  ${nameOf(h)}`, h.code, oneLine(h.reason)]),
        width,
      ),
    ),
    ...section('Given up', decision.holds.flatMap(givenUpLines).join('\n')),
    ...section('Used', usedLines(facts.used)),
    ...section(
      'Findings',
      decision.findings.map(f => `  ${f.message} (${f.code})\n    ${chalk.dim(f.fix)}`).join('\n'),
    ),
  ];
  const isEmpty = sessions.length + next.length + decision.holds.length === 0;
  return `${[...parts, ...(isEmpty ? [emptyState(facts)] : [])].join('\n\n')}\n`;
}

type Paint = (text: string) => string;

function heading(facts: StatusFacts, width: number, strong: Paint, warn: Paint): string {
  const alive = facts.workers.filter(worker => worker.alive);
  const workers = alive.length === 0 ? 'not running' : `${alive.length} workers`;
  const lines = [
    strong(
      cutToWidth([facts.repos.map(repo => repo.repo).join(', '), facts.mode, workers].join(' · '), width),
    ),
    ...facts.repos.map(repoLine),
    ...(facts.paused ? [warn('paused: nothing new is started')] : []),
    ...facts.workers.filter(worker => !worker.alive).map(({ name }) => warn(`worker ${name} is dead`)),
    ...facts.warnings.map(warn),
  ];
  return lines.join('\n');
}

function repoLine({ repo, read, ageMs, problem, open, closed }: RepoFact): string {
  const age = ageMs === null ? 'never read' : `read ${duration(ageMs)} ago`;
  return `${repo}: ${open} open, ${closed} closed, ${age}${read === 'fresh' ? '' : ` (${read})`}${problem ? `: ${problem}` : ''}`;
}

function sessionRow(session: SessionFact): readonly string[] {
  const { kind, issue, attempt, runningMs, silentMs, outcome, state, title } = session;
  const doing = outcome ? `landing (${outcome})` : state === 'running' ? `${duration(runningMs)}` : state;
  const silence = outcome || silentMs === null ? '' : `last output ${duration(silentMs)} ago`;
  const spent = spentSoFar(session.usage);
  return [`  ${kind}`, issue === null ? '' : `#${issue}`, `attempt ${attempt}`, doing, spent, silence, title];
}

function questionLines({ repo, issue, question }: SessionFact): readonly string[] {
  if (question === null || issue === null) return [];
  const asked = cutTo(plainText(question).replaceAll(/\s+/g, ' '), 500);
  return [`  ${repo}#${issue}  ${asked}`, `    Answer with \`harness answer ${issue} "…"\`.`];
}

/** What only a person's word sets going again: in full, since the reason is what that person has to read. */
function givenUpLines(hold: Hold): readonly string[] {
  if (hold.code !== 'attempts') return [];
  return [
    `  ${nameOf(hold)}  ${cutTo(oneLine(hold.reason), 500)}`,
    `    It goes on once ${oneLine(hold.until)}.`,
  ];
}

const oneLine = (text: string) => plainText(text).replaceAll(/\s+/g, ' ');

function emptyState(facts: StatusFacts): string {
  const { units } = facts.decision;
  if (units.length > 0 && units.every(unit => unit.complete)) return 'Everything is done.';
  return 'Nothing to do: no open issue has the ready label and a trusted author.';
}

const nameOf = ({ repo, issue }: { repo: string; issue: number | null }) =>
  issue === null ? repo : `${repo}#${issue}`;

const isRunning = ({ sessions }: StatusFacts, repo: string, issue: number | null) =>
  sessions.some(session => session.repo === repo && session.issue === issue);
