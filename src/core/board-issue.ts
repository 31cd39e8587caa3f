import type { Board } from './board.ts';
import { type BodyText, SILENT } from './grammar/body.ts';
import type { Reference } from './grammar/references.ts';
import type { Scope } from './grammar/scope.ts';
import { type Found, isSatisfied, type LookUp } from './lookup.ts';
import { type Kind, kindOf, labelsOf } from './rules/kinds.ts';
import { priorityOf } from './rules/priority.ts';
import type { Issue } from './world.ts';

/** An issue of a trusted author, with what its text says. */
export interface BoardIssue {
  /** `owner/repo#n` */
  readonly name: string;
  readonly repo: string;
  readonly issue: Issue;
  readonly kind: Kind;
  /** In lower case. */
  readonly labels: readonly string[];
  /** From 0, the most urgent, to 4. */
  readonly priority: number;
  readonly isOpen: boolean;
  /** Number of the PRD that it belongs to. */
  readonly parent: number | null;
  /** What an open issue names as its blockers, each once, in order, satisfied ones included. */
  readonly references: readonly Found[];
  /** Those of `references` that are not satisfied. */
  readonly blockers: readonly Found[];
  /** Issues that it names in a section that says that there are none. */
  readonly denied: readonly Reference[];
  /** Issues that it names as blockers outside such a section. */
  readonly loose: readonly Reference[];
  /** Paths that an open issue declares, each as its segments. */
  readonly scope: Scope;
}

/** A repository's issues, in the order given. */
export function boardIssuesOf(
  repo: string,
  issues: readonly Issue[],
  { labels: names, lookUp, read }: Pick<Board, 'labels' | 'lookUp' | 'read'>,
): readonly BoardIssue[] {
  const marked = issues.map(issue => {
    const labels = labelsOf(issue);
    return { issue, labels, kind: kindOf(issue, labels, names) };
  });
  const prds = new Map<number, Issue>();
  for (const { issue, kind } of marked) if (kind === 'prd') prds.set(issue.number, issue);
  const onlyPrd = prds.size === 1 ? ([...prds.values()][0] ?? null) : null;
  return marked.map(({ issue, labels, kind }) => {
    const isOpen = issue.state === 'open';
    // Of a closed issue only its parent matters, and without a PRD there is none.
    const text = isOpen || prds.size > 0 ? read(repo, issue) : SILENT;
    const parent = prds.get(parentOf(issue, text, repo)) ?? null;
    const ownPrd = kind === 'child' ? (parent ?? onlyPrd) : null;
    const references = isOpen ? without(ownPrd, blockersNamedBy(issue, text, lookUp)) : NOTHING;
    return {
      name: `${repo}#${issue.number}`,
      repo,
      issue,
      kind,
      labels,
      priority: priorityOf(labels),
      isOpen,
      parent: parent?.number ?? null,
      references,
      blockers: unsatisfied(references),
      denied: text.blockedBy.denied,
      loose: text.blockedBy.loose,
      scope: text.scope,
    };
  });
}

const NOTHING: readonly Found[] = [];

/** The blockers that a body and GitHub's own dependencies name, each once, where it is named first. */
export function blockersNamedBy(issue: Issue, text: BodyText, lookUp: LookUp): readonly Found[] {
  const { references } = text.blockedBy;
  if (references.length + issue.blockedBy.length === 0) return NOTHING;
  const named =
    issue.blockedBy.length === 0 ? references : [...references, ...issue.blockedBy.map(nativeReference)];
  // Not by `map`: its lists change their kind once it is compiled, and V8 then drops all code that has seen the other.
  const found: Found[] = [];
  for (const reference of named) found.push(lookUp(reference));
  const areFew = found.length <= FEW;
  if (areFew && found.every(({ name }, index) => found.findIndex(one => one.name === name) === index))
    return found;
  const first = new Map<string, Found>();
  for (const one of found) if (!first.has(one.name)) first.set(one.name, one);
  return [...first.values()];
}

// Up to here, looking through the list is quicker than making a map of it.
const FEW = 16;

export function unsatisfied(references: readonly Found[]): readonly Found[] {
  return references.every(({ state }) => !isSatisfied(state))
    ? references
    : references.filter(({ state }) => !isSatisfied(state));
}

function without(ownPrd: Issue | null, references: readonly Found[]): readonly Found[] {
  return ownPrd === null || !references.some(({ issue }) => issue === ownPrd)
    ? references
    : references.filter(({ issue }) => issue !== ownPrd);
}

/** Number of the issue that it names as its parent in its own repository; 0 when there is none. */
function parentOf(issue: Issue, text: BodyText, repo: string): number {
  const said = saidParent(issue, text);
  if (said === null || (said.repo !== repo && said.repo.toLowerCase() !== repo.toLowerCase())) return 0;
  return said.number === issue.number ? 0 : said.number;
}

function saidParent(issue: Issue, { parent }: BodyText): Reference | null {
  if (parent.kind === 'named') return parent.reference;
  if (parent.kind === 'none') return null;
  return issue.parent === null ? parent.trailer : nativeReference(issue.parent);
}

/** `acme/lib#3`, as GitHub's own dependencies and parents are given. */
function nativeReference(text: string): Reference {
  const hash = text.lastIndexOf('#');
  return { repo: text.slice(0, hash), number: Number(text.slice(hash + 1)), isShort: false, isPartOf: false };
}
