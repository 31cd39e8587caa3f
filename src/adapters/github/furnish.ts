import * as z from 'zod';
import { type Label, sameLabel } from '../../core/labels.ts';
import type { Client } from './client.ts';
import { parseBody, statusOf } from './failure.ts';
import { readAll } from './pages.ts';
import { readRepositoryFacts } from './repository-facts.ts';
import { writeAgain, writeOnce } from './write.ts';

const LabelRow = z.object({ name: z.string() });

const CreatedRow = z.object({ full_name: z.string() });

/** Those of the labels that a repository does not have yet (`GET /repos/{owner}/{repo}/labels`). */
export async function missingLabels(
  client: Client,
  repo: string,
  labels: readonly Label[],
): Promise<readonly Label[]> {
  const rows = await readAll(client, {
    path: `repos/${repo}/labels`,
    query: { per_page: 100 },
    row: LabelRow,
  });
  return labels.filter(({ name }) => !rows.some(row => sameLabel(row.name, name)));
}

/** Adds a label (`POST /repos/{owner}/{repo}/labels`). That it came to be meanwhile is as good. */
export async function addLabel(client: Client, repo: string, label: Label): Promise<void> {
  const url = `/repos/${repo}/labels`;
  try {
    await writeAgain(async () => {
      const answer = await client.request({ method: 'POST', url, data: { ...label } });
      return parseBody(LabelRow, answer.data as unknown, `POST ${url}`);
    });
  } catch (error) {
    if (statusOf(error) !== 422 || (await missingLabels(client, repo, [label])).length > 0) throw error;
  }
}

/**
 * Creates a repository with a first commit, so that it has a default branch: of the login itself (`POST
 * /user/repos`), or of an organisation (`POST /orgs/{org}/repos`). It was not there before.
 */
export async function createRepository(
  client: Client,
  wanted: {
    readonly repo: string;
    readonly login: string;
    readonly description: string;
    readonly isPublic: boolean;
    readonly pace: boolean;
  },
): Promise<void> {
  const [owner = '', name = ''] = wanted.repo.split('/');
  const isOwn = owner.toLowerCase() === wanted.login.toLowerCase();
  const url = isOwn ? '/user/repos' : `/orgs/${owner}/repos`;
  const data = { name, description: wanted.description, private: !wanted.isPublic, auto_init: true };
  await writeOnce<unknown>({
    async send() {
      const answer = await client.request({ method: 'POST', url, data });
      return parseBody(CreatedRow, answer.data as unknown, `POST ${url}`);
    },
    look: () => readRepositoryFacts(client, wanted.repo),
    pace: wanted.pace,
  });
}
