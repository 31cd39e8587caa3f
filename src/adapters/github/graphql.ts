import type * as z from 'zod';
import type { Client } from './client.ts';
import { parseBody, statusOf, translateFailure } from './failure.ts';

/**
 * The answer to a GraphQL query; of one with errors the part that could be answered, since a query about many
 * things also fails for a single one that is gone. null for an API without GraphQL (404).
 */
export async function askGraphQL<T>(
  client: Client,
  query: string,
  asked: { readonly variables: Readonly<Record<string, unknown>>; readonly shape: z.ZodType<T> },
): Promise<T | null> {
  const answer = await client.graphql(query, asked.variables).catch((error: unknown) => {
    if (statusOf(error) === 404) return null;
    const part = partialAnswer(error);
    if (part === null) throw translateFailure(error, REQUEST);
    return part;
  });
  return answer === null ? null : parseBody(asked.shape, answer, REQUEST);
}

const REQUEST = 'POST /graphql';

function partialAnswer(error: unknown): unknown {
  const isPartial = error instanceof Error && error.name === 'GraphqlResponseError' && 'data' in error;
  return isPartial ? ((error as { data: unknown }).data ?? null) : null;
}
