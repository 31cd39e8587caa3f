import type { DocumentNode, GraphQLError } from 'graphql';
import { execute, parse, validate } from 'graphql';
import { timestampOf } from '../clock.ts';
import { answer } from '../http/answers.ts';
import type { ForgeContext } from '../http/environment.ts';
import { listViewOf, loginOf } from '../http/environment.ts';
import { ApiFailure } from '../http/failures.ts';
import type { Limits } from '../http/limits.ts';
import { answerGraphqlLimit, whoIs } from '../http/rate-limit.ts';
import type { Parts } from '../parts.ts';
import type { ForgeRoutes } from '../routes/app.ts';
import { costOf } from './cost.ts';
import type { Drawing } from './nodes.ts';
import { actorNode } from './nodes.ts';
import { findRepositoryNode } from './repository-node.ts';
import { SCHEMA } from './schema.ts';

/** `POST /graphql`. Failures are errors in an answer with status 200, as on GitHub. */
export function addGraphql(app: ForgeRoutes, parts: Parts, limits: Limits): void {
  app.post('/graphql', async c => {
    const login = loginOf(c);
    if (login === null) throw new ApiFailure(401, 'This endpoint requires you to be authenticated.');
    if (limits.quotaOf(login, 'graphql').remaining === 0) {
      return answerGraphqlLimit(c, whoIs(parts.accounts, login));
    }
    const request = await requestOf(c);
    const checked = checkQuery(request.query);
    if (checked.kind === 'refused') return answer(c, { errors: checked.errors.map(errorShape) });
    const cost = costOf(checked.document, request.variables);
    c.set('graphqlCost', cost);
    const result = await execute({
      schema: SCHEMA,
      document: checked.document,
      rootValue: rootOf({ view: listViewOf(c, parts), parts }, { limits, login, cost }),
      variableValues: request.variables,
      operationName: request.operationName,
    });
    const errors = result.errors === undefined ? {} : { errors: result.errors.map(errorShape) };
    return answer(c, { data: result.data ?? null, ...errors });
  });
}

interface GraphqlRequest {
  readonly query: string;
  readonly variables: Record<string, unknown>;
  readonly operationName: string | null;
}

async function requestOf(c: ForgeContext): Promise<GraphqlRequest> {
  let body: Partial<GraphqlRequest> | null;
  try {
    body = JSON.parse(await c.req.text()) as Partial<GraphqlRequest> | null;
  } catch {
    throw new ApiFailure(400, 'Problems parsing JSON');
  }
  if (typeof body?.query !== 'string')
    throw new ApiFailure(400, 'A query attribute must be specified and must be a string.');
  return { query: body.query, variables: body.variables ?? {}, operationName: body.operationName ?? null };
}

type CheckedQuery =
  | { readonly kind: 'fits'; readonly document: DocumentNode }
  | { readonly kind: 'refused'; readonly errors: readonly GraphQLError[] };

/** Queries that were checked once; clients send the same few. */
const checkedQueries = new Map<string, CheckedQuery>();

function checkQuery(query: string): CheckedQuery {
  const known = checkedQueries.get(query);
  if (known !== undefined) return known;
  const checked = parseQuery(query);
  if (checkedQueries.size > 200) checkedQueries.clear();
  checkedQueries.set(query, checked);
  return checked;
}

function parseQuery(query: string): CheckedQuery {
  let document: DocumentNode;
  try {
    document = parse(query);
  } catch (error) {
    return { kind: 'refused', errors: [error as GraphQLError] };
  }
  const errors = validate(SCHEMA, document);
  return errors.length > 0 ? { kind: 'refused', errors } : { kind: 'fits', document };
}

function rootOf(drawing: Drawing, { limits, login, cost }: { limits: Limits; login: string; cost: number }) {
  return {
    viewer: () => actorNode(drawing, login),
    repository: (name: { owner: string; name: string }) => findRepositoryNode(drawing, name),
    rateLimit() {
      const { limit, remaining, used, reset } = limits.quotaOf(login, 'graphql');
      const resetAt = timestampOf(reset * 1000);
      return {
        limit,
        cost,
        nodeCount: 0,
        resetAt,
        remaining: Math.max(0, remaining - cost),
        used: used + cost,
      };
    },
  };
}

/** GitHub puts the kind of an error beside its message. */
function errorShape({ message, path, locations, extensions }: GraphQLError) {
  const { type } = extensions;
  return {
    ...(type === undefined ? {} : { type }),
    ...(path === undefined ? {} : { path }),
    ...(locations === undefined ? {} : { locations }),
    message,
  };
}
