import { GraphQLError } from 'graphql';

/** The arguments of a connection. */
export interface Slice {
  readonly first?: number | null;
  readonly last?: number | null;
  readonly after?: string | null;
}

/**
 * One page of a connection, with nodes drawn when they are asked for. Cursors are offsets. The count alone
 * needs no `first` or `last`, as on GitHub.
 */
export function connectionOf<T, N>(rows: readonly T[], slice: Slice, draw: (row: T) => N) {
  const page = () => cutPage(rows, slice);
  return {
    totalCount: rows.length,
    nodes: () => page().rows.map(draw),
    edges() {
      const { start, rows: shown } = page();
      return shown.map((row, index) => ({ cursor: cursorOf(start + index + 1), node: draw(row) }));
    },
    pageInfo() {
      const { start, end } = page();
      return {
        hasNextPage: end < rows.length,
        hasPreviousPage: start > 0,
        startCursor: start === end ? null : cursorOf(start + 1),
        endCursor: start === end ? null : cursorOf(end),
      };
    },
  };
}

function cutPage<T>(rows: readonly T[], slice: Slice) {
  const size = sizeOf(slice);
  const isLast = slice.last !== undefined && slice.last !== null;
  const start = isLast ? Math.max(0, rows.length - size) : offsetOf(slice.after);
  const shown = rows.slice(start, start + size);
  return { start, end: start + shown.length, rows: shown };
}

const MOST = 100;

function sizeOf({ first, last }: Slice): number {
  const size = first ?? last;
  if (size === undefined || size === null) {
    throw new GraphQLError(
      'You must provide a `first` or `last` value to properly paginate the connection.',
      {
        extensions: { type: 'MISSING_PAGINATION_BOUNDARIES' },
      },
    );
  }
  if (size > MOST) {
    throw new GraphQLError(
      `Requesting ${size} records on the connection exceeds the limit of ${MOST} records.`,
      {
        extensions: { type: 'EXCESSIVE_PAGINATION' },
      },
    );
  }
  return Math.max(0, size);
}

function cursorOf(offset: number): string {
  return Buffer.from(`cursor:v2:${offset}`).toString('base64');
}

function offsetOf(cursor: string | null | undefined): number {
  if (cursor === null || cursor === undefined) return 0;
  const [, offset] = /^cursor:v2:(\d+)$/.exec(Buffer.from(cursor, 'base64').toString('utf8')) ?? [];
  if (offset === undefined) {
    throw new GraphQLError(`\`${cursor}\` does not appear to be a valid cursor.`, {
      extensions: { type: 'INVALID_CURSOR_ARGUMENTS' },
    });
  }
  return Number(offset);
}
