import { segmentsOf } from '../grammar/scope.ts';
import { LINE_CHARACTERS, LIST_ITEMS, TEXT_CHARACTERS, TITLE_CHARACTERS } from './limits.ts';

/** What is wrong with a title, one sentence each; `where` names it for the agent. */
export function titleProblems(where: string, title: string): readonly string[] {
  const label = `${where}: its title`;
  return [
    ...lineProblems(label, title, TITLE_CHARACTERS),
    ...(/^\s*\[AFK\] PRD:/i.test(title) ? [`${label} must not start with "[AFK] PRD:"`] : []),
  ];
}

/** What is wrong with a free text that may have many lines. */
export function textProblems(label: string, text: string): readonly string[] {
  return [
    ...(text.trim() === '' ? [`${label} is empty`] : []),
    ...(text.length > TEXT_CHARACTERS
      ? [`${label} has ${text.length} characters; at most ${TEXT_CHARACTERS} are taken`]
      : []),
    ...(MARKER.test(text) ? [`${label} holds a marker that only the engine writes ("<!-- harness:")`] : []),
  ];
}

/** What is wrong with a list of single lines. */
export function listProblems(label: string, lines: readonly string[], least: number): readonly string[] {
  if (lines.length < least) return [`${label} has ${lines.length} items; at least ${least} are needed`];
  if (lines.length > LIST_ITEMS)
    return [`${label} has ${lines.length} items; at most ${LIST_ITEMS} are taken`];
  return lines.flatMap((line, index) => lineProblems(`${label}, item ${index + 1}`, line, LINE_CHARACTERS));
}

/** What is wrong with the paths that an issue declares. */
export function scopeProblems(label: string, paths: readonly string[]): readonly string[] {
  const wrong = listProblems(label, paths, 0);
  if (wrong.length > 0) return wrong;
  return paths.flatMap(path => {
    if (!PATH.test(path)) return [`${label}: "${path}" is not a plain path inside the repository`];
    return segmentsOf(path).length === 0
      ? [`${label}: "${path}" claims everything; name what is changed`]
      : [];
  });
}

function lineProblems(label: string, line: string, limit: number): readonly string[] {
  if (line.trim() === '') return [`${label} is empty`];
  return [
    ...(line.length > limit ? [`${label} has ${line.length} characters; at most ${limit} are taken`] : []),
    ...(CONTROL.test(line) ? [`${label} must be one line without control characters`] : []),
    ...(MARKER.test(line) ? [`${label} holds a marker that only the engine writes ("<!-- harness:")`] : []),
  ];
}

/** A marker that only the engine writes. */
export const MARKER = /<!--\s*harness\b/i;
const CONTROL = /[\p{Cc}\u2028\u2029]/u;
// No absolute path, no way out, nothing that would end the code span it is shown in.
const PATH = /^(?!\/)(?!(?:.*\/)?\.\.(?:\/|$))[^\s`\\]+$/;
