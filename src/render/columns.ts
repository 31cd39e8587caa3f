/** Lays rows out in columns that fit a terminal's width: the last column is cut, the others are as wide as needed. */
export function columns(rows: readonly (readonly string[])[], width: number): string {
  const count = Math.max(0, ...rows.map(row => row.length));
  const widths = Array.from({ length: count }, (_none, index) =>
    Math.max(...rows.map(row => lengthOf(row[index] ?? ''))),
  );
  return rows.map(row => line(row, widths, width)).join('\n');
}

const GAP = '  ';

function line(row: readonly string[], widths: readonly number[], width: number): string {
  const cells = row.map((cell, index) =>
    index === row.length - 1 ? cell : cell + ' '.repeat((widths[index] ?? 0) - lengthOf(cell)),
  );
  return cutToWidth(cells.join(GAP).trimEnd(), width);
}

/** Cuts a line to a width in characters, with an ellipsis; text only, no colours. */
export function cutToWidth(text: string, width: number): string {
  const characters = [...text];
  return characters.length <= width ? text : `${characters.slice(0, Math.max(0, width - 1)).join('')}…`;
}

/** A text in lines of a width, broken between words; a word that is longer has a line of its own. */
export function wrapped(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (line !== '' && lengthOf(longer) > width) {
      lines.push(line);
      line = word;
    } else line = longer;
  }
  return [...lines, line];
}

const lengthOf = (text: string) => [...text].length;
