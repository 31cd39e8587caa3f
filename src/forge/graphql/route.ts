import type { DocumentNode, GraphQLError } from 'graphql';
import { execute, OverlappingFieldsCanBeMergedRule, parse, specifiedRules, validate } from 'graphql';
import { answer } from '../http/answers.ts';
import type { ForgeContext } from '../http/environment.ts';
import { listViewOf, loginOf, viewOf } from '../http/environment.ts';
import { ApiFailure } from '../http/failures.ts';
import type { Limits } from '../http/limits.ts';
import { answerGraphqlLimit, whoIs } from '../http/rate-limit.ts';
import type { Parts } from '../parts.ts';
import type { ForgeRoutes } from '../routes/app.ts';
import { costOf } from './cost.ts';
import { errorShape } from './failures.ts';
import { mutationRoots } from './mutations/roots.ts';
import { queryRoots } from './roots.ts';
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
      rootValue: {
        ...queryRoots({ view: listViewOf(c, parts), parts }, { limits, login, cost }),
        ...mutationRoots({ view: viewOf(c, parts), parts, login }),
      },
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

/** gh's own queries ask for one field in two ways, which GitHub lets pass. */
const RULES = specifiedRules.filter(rule => rule !== OverlappingFieldsCanBeMergedRule);

function parseQuery(query: string): CheckedQuery {
  let document: DocumentNode;
  try {
    document = parse(query);
  } catch (error) {
    return { kind: 'refused', errors: [error as GraphQLError] };
  }
  const errors = validate(SCHEMA, document, RULES);
  return errors.length > 0 ? { kind: 'refused', errors } : { kind: 'fits', document };
}
