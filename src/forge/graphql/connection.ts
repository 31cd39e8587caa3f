import { GraphQLError } from 'graphql';

/** The arguments of a connection. */
export interface Slice {
  readonly first?: number | null;
  readonly last?: number | null;
  readonly after?: string | null;
}

/** One page of a connection, with nodes drawn when they are asked for. Cursors are offsets. */
export function connectionOf<T, N>(rows: readonly T[], slice: Slice, draw: (row: T) => N) {
  const size = sizeOf(slice);
  const start =
    slice.last === undefined || slice.last === null ? offsetOf(slice.after) : Math.max(0, rows.length - size);
  const page = rows.slice(start, start + size);
  const end = start + page.length;
  return {
    totalCount: rows.length,
    nodes: () => page.map(draw),
    pageInfo: {
      hasNextPage: end < rows.length,
      hasPreviousPage: start > 0,
      startCursor: page.length === 0 ? null : cursorOf(start + 1),
      endCursor: page.length === 0 ? null : cursorOf(end),
    },
  };
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
