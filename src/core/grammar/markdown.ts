/**
 * A Markdown body with code fences and HTML comments blanked out, and with line feeds only.
 * A fence that is not closed runs to the end of the body or of its list item, as on GitHub. A comment that
 * is not closed is text: a forgotten `-->` must not hide what an issue waits for.
 */
export function visibleText(body: string): string {
  const marked = body.charCodeAt(0) === BYTE_ORDER_MARK ? body.slice(1) : body;
  const text = marked.includes('\r') ? marked.replace(/\r\n?/g, '\n') : marked;
  return FENCE_OR_COMMENT.test(text) ? visibleLines(text.split('\n')).join('\n') : text;
}

function visibleLines(lines: readonly string[]): readonly string[] {
  const lastCommentEnd = lines.findLastIndex(line => line.includes(COMMENT_END));
  let fence: Fence | null = null;
  let isComment = false;
  let listColumn = 0;

  return lines.map((line, index) => {
    if (isComment) {
      const end = line.indexOf(COMMENT_END);
      if (end === -1) return '';
      isComment = false;
      return uncommented(` ${line.slice(end + COMMENT_END.length)}`, index);
    }
    const start = indentOf(line);
    const isBlank = start.offset === line.length;
    if (fence !== null && (isBlank || start.column >= fence.container)) {
      if (closesFence(line, start, fence)) fence = null;
      return '';
    }
    fence = null;
    if (!isBlank && start.column < listColumn) listColumn = 0;
    const content = skipBullet(line, start);
    if (content !== start) listColumn = content.column;
    // Inside a list item the indent of four that makes plain code starts at the item's own text.
    const isIndentedCode = content.column - listColumn > 3;
    const opened = isIndentedCode ? null : openFence(line, content.offset);
    if (opened !== null) {
      fence = { ...opened, container: listColumn };
      return '';
    }
    return uncommented(line, index);
  });

  function uncommented(line: string, index: number): string {
    if (!line.includes(COMMENT_START)) return line;
    const { text, isOpen } = withoutComments(line, index < lastCommentEnd);
    isComment = isOpen;
    return text;
  }
}

// Some editors put one first; CommonMark passes over it, so the line after it can be a heading.
const BYTE_ORDER_MARK = 0xfeff;

const FENCE_OR_COMMENT = /```|~~~|<!--/;
const COMMENT_START = '<!--';
const COMMENT_END = '-->';

interface Fence {
  readonly mark: string;
  readonly length: number;
  /** Column at which the text of the list item around it starts; 0 outside lists. */
  readonly container: number;
}

/** A place in a line, with the column at which it is shown: a tab goes to the next multiple of four. */
export interface Place {
  readonly offset: number;
  readonly column: number;
}

/** Where a line's text starts. */
export function indentOf(line: string): Place {
  return skipBlanks(line, { offset: 0, column: 0 });
}

function skipBlanks(line: string, { offset, column }: Place): Place {
  let at = offset;
  let shownAt = column;
  for (; line[at] === ' ' || line[at] === '\t'; at += 1) {
    shownAt += line[at] === '\t' ? 4 - (shownAt % 4) : 1;
  }
  return { offset: at, column: shownAt };
}

/** Where the text after list markers starts; `start` itself when there is none. */
function skipBullet(line: string, start: Place): Place {
  let place = start;
  for (;;) {
    const marker = BULLET.exec(line.slice(place.offset, place.offset + 12))?.[0];
    if (marker === undefined) return place;
    const after = { offset: place.offset + marker.length, column: place.column + marker.length };
    const content = skipBlanks(line, after);
    // More than four blanks after a marker belong to the item's text: they make it code.
    place =
      content.column - after.column > 4 ? { offset: after.offset + 1, column: after.column + 1 } : content;
  }
}

const BULLET = /^(?:[-*+]|\d{1,9}[.)])(?=[ \t])/;

function openFence(line: string, offset: number): Omit<Fence, 'container'> | null {
  const mark = line[offset];
  if (mark !== '`' && mark !== '~') return null;
  const length = runLength(line, offset);
  if (length < 3) return null;
  // Backticks after the opening run make it inline code.
  if (mark === '`' && line.includes('`', offset + length)) return null;
  return { mark, length };
}

function closesFence(line: string, start: Place, fence: Fence): boolean {
  if (line[start.offset] !== fence.mark || start.column - fence.container > 3) return false;
  const length = runLength(line, start.offset);
  return length >= fence.length && line.slice(start.offset + length).trim() === '';
}

function runLength(line: string, offset: number): number {
  let end = offset;
  while (line[end] === line[offset] && end < line.length) end += 1;
  return end - offset;
}

/** A line without its comments; `isOpen` when the last one goes on in the next line. */
function withoutComments(
  line: string,
  endsLater: boolean,
): { readonly text: string; readonly isOpen: boolean } {
  const codeEnd = inlineCodeEnds(line);
  let text = '';
  let at = 0;
  while (at < line.length) {
    const code = codeEnd.get(at);
    if (code !== undefined) {
      text += line.slice(at, code);
      at = code;
    } else if (line.startsWith(COMMENT_START, at)) {
      const end = line.indexOf(COMMENT_END, at + COMMENT_START.length);
      if (end === -1 && endsLater) return { text, isOpen: true };
      if (end === -1) return { text: text + line.slice(at), isOpen: false };
      text += ' ';
      at = end + COMMENT_END.length;
    } else {
      text += line[at];
      at += 1;
    }
  }
  return { text, isOpen: false };
}

/** Where each span of inline code of a line starts and ends: a run of backticks up to the next run as long. */
function inlineCodeEnds(line: string): ReadonlyMap<number, number> {
  const runs = [...line.matchAll(/`+/g)].map(run => ({ start: run.index, length: run[0].length }));
  const nextOfLength = new Map<number, number>();
  const closedBy = new Array<number | undefined>(runs.length);
  for (let index = runs.length - 1; index >= 0; index -= 1) {
    const length = runs[index]?.length as number;
    closedBy[index] = nextOfLength.get(length);
    nextOfLength.set(length, index);
  }
  const ends = new Map<number, number>();
  for (let index = 0; index < runs.length; index += 1) {
    const opening = runs[index];
    const closing = closedBy[index];
    if (!opening || closing === undefined) continue;
    const end = runs[closing];
    if (!end) continue;
    ends.set(opening.start, end.start + end.length);
    index = closing;
  }
  return ends;
}
