import * as z from 'zod';
import type { Client } from './client.ts';
import { askGraphQL } from './graphql.ts';

const EditedIssue = z.object({
  number: z.int(),
  lastEditedAt: z.string().nullable(),
  editor: z.object({ login: z.string() }).nullable(),
});

const Editors = z.object({ repository: z.record(z.string(), EditedIssue.nullable()).nullable() });

/** GitHub's name for an account that is gone. */
const GHOST = 'ghost';

/** GitHub counts a query by its nodes; a hundred issues of one repository cost one point. */
const PER_QUERY = 100;

/**
 * Who edited the bodies of these issues last, by number; null for a body that nobody edited. REST does not
 * tell. An API without GraphQL (404) knows of no edits at all.
 */
export async function readEditors(
  client: Client,
  repo: string,
  numbers: readonly number[],
): Promise<ReadonlyMap<number, string | null>> {
  const editors = new Map<number, string | null>(numbers.map(number => [number, null]));
  for (let from = 0; from < numbers.length; from += PER_QUERY) {
    const answer = await askEditors(client, repo, numbers.slice(from, from + PER_QUERY));
    if (answer === null) return editors;
    for (const issue of Object.values(answer.repository ?? {})) {
      if (issue?.lastEditedAt != null) editors.set(issue.number, issue.editor?.login ?? GHOST);
    }
  }
  return editors;
}

async function askEditors(
  client: Client,
  repo: string,
  numbers: readonly number[],
): Promise<z.infer<typeof Editors> | null> {
  const [owner, name] = repo.split('/');
  const fields = numbers.map(
    number => `i${number}: issue(number: ${number}) { number lastEditedAt editor { login } }`,
  );
  const query = `query($owner: String!, $name: String!) {
    repository(owner: $owner, name: $name) { ${fields.join(' ')} }
  }`;
  return askGraphQL(client, query, { variables: { owner, name }, shape: Editors });
}
