import { REPO, type Town, until } from '../fleet.ts';

/** Waits until a person could look at the pull request of each issue, then closes both. */
export async function refuseAll(town: Town, issues: readonly number[]): Promise<void> {
  for (const issue of issues) {
    const pull = await pullOf(town, issue);
    await as(town, town.token, 'PATCH', `issues/${issue}`, { state: 'closed' });
    await as(town, town.token, 'PATCH', `pulls/${pull}`, { state: 'closed' });
  }
}

/** The same once a label says that a person has to decide. */
export async function refuseWhenAsked(town: Town, issues: readonly number[]): Promise<void> {
  for (const issue of issues) {
    await until(`#${issue} waits for a person`, 240_000, async () => {
      const { labels } = await town.api<{ readonly labels: readonly { readonly name: string }[] }>(
        `issues/${issue}`,
      );
      return labels.some(({ name }) => name === 'agent-blocked');
    });
  }
  await refuseAll(town, issues);
}

/** The number of an issue's pull request, once it is there. */
async function pullOf(town: Town, issue: number): Promise<number | undefined> {
  const rows = () => town.api<readonly { readonly number: number }[]>(`pulls?head=acme:issue/${issue}`);
  await until(`#${issue} has a pull request`, 240_000, async () => (await rows()).length > 0);
  return (await rows())[0]?.number;
}

const as = (town: Town, token: string, method: string, route: string, body: object) =>
  fetch(`${town.forge.apiUrl}/repos/${REPO}/${route}`, {
    method,
    headers: { authorization: `Bearer ${token}` },
    body: JSON.stringify(body),
  });
