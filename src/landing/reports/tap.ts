import { addTest, type Report, TESTS_LIMIT, type TestState, unreadable } from './report.ts';

interface Point {
  readonly name: string;
  readonly state: TestState;
}

/**
 * Reads a report in the Test Anything Protocol, versions 12 to 14 (https://testanything.org). A test within another is
 * named by both. The plan says whether the report is complete; one that is not, or that bails out, is not relied on.
 */
export function parseTap(text: string): Report {
  /** Tests by depth; those of a test stand one deeper, until its own line follows. */
  const levels: Point[][] = [[]];
  let planned: number | null = null;
  let direct = 0;
  let count = 0;
  for (const { said, depth } of protocolLines(text)) {
    if (/^Bail out!/i.test(said)) return unreadable(`the run was given up: ${said.slice(9).trim()}`);
    const plan = /^1\.\.(\d{1,9})\b/.exec(said);
    if (plan && depth === 0) {
      if (planned !== null) return unreadable('it has two plans');
      planned = Number(plan[1]);
    }
    const point = pointIn(said);
    if (!point) continue;
    count += 1;
    if (count > TESTS_LIMIT) return unreadable(`it has more than ${TESTS_LIMIT} tests`);
    if (depth === 0) direct += 1;
    const within = levels[depth + 1] ?? [];
    levels[depth + 1] = [];
    levels[depth] ??= [];
    levels[depth].push(point);
    for (const { name, state } of within) levels[depth].push({ name: `${point.name} > ${name}`, state });
  }
  if (planned === null) return unreadable('it has no plan, so it may have been cut off');
  if (planned !== direct) return unreadable(`it plans ${planned} tests and lists ${direct}`);
  if (count === 0) return unreadable('it lists no test');
  const tests = new Map<string, TestState>();
  for (const { name, state } of levels[0] ?? []) addTest(tests, name, state);
  return { kind: 'read', tests };
}

interface ProtocolLine {
  /** Without its indent. */
  readonly said: string;
  readonly depth: number;
}

// Deeper than anybody nests tests.
const DEPTH_LIMIT = 20;

/** The lines of the protocol itself, without the YAML blocks that describe a test. */
function* protocolLines(text: string): Generator<ProtocolLine> {
  let block: number | null = null;
  for (const line of linesOf(text)) {
    const said = line.trim();
    const indent = line.length - line.trimStart().length;
    if (block !== null) {
      if (said === '...' && indent === block) block = null;
    } else if (said === '---') {
      block = indent;
    } else if (indent <= DEPTH_LIMIT * 4) {
      yield { said, depth: Math.floor(indent / 4) };
    }
  }
}

function* linesOf(text: string): Generator<string> {
  for (let at = 0; at < text.length; ) {
    const end = text.indexOf('\n', at);
    const stop = end < 0 ? text.length : end;
    yield text.slice(at, stop);
    at = stop + 1;
  }
}

function pointIn(said: string): Point | null {
  const [, not, number = '', rest = ''] = /^(not )?ok\b\s*(\d{0,9})\s*(?:- )?(.*)$/.exec(said) ?? [];
  if (!/^(?:not )?ok\b/.test(said)) return null;
  const directive = /(?<!\\)#\s{0,9}(skip|todo)/i.exec(rest);
  const name = (directive ? rest.slice(0, directive.index) : rest).replaceAll(/\\([\\#])/g, '$1').trim();
  return { name: name || `test ${number}`, state: stateOf(not === undefined, directive?.[1]?.toLowerCase()) };
}

function stateOf(isOk: boolean, directive: string | undefined): TestState {
  if (directive === 'skip') return 'skipped';
  if (isOk) return 'passed';
  return directive === 'todo' ? 'skipped' : 'failed';
}
