import type { Criterion } from '../grammar/criteria.ts';
import { homeProblems, homesOf, type Neighbours, unitsIn } from './check-homes.ts';
import { graphProblems, type Surroundings } from './graph.ts';
import type { Limits } from './limits.ts';
import type { ChildrenProposal, ProposedChild } from './proposal.ts';
import { childReadBack } from './read-back.ts';
import { listProblems, scopeProblems, textProblems, titleProblems } from './texts.ts';

/** What a proposal is judged against. */
export interface Measure {
  readonly around: Surroundings;
  readonly limits: Limits;
  /** What the PRD asks for. */
  readonly criteria: readonly Criterion[];
}

/** Everything that is wrong with a DECOMPOSE proposal; nothing of it is made real unless the list is empty. */
export function childrenProblems(
  { children }: ChildrenProposal,
  measure: Measure,
  neighbours: Neighbours,
): readonly string[] {
  if (children.length === 0) return ['it proposes no issue'];
  return [
    ...homeProblems(children, neighbours),
    ...sliceProblems(children, measure, homesOf(children, unitsIn(neighbours), measure.around.repo)),
    ...coverProblems(children, measure.criteria),
  ];
}

/** What is wrong with a list of issues for one PRD, whether it is all of them or the gaps. */
export function sliceProblems(
  children: readonly ProposedChild[],
  { around, limits, criteria }: Measure,
  homes?: ReadonlyMap<string, string>,
): readonly string[] {
  if (children.length > limits.issues) {
    return [`it proposes ${children.length} issues; at most ${limits.issues} are taken (HARNESS_MAX_ISSUES)`];
  }
  const ids = new Set(criteria.map(({ id }) => id));
  const problems = [
    ...children.flatMap(child => childProblems(child, ids)),
    ...titlesTwice(children),
    ...graphProblems(children, around),
    ...(children.length > 1 ? children.flatMap(sizeProblems) : []),
  ];
  if (problems.length > 0) return problems;
  return children.flatMap(child => childReadBack(child, around, homes));
}

/** What is wrong with one issue, whatever is around it. */
export function childProblems(child: ProposedChild, ids: ReadonlySet<string>): readonly string[] {
  const { key, title, body, acceptance, scope, covers, blockedBy } = child;
  const where = key.slice(0, 60);
  return [
    ...titleProblems(where, title),
    ...textProblems(`${where}: its body`, body),
    ...listProblems(`${where}: acceptance`, acceptance, 1),
    ...listProblems(`${where}: blockedBy`, blockedBy, 0),
    ...scopeProblems(`${where}: scope`, scope),
    ...covers
      .filter(id => !ids.has(id))
      .map(id => `${where} covers "${id.slice(0, 60)}", which is no criterion: ${[...ids].join(', ')}`),
  ];
}

/** Issues of several, or of none, must fit one agent. */
export const sizeProblems = ({ key, size }: ProposedChild) =>
  size === 'large' ? [`${key} is large: split it, so that one agent can do it in one sitting`] : [];

/** Titles that are used more than once: two issues of one title are one issue twice. */
export function titlesTwice(issues: readonly { readonly title: string }[]): readonly string[] {
  const titles = issues.map(({ title }) => title.trim().toLowerCase());
  const twice = new Set(titles.filter((title, index) => titles.indexOf(title) !== index));
  return [...twice].map(title => `the title "${title.slice(0, 80)}" is used twice`);
}

function coverProblems(
  children: readonly ProposedChild[],
  criteria: readonly Criterion[],
): readonly string[] {
  const covered = new Set(children.flatMap(({ covers }) => covers));
  return criteria
    .filter(({ id }) => !covered.has(id))
    .map(({ id, text }) => `no issue covers criterion ${id} (${text.slice(0, 80)})`);
}
