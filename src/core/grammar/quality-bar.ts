import type { Issue } from '../world.ts';
import { type Criterion, itemsOf } from './criteria.ts';
import { visibleText } from './markdown.ts';
import { saysNothing } from './none-word.ts';
import { headingsOf, sectionsOf, titled } from './sections.ts';

/**
 * What the result of a PRD is compared in with the reference that its `Quality bar` names: the items of that section,
 * numbered from 1, or what it says as a whole; null without such a section. The text alone decides, so that every
 * round is about the same list.
 */
export function contestTasksOf({ body }: Pick<Issue, 'body'>): readonly Criterion[] | null {
  const text = visibleText(body);
  const outline = { body: text, headings: headingsOf(text), home: { repo: '', hosts: new Set<string>() } };
  const sections = sectionsOf(outline, heading => (QUALITY_BAR(heading, outline.home) === null ? null : ''));
  const said = sections
    .map(section => section.text)
    .join('\n')
    .trim();
  if (said === '' || saysNothing(said)) return null;
  const items = itemsOf(said);
  const tasks = items.length === 0 ? [said.replaceAll(/\s+/g, ' ')] : items;
  return tasks.slice(0, MOST_TASKS).map((task, index) => ({ id: String(index + 1), text: task }));
}

const QUALITY_BAR = titled('quality[ \\t]+bar');

/** A judge reads all of it twice. */
export const MOST_TASKS = 10;
