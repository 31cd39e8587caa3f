import type { Board } from './board.ts';
import type { BodyText } from './grammar/body.ts';
import type { Reference } from './grammar/references.ts';
import { type Found, isSatisfied, type LookUp } from './lookup.ts';
import { type Kind, kindOf, labelsOf } from './rules/kinds.ts';
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
  readonly isOpen: boolean;
  /** Number of the PRD that it belongs to. */
  readonly parent: number | null;
  /** What an open issue names as its blockers, each once, in order, satisfied ones included. */
  readonly references: readonly Found[];
  /** Those of `references` that are not satisfied. */
  readonly blockers: readonly Found[];
  readonly text: BodyText;
}

/** A repository's issues, in the order given. */
export function boardIssuesOf(
  repo: string,
  issues: readonly Issue[],
  { labels: names, lookUp, read }: Pick<Board, 'labels' | 'lookUp' | 'read'>,
): readonly BoardIssue[] {
  const labels = issues.map(labelsOf);
  const kinds = issues.map((issue, index) => kindOf(issue, labels[index] ?? [], names));
  const prds = new Map(
    issues.filter((_issue, index) => kinds[index] === 'prd').map(prd => [prd.number, prd]),
  );
  const onlyPrd = prds.size === 1 ? ([...prds.values()][0] ?? null) : null;
  return issues.map((issue, index) => {
    const text = read(repo, issue);
    const kind = kinds[index] ?? 'plain';
    const isOpen = issue.state === 'open';
    const parent = prds.get(parentOf(issue, text, repo)) ?? null;
    const ownPrd = kind === 'child' ? (parent ?? onlyPrd) : null;
    const references = isOpen ? without(ownPrd, blockersNamedBy(issue, text, lookUp)) : NOTHING;
    return {
      name: `${repo}#${issue.number}`,
      repo,
      issue,
      kind,
      labels: labels[index] ?? [],
      isOpen,
      parent: parent?.number ?? null,
      references,
      blockers: unsatisfied(references),
      text,
    };
  });
}

const NOTHING: readonly Found[] = [];

/** The blockers that a body and GitHub's own dependencies name, each once. */
export function blockersNamedBy(issue: Issue, text: BodyText, lookUp: LookUp): readonly Found[] {
  const { references } = text.blockedBy;
  if (references.length + issue.blockedBy.length === 0) return NOTHING;
  const named =
    issue.blockedBy.length === 0 ? references : [...references, ...issue.blockedBy.map(nativeReference)];
  const found = named.map(lookUp);
  return found.length > MANY
    ? [...new Set(found)]
    : found.filter((one, index) => found.indexOf(one) === index);
}

// Below this, looking through the list is quicker than a set of it.
const MANY = 16;

export function unsatisfied(references: readonly Found[]): readonly Found[] {
  return references.length === 0 ? NOTHING : references.filter(({ state }) => !isSatisfied(state));
}

function without(ownPrd: Issue | null, references: readonly Found[]): readonly Found[] {
  return ownPrd === null || references.length === 0
    ? references
    : references.filter(({ issue }) => issue !== ownPrd);
}

/** Number of the issue that it names as its parent in its own repository; 0 when there is none. */
function parentOf(issue: Issue, text: BodyText, repo: string): number {
  const said = saidParent(issue, text);
  if (said === null || said.repo.toLowerCase() !== repo.toLowerCase()) return 0;
  const number = Number(said.number);
  return number === issue.number ? 0 : number;
}

function saidParent(issue: Issue, { parent }: BodyText): Reference | null {
  if (parent.kind === 'named') return parent.reference;
  if (parent.kind === 'none') return null;
  return issue.parent === null ? parent.trailer : nativeReference(issue.parent);
}

/** `acme/lib#3`, as GitHub's own dependencies and parents are given. */
function nativeReference(text: string): Reference {
  const hash = text.lastIndexOf('#');
  return { repo: text.slice(0, hash), number: text.slice(hash + 1), isShort: false, isPartOf: false };
}
