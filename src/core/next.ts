import { type Board, readBoard } from './board.ts';
import type { BoardIssue } from './board-issue.ts';
import type { HoldCode } from './decision.ts';
import { type Edges, reachable, reversed } from './edges.ts';
import { type Standing, standings } from './explain.ts';
import { type UnitStanding, unitStandings } from './explain-unit.ts';
import { cyclesIn } from './findings/cycles.ts';
import type { Found } from './lookup.ts';
import { endOf, nodeOf, startOf, type WaitGraph, waitGraphOf } from './wait-graph.ts';
import type { World } from './world.ts';

/** Something that only a person can decide, and what it would free. */
export interface NextStep {
  /** The issue that it is about, or the fleet's part that is held as a whole. */
  readonly about: string;
  readonly question: string;
  /** The one command that settles it. */
  readonly command: string;
  /** Issues that the fleet could then take, at once or in the end, by unit and number; of a unit its stage. */
  readonly frees: readonly string[];
  /** Milliseconds since the issue was opened; null when that is not known. */
  readonly ageMs: number | null;
}

/** The decisions that would free most work, most first; of equal ones the oldest first. */
export function nextSteps(world: World): readonly NextStep[] {
  const board = readBoard({ ...world, unit: null });
  const graph = waitGraphOf(board);
  const all = standings(world);
  const reach: Reach = {
    board,
    graph,
    free: new Set(all.filter(isFree).map(({ name }) => name)),
    after: reversed(graph.edges),
    indexOf: new Map(graph.nodes.map(({ name }, index) => [name, index])),
  };
  const steps = questionsOf(board, graph, all).map(question => stepOf(question, reach));
  return [...steps.filter(({ frees }) => frees.length > 0), ...unitStandings(world).flatMap(stepOfUnit)].sort(
    (a, b) =>
      b.frees.length - a.frees.length || (b.ageMs ?? 0) - (a.ageMs ?? 0) || (a.about < b.about ? -1 : 1),
  );
}

/** Nothing but a slot is missing: a PRD that waits for a person does not hold its children back. */
const isFree = ({ verdict, until }: Standing) => until === null || verdict === 'no-slot';

interface Question {
  readonly about: string;
  readonly question: string;
  readonly command: string;
  /** Names of the issues that the answer moves first. */
  readonly moves: readonly string[];
  readonly createdAt: string | null;
}

function questionsOf(board: Board, graph: WaitGraph, all: readonly Standing[]): readonly Question[] {
  const questions = new Map<string, Question & { readonly moves: string[] }>();
  const ask = (question: Question): void => {
    const key = `${question.about} ${question.command}`;
    const asked = questions.get(key);
    if (asked) asked.moves.push(...question.moves);
    else questions.set(key, { ...question, moves: [...question.moves] });
  };
  const known = new Map(
    board.units.flatMap(({ issues }) => issues.map(issue => [issue.name, issue] as const)),
  );
  for (const { name, verdict, reason } of all) {
    const issue = known.get(name);
    if (!issue) continue;
    if (verdict === 'blocked')
      for (const blocker of issue.blockers) blockerQuestions(issue, blocker, known).forEach(ask);
    else if (verdict === 'prd-blocked') closedPrdQuestions(issue, reason, known).forEach(ask);
    else for (const question of ownQuestions(issue, verdict as HoldCode, reason, board)) ask(question);
  }
  for (const [first = '', ...others] of cyclesIn(graph)) {
    const member = known.get(first);
    if (member)
      ask(
        about(member, `waits in a circle with ${others.join(', ')}: which of them does not?`, edit(member)),
      );
  }
  return [...questions.values()];
}

/** A blocker that the fleet takes by itself raises no question; any other does. */
function blockerQuestions(
  issue: BoardIssue,
  blocker: Found,
  known: ReadonlyMap<string, BoardIssue>,
): readonly Question[] {
  const { name, state } = blocker;
  if (name === issue.name) return [about(issue, 'names itself as a blocker: what is meant?', edit(issue))];
  if (state !== 'open') return [about(issue, `waits for ${name} (${state}): still?`, edit(issue))];
  const own = known.get(name);
  if (own && own.kind !== 'plain') return [];
  return [
    {
      about: name,
      question: 'the fleet does not work on it: is it done?',
      command: `gh issue close ${numberOf(name)} -R ${repoOf(name)}`,
      moves: own || blocker.issue ? [name] : [issue.name],
      createdAt: blocker.issue?.createdAt ?? null,
    },
  ];
}

/** An open PRD raises its own question; of a closed one nothing is told but what it does to its children. */
function closedPrdQuestions(
  child: BoardIssue,
  reason: string,
  known: ReadonlyMap<string, BoardIssue>,
): readonly Question[] {
  const prd = known.get(`${child.repo}#${child.parent}`);
  if (!prd || prd.isOpen) return [];
  return [{ ...about(prd, `${reason}: is it right?`, edit(prd)), moves: [child.name] }];
}

function ownQuestions(
  issue: BoardIssue,
  code: HoldCode,
  reason: string,
  { settings, work }: Board,
): readonly Question[] {
  const { record, session } = work.on(issue.repo, issue.issue.number);
  const asked = session ? session.question : (record?.question ?? null);
  const without = (label: string) =>
    `gh issue edit ${issue.issue.number} -R ${issue.repo} --remove-label ${quoted(label)}`;
  switch (code) {
    case 'untrusted-edit':
      return [about(issue, `${reason}: is it right?`, edit(issue))];
    case 'prd-cancelled':
      return [about(issue, `${reason}: should it still be built?`, edit(issue))];
    case 'reopened':
      return [
        about(
          issue,
          'was reopened after its review: review it again?',
          without(settings.HARNESS_LABEL_REVIEWED),
        ),
      ];
    case 'working':
      if (asked !== null) return [about(issue, reason, answerTo(issue))];
      return issue.kind === 'prd' ? proposalQuestion(issue, reason) : [];
    case 'agent-blocked':
      if (asked !== null) return [about(issue, reason, answerTo(issue))];
      return [about(issue, 'waits for an answer', without(settings.HARNESS_LABEL_BLOCKED))];
    case 'breaker':
      // Of an agent, not of the issue.
      if (record?.breaker !== 'open') return [forAll(issue, 'an agent', reason, 'harness doctor')];
      return [about(issue, `${reason}: try again?`, `harness retry ${issue.name}`)];
    case 'attempts':
      if (asked !== null) return [about(issue, reason, answerTo(issue))];
      return [about(issue, `${reason}: try again?`, `harness retry ${issue.name}`)];
    case 'budget':
      return [about(issue, `${reason}: try again?`, `harness retry ${issue.name}`)];
    case 'needs-capability':
      return [forAll(issue, `${issue.repo}: ${reason}`, 'is there a host that can?', 'harness start')];
    case 'paused':
      return [forAll(issue, 'the fleet', 'is paused: go on?', 'harness resume')];
    case 'workflow':
      return [forAll(issue, issue.repo, reason, 'harness doctor')];
    case 'ci-red':
      return [
        forAll(
          issue,
          issue.repo,
          'its default branch is red: why?',
          `gh run list -R ${issue.repo} --limit 5`,
        ),
      ];
    default:
      return [];
  }
}

/** A stage of a unit has no issue, and nothing that it would lead to is there yet. */
function stepOfUnit({ name, title, unit, repo, verdict, reason }: UnitStanding): readonly NextStep[] {
  const command = commandIn(reason) ?? STAGE_COMMANDS[verdict]?.(unit, repo);
  if (command === undefined) return [];
  return [{ about: name, question: reason, command, frees: [`${repo} ${title}`], ageMs: null }];
}

const retryUnit = (unit: string) => `harness retry ${unit}`;

/** By what holds a stage: the one command that a person goes on with. */
const STAGE_COMMANDS: Readonly<Record<string, (unit: string, repo: string) => string>> = {
  attempts: retryUnit,
  budget: retryUnit,
  breaker: retryUnit,
  paused: () => 'harness resume',
  workflow: () => 'harness doctor',
  'ci-red': (_unit, repo) => `gh run list -R ${repo} --limit 5`,
  'no-spec': () => 'harness doctor',
};

/** A proposal that waits for a person says itself which command shows it, and which agrees to it. */
function proposalQuestion(issue: BoardIssue, reason: string): readonly Question[] {
  const command = commandIn(reason);
  return command === null ? [] : [about(issue, 'its proposal waits for a person: is it right?', command)];
}

const commandIn = (reason: string) => /`(harness approve \S+ --sha \w+)`/.exec(reason)?.[1] ?? null;

function about(issue: BoardIssue, question: string, command: string): Question {
  return { about: issue.name, question, command, moves: [issue.name], createdAt: issue.issue.createdAt };
}

function forAll(issue: BoardIssue, whole: string, question: string, command: string): Question {
  return { about: whole, question, command, moves: [issue.name], createdAt: null };
}

const answerTo = ({ name }: BoardIssue) => `harness answer ${name} "…"`;
const edit = ({ repo, issue }: BoardIssue) => `gh issue edit ${issue.number} -R ${repo}`;
const numberOf = (name: string) => name.slice(name.lastIndexOf('#') + 1);
const repoOf = (name: string) => name.slice(0, name.lastIndexOf('#'));
const quoted = (label: string) => (/^[\w:./-]+$/.test(label) ? label : `'${label.replaceAll("'", "'\\''")}'`);

interface Reach {
  readonly board: Board;
  readonly graph: WaitGraph;
  readonly after: Edges;
  /** Names of the issues that no answer has to free. */
  readonly free: ReadonlySet<string>;
  /** Of the graph's nodes, by name. */
  readonly indexOf: ReadonlyMap<string, number>;
}

/** Looks only at what a question leads to: a board may raise one for each of its issues. */
function stepOf(
  { moves, createdAt, ...question }: Question,
  { board, graph, after, free, indexOf }: Reach,
): NextStep {
  const from = moves.flatMap(name => {
    const index = indexOf.get(name);
    return index === undefined ? [] : [endOf(index, graph), startOf(index)];
  });
  const reached = new Set([...reachable(after, from)].map(step => nodeOf(step, graph)));
  const frees = [...reached]
    .sort((a, b) => a - b)
    .flatMap(index => {
      const node = graph.nodes[index];
      return node?.known && node.known.kind !== 'plain' && !free.has(node.name) ? [node.name] : [];
    });
  const opened = createdAt === null ? Number.NaN : Date.parse(createdAt);
  return { ...question, frees, ageMs: Number.isNaN(opened) ? null : board.now - opened };
}
