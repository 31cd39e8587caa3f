import { escapePattern } from '../text.ts';
import { ASSIGNMENT_RULES, CONTEXT_RULES } from './context-rules.ts';
import { type SecretRule, TOKEN_RULES } from './rules.ts';

/** What has the shape of a secret, and the rule that knows it. */
export interface Shape {
  readonly rule: SecretRule;
  /** Where the secret itself starts and ends in the text. */
  readonly start: number;
  readonly end: number;
}

/** Which rules apply: `certain` leaves out those that also find what is no secret. */
export type RuleSet = 'certain' | 'all';

/**
 * Everything in a text that has the shape of a secret. All beginnings are looked for at once and each rule reads a
 * bounded piece from there, so that the time is in proportion to the text's length, whatever it holds.
 */
export function shapesIn(text: string, rules: RuleSet): readonly Shape[] {
  return [TOKENS, CONTEXTS, ...(rules === 'all' ? [ASSIGNMENTS] : [])].flatMap(search =>
    searchIn(text, search),
  );
}

interface Search {
  readonly starts: RegExp;
  /** By beginning, in lower case. */
  readonly rules: ReadonlyMap<string, readonly SecretRule[]>;
}

function searchIn(text: string, { starts, rules }: Search): readonly Shape[] {
  const shapes: Shape[] = [];
  starts.lastIndex = 0;
  for (let hit = starts.exec(text); hit !== null; hit = starts.exec(text)) {
    const shape = shapeAt(text, hit.index, rules.get(hit[0].toLowerCase()) ?? []);
    if (!shape) continue;
    shapes.push(shape);
    starts.lastIndex = Math.max(shape.end, starts.lastIndex);
  }
  return shapes;
}

function shapeAt(text: string, at: number, rules: readonly SecretRule[]): Shape | null {
  for (const rule of rules) {
    if (rule.isWord && isInWord(text, at)) continue;
    rule.pattern.lastIndex = at;
    const [all, before = ''] = rule.pattern.exec(text) ?? [];
    if (all !== undefined) return { rule, start: at + before.length, end: at + all.length };
  }
  return null;
}

/** Whether a word goes on here. In JSON and code the letter of an escape, as in `\nghp_…`, belongs to no word. */
function isInWord(text: string, at: number): boolean {
  const before = text[at - 1] ?? ' ';
  if (!/\w/.test(before)) return false;
  return !(text[at - 2] === '\\' && 'nrt'.includes(before));
}

function searchFor(rules: readonly SecretRule[], flags: 'g' | 'gi'): Search {
  const byStart = new Map<string, SecretRule[]>();
  for (const rule of rules) {
    for (const start of rule.starts) {
      byStart.set(start.toLowerCase(), [...(byStart.get(start.toLowerCase()) ?? []), rule]);
    }
  }
  const starts = [...new Set(rules.flatMap(rule => rule.starts))].map(escapePattern);
  return { starts: new RegExp(starts.join('|'), flags), rules: byStart };
}

const TOKENS = searchFor(TOKEN_RULES, 'g');
const CONTEXTS = searchFor(CONTEXT_RULES, 'gi');
const ASSIGNMENTS = searchFor(ASSIGNMENT_RULES, 'gi');
