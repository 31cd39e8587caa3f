import { Hono } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { ForgeDelays } from '../delays.ts';
import type { PushRules } from '../git/push-rules.ts';
import { addGraphql } from '../graphql/route.ts';
import { authenticate, identify } from '../http/authentication.ts';
import type { ForgeContext, ForgeEnvironment } from '../http/environment.ts';
import { ApiFailure, failureBody, notFound } from '../http/failures.ts';
import type { createFaults } from '../http/faults.ts';
import { injectFaults } from '../http/inject.ts';
import type { Limits } from '../http/limits.ts';
import { countAgainstLimits } from '../http/rate-limit.ts';
import { nameOfRoute, recordRequests } from '../http/record.ts';
import type { createRequestLog } from '../http/request-log.ts';
import { limitSecondarily } from '../http/secondary-limit.ts';
import type { Parts } from '../parts.ts';
import { addAccountRoutes } from './account.ts';
import { addBranchRoutes } from './branches.ts';
import { addCommentRoutes } from './comments.ts';
import { addCommitRoutes } from './commits.ts';
import { addContentRoutes } from './contents.ts';
import { addGitRoutes } from './git.ts';
import { addIssueRoutes } from './issues.ts';
import { addLabelRoutes } from './labels.ts';
import { addPullRoutes } from './pulls.ts';
import { addRefRoutes } from './refs.ts';
import { addRelationRoutes } from './relations.ts';
import { addRepositoryRoutes } from './repositories.ts';
import { addReviewRoutes } from './reviews.ts';
import { addRulesetRoutes } from './rulesets.ts';
import { addStatusRoutes } from './statuses.ts';

export type ForgeRoutes = Hono<ForgeEnvironment>;

/** What the server needs beside the parts that the routes share. */
export interface ServerParts {
  readonly log: ReturnType<typeof createRequestLog>;
  readonly faults: ReturnType<typeof createFaults>;
  readonly limits: Limits;
  readonly delays: ForgeDelays;
  readonly rules: PushRules;
}

/** Every route of the forge, in the order in which requests pass: log, faults, git, sign-in, limits, API. */
export function createRoutes(parts: Parts, server: ServerParts): ForgeRoutes {
  const app: ForgeRoutes = new Hono<ForgeEnvironment>({ getPath: request => pathWithoutPrefix(request.url) });
  app.onError((error, c) => answerFailure(c, error));
  app.notFound(c => answerFailure(c, notFound()));

  app.use(recordRequests({ ...parts, log: server.log }));
  app.use(identify(parts.accounts));
  app.use(injectFaults({ ...parts, ...server }));
  addGitRoutes(app, parts, server.rules);

  app.use(authenticate(parts.clock));
  app.use(countAgainstLimits({ ...parts, limits: server.limits }));
  app.use(limitSecondarily(server.limits));
  addAccountRoutes(app, parts, server.limits);
  addRepositoryRoutes(app, parts);
  addBranchRoutes(app, parts);
  addRulesetRoutes(app, parts);
  addRefRoutes(app, parts);
  addStatusRoutes(app, parts);
  addCommitRoutes(app, parts);
  addContentRoutes(app, parts);
  addCommentRoutes(app, parts);
  addLabelRoutes(app, parts);
  addIssueRoutes(app, parts);
  addRelationRoutes(app, parts);
  addPullRoutes(app, parts);
  addReviewRoutes(app, parts);
  addGraphql(app, parts, server.limits);
  return app;
}

/** `GET /repos/{owner}/{repo}` for each route. */
export function routesOf(app: ForgeRoutes): readonly string[] {
  return app.routes
    .filter(({ path }) => path !== '/*')
    .map(({ method, path }) => `${method} ${nameOfRoute(path)}`);
}

/** GitHub Enterprise serves the same under `/api/v3` and `/api/graphql`. */
function pathWithoutPrefix(url: string): string {
  const start = url.indexOf('/', 8);
  const end = url.indexOf('?', start);
  const path = start < 0 ? '/' : url.slice(start, end < 0 ? undefined : end);
  if (path === '/api/v3') return '/';
  return path.replace(/^\/api\/v3(?=\/)|^\/api(?=\/graphql$)/, '');
}

function answerFailure(c: ForgeContext, error: Error): Response {
  const failure = error instanceof ApiFailure ? error : new ApiFailure(500, `Server Error: ${error.message}`);
  for (const [name, value] of Object.entries(failure.headers)) c.header(name, value);
  return c.json(failureBody(failure), failure.status as ContentfulStatusCode);
}
