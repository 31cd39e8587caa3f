import type { Target } from '../core/world.ts';
import { HarnessError } from '../errors.ts';

const COLUMNS = ['id', 'repo', 'deps', 'description'];

/**
 * The units of a `multi` fleet from the text of targets.tsv: a line each, with tabs between id, repository
 * (`owner/name`, or `name` with HARNESS_OWNER), ids of the units that must be complete first (with commas; `-`
 * or nothing for none) and a description. The first line may name the columns; `#` begins a comment line.
 * `where` names the file for people. Throws `config-invalid` with file and line.
 */
export function parseTargets(text: string, where: string): readonly Target[] {
  return text.split('\n').flatMap((line, index) => {
    const content = line.replace(/\r$/, '').replace(/^\ufeff/, '');
    if (content.trim() === '' || content.trimStart().startsWith('#')) return [];
    const cells = content.split('\t').map(cell => cell.trim());
    if (cells.every((cell, at) => cell.toLowerCase() === COLUMNS[at])) return [];
    return [targetOf(cells, `${where}:${index + 1}`)];
  });
}

function targetOf(cells: readonly string[], place: string): Target {
  const [id = '', repo = '', deps = '', description = ''] = cells;
  if (cells.length > COLUMNS.length) {
    throw invalid(`${place}: ${cells.length} columns; expected at most ${COLUMNS.length}.`);
  }
  if (repo === '') {
    const hint = /\s/.test(id) ? ' Are there blanks where tabs belong?' : '';
    throw invalid(`${place}: no repository in the second column.${hint}`);
  }
  if (!ID.test(id)) {
    throw invalid(
      `${place}: ${JSON.stringify(id)} can't be an id; expected up to 32 letters, digits, - and _, not - first.`,
    );
  }
  return { id, repo, deps: depsIn(deps), description };
}

// It becomes a part of names of sessions, refs and files.
const ID = /^[A-Za-z0-9_][\w-]{0,31}$/;

const depsIn = (cell: string) =>
  cell === '-'
    ? []
    : cell
        .split(',')
        .map(dep => dep.trim())
        .filter(dep => dep !== '');

const invalid = (message: string) =>
  new HarnessError('config-invalid', message, {
    fix: `A line is ${COLUMNS.join(', ')}, with tabs between them: web\\tacme/web\\tapi,lib\\tThe site.`,
  });
