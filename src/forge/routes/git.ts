import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { createGunzip } from 'node:zlib';
import { allows, roleIn } from '../access.ts';
import { settleRefs } from '../board/settle.ts';
import type { BackendAnswer } from '../git/backend.ts';
import { askBackend } from '../git/backend.ts';
import { webStreamOf } from '../git/chunks.ts';
import { readPushCommands } from '../git/push-commands.ts';
import { type PushRules, refusalEnvironment } from '../git/push-rules.ts';
import type { ForgeContext } from '../http/environment.ts';
import { loginOf, pathPart } from '../http/environment.ts';
import type { Parts } from '../parts.ts';
import type { RepositoryRecord } from '../records.ts';
import { nameOf } from '../records.ts';
import type { ForgeRoutes } from './app.ts';

/** git over smart HTTP at `/<owner>/<repo>.git`, by `git http-backend`. */
export function addGitRoutes(app: ForgeRoutes, parts: Parts, rules: PushRules): void {
  app.get('/:owner/:repo/info/refs', async c => {
    const service = c.req.query('service') ?? '';
    if (service !== 'git-upload-pack' && service !== 'git-receive-pack') {
      return c.text('Please upgrade your git client.\n', 403);
    }
    const opened = openForGit(c, parts, service === 'git-receive-pack');
    if (opened instanceof Response) return opened;
    return relay(await ask(c, parts, { repository: opened, service: 'info/refs', body: null }));
  });

  app.post('/:owner/:repo/git-upload-pack', async c => {
    const opened = openForGit(c, parts, false);
    if (opened instanceof Response) return opened;
    const body = bodyOf(c);
    return relay(await ask(c, parts, { repository: opened, service: 'git-upload-pack', body }));
  });

  app.post('/:owner/:repo/git-receive-pack', async c => {
    const opened = openForGit(c, parts, true);
    if (opened instanceof Response) return opened;
    return receivePush(c, parts, { repository: opened, rules });
  });
}

/** Takes the push, and brings the board in line before the client hears of its success. */
async function receivePush(
  c: ForgeContext,
  parts: Parts,
  { repository, rules }: { repository: RepositoryRecord; rules: PushRules },
): Promise<Response> {
  const login = loginOf(c) ?? '';
  const body = bodyOf(c);
  const { commands, read } = await readPushCommands(body);
  const answer = await ask(c, parts, {
    repository,
    service: 'git-receive-pack',
    body,
    begun: read,
    environment: refusalEnvironment(parts, { repository, login, commands, rules }),
  });
  const report = await buffer(answer.body);
  await answer.ended;
  if (commands.length > 0) {
    const name = nameOf(repository);
    await parts.inTurn(name, async () => {
      await parts.refs.reload(name);
      await settleRefs(parts, name, login);
    });
  }
  return new Response(new Uint8Array(report), { status: answer.status, headers: headersOf(answer) });
}

function ask(
  c: ForgeContext,
  parts: Parts,
  request: {
    repository: RepositoryRecord;
    service: string;
    body: Readable | null;
    begun?: Buffer;
    environment?: Readonly<Record<string, string>>;
  },
): Promise<BackendAnswer> {
  return askBackend(parts.git, {
    method: c.req.method,
    path: `/${nameOf(request.repository)}.git/${request.service}`,
    query: new URL(c.req.url).search.slice(1),
    contentType: c.req.header('content-type') ?? '',
    protocol: c.req.header('git-protocol') ?? '',
    login: loginOf(c),
    environment: request.environment ?? {},
    begun: request.begun ?? null,
    body: request.body,
  });
}

function bodyOf(c: ForgeContext): Readable {
  const { incoming } = c.env;
  return c.req.header('content-encoding') === 'gzip' ? incoming.pipe(createGunzip()) : incoming;
}

function relay(answer: BackendAnswer): Response {
  return new Response(webStreamOf(answer.body), { status: answer.status, headers: headersOf(answer) });
}

function headersOf(answer: BackendAnswer): [string, string][] {
  return answer.headers.map(([name, value]) => [name, value]);
}

/** The repository of the path, or the answer that git understands as a refusal. */
function openForGit(c: ForgeContext, parts: Parts, push: boolean): RepositoryRecord | Response {
  const header = c.req.header('authorization');
  const login = loginOf(c);
  const isBasic = header === undefined || /^basic /i.test(header);
  if (!isBasic || (header !== undefined && login === null)) return askForPassword(c);
  const name = `${pathPart(c, 'owner')}/${pathPart(c, 'repo').replace(/\.git$/, '')}`;
  const repository = parts.store.repository(name);
  const role = repository === undefined ? null : roleIn(parts.accounts, repository, login);
  if (repository === undefined || role === null) {
    return login === null ? askForPassword(c) : c.text('Repository not found.\n', 404);
  }
  if (!push) return repository;
  if (login === null) return askForPassword(c);
  if (repository.archived) return c.text('This repository was archived so it is read-only.\n', 403);
  if (!allows(role, 'write')) return c.text(`Permission to ${name}.git denied to ${login}.\n`, 403);
  return repository;
}

function askForPassword(c: ForgeContext): Response {
  c.header('www-authenticate', 'Basic realm="GitHub"');
  return c.text('Invalid username or token.\n', 401);
}
