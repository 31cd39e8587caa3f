import { type IssueKey, keyMarker } from '../markers.ts';
import { neutralise, neutraliseLine } from '../text.ts';
import { escapeSections } from './escape-sections.ts';
import { TITLE_CHARACTERS } from './limits.ts';
import type { FiledIssue, ProposedChild, ProposedPrd } from './proposal.ts';
import { blockerOf } from './references.ts';

/** What the body of a created issue says besides what was proposed. */
export interface Place {
  /** The repository that it is filed in. */
  readonly repo: string;
  /** The repository that the proposal is of: `#5` in it is an issue there. */
  readonly proposedIn: string;
  /** The PRD that it belongs to; null for a PRD, and for an issue of none. */
  readonly parent: number | null;
  /** The PRD of another repository that it is for, `owner/repo#n`; null for none. */
  readonly wantedBy: string | null;
  readonly key: IssueKey;
  /** The issue that was created for a key of the same proposal. */
  readonly issueOf: (key: string) => FiledAt;
}

/** Where an issue is. */
export interface FiledAt {
  readonly repo: string;
  readonly number: number;
}

/** An issue as the engine creates it. */
export interface Draft {
  readonly title: string;
  readonly body: string;
}

/** The issue of a child. What the engine reads is rendered from typed fields alone, after the free text. */
export function renderChild(child: ProposedChild, place: Place): Draft {
  const prd = place.wantedBy ?? `#${place.parent}`;
  const covers = child.covers.length === 0 ? '' : ` Covers ${criteriaList(child.covers)} of ${prd}.`;
  const wanted = place.wantedBy === null ? '' : ` Wanted by ${place.wantedBy}.`;
  return {
    title: titleOf(child.title),
    body: joined([
      keyMarker(place.key),
      prose(child.body),
      '## Acceptance criteria',
      numbered(child.acceptance),
      `Size: ${child.size}.${covers}${wanted}`,
      ...(place.parent === null ? [] : ['## Parent', `#${place.parent}`]),
      ...blockedBy(child.blockedBy, place),
      ...(child.scope.length === 0 ? [] : ['## Scope', bullets(child.scope.map(path => `\`${path}\``))]),
    ]),
  };
}

/** The issue of a PRD. */
export function renderPrd(prd: ProposedPrd, place: Place): Draft {
  return {
    title: titleOf(prd.title),
    body: joined([
      keyMarker(place.key),
      '## Problem',
      prose(prd.problem),
      '## Boundaries',
      prose(prd.boundaries),
      '## Acceptance criteria',
      numbered(prd.criteria),
      ...(place.repo.toLowerCase() === place.proposedIn.toLowerCase()
        ? []
        : [`Wanted by ${place.proposedIn}.`]),
      ...(prd.qualityBar === undefined ? [] : ['## Quality bar', prose(prd.qualityBar)]),
      ...blockedBy(prd.blockedBy, place),
    ]),
  };
}

/** An issue of a person's file: their words as they are, and what it waits for. */
export function renderFiled(issue: FiledIssue, place: Place): Draft {
  const { title, body, blockedBy: names } = issue;
  return {
    title: title.trim(),
    body: joined([keyMarker(place.key), body.trim(), ...(names.length === 0 ? [] : blockedBy(names, place))]),
  };
}

/** Parts of a body with empty lines between. */
export const joined = (parts: readonly string[]) => `${parts.join('\n\n')}\n`;

const titleOf = (title: string) => neutraliseLine(title, TITLE_CHARACTERS);

/** Free text of an agent, with nothing in it that the engine would read. */
export const prose = (text: string) => escapeSections(neutralise(text)).trim();

/** Lines as a list. */
export const bullets = (lines: readonly string[]) => lines.map(line => `- ${line}`).join('\n');

/** Lines of an agent as a numbered list. */
export const numbered = (lines: readonly string[]) =>
  lines.map((line, index) => `${index + 1}. ${neutraliseLine(line, 1_000)}`).join('\n');

const criteriaList = (ids: readonly string[]) =>
  `${ids.length === 1 ? 'criterion' : 'criteria'} ${ids.join(', ')}`;

function blockedBy(texts: readonly string[], place: Place): readonly string[] {
  if (texts.length === 0) return ['## Blocked by', 'None'];
  return ['## Blocked by', bullets(referencesOf(texts, place))];
}

/** What an issue waits for, as `#5` or `owner/repo#5`, each once. */
export function referencesOf(
  texts: readonly string[],
  { repo, proposedIn, issueOf }: Pick<Place, 'repo' | 'proposedIn' | 'issueOf'>,
): readonly string[] {
  const named = texts.map(text => {
    const blocker = blockerOf(text, proposedIn);
    const at = blocker.kind === 'issue' ? blocker : issueOf(text);
    return `${at.repo.toLowerCase() === repo.toLowerCase() ? '' : at.repo}#${at.number}`;
  });
  return [...new Set(named)];
}
