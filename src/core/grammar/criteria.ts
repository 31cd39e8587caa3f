import type { Issue } from '../world.ts';
import { visibleText } from './markdown.ts';
import { headingsOf, sectionsOf, titled } from './sections.ts';

/** One thing that an issue asks for; the id is its place in the list, from 1. */
export interface Criterion {
  readonly id: string;
  readonly text: string;
}

/**
 * The items of an issue's `Acceptance criteria` sections, in order; an indented line belongs to the item before
 * it. An issue that lists none has one criterion: itself.
 */
export function criteriaOf({ title, body }: Pick<Issue, 'title' | 'body'>): readonly Criterion[] {
  const text = visibleText(body);
  const outline = { body: text, headings: headingsOf(text), home: { repo: '', hosts: new Set<string>() } };
  const items = sectionsOf(outline, heading =>
    ACCEPTANCE(heading, outline.home) === null ? null : '',
  ).flatMap(section => itemsOf(section.text));
  if (items.length === 0) return [{ id: '1', text: `What the issue as a whole asks for: ${title}` }];
  return items.map((item, index) => ({ id: String(index + 1), text: item }));
}

/** The items of a list, whatever their bullets. */
export const itemsOf = (text: string): readonly string[] =>
  text.split('\n').flatMap(line => ITEM.exec(line)?.[1]?.trim() || []);

const ACCEPTANCE = titled('acceptance(?:[ \\t]+criteria)?');
const ITEM = /^ {0,3}(?:[-*+]|\d{1,9}[.)])[ \t]+(?:\[[ xX]\][ \t]+)?(.+)$/;
