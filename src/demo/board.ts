/** The demo's own view of the forge: over HTTP, as a person's browser would see it. */
export interface DemoBoard {
  issues(): Promise<readonly IssueView[]>;
  pulls(): Promise<readonly PullView[]>;
  fileIssue(issue: { title: string; body: string; labels: readonly string[] }): Promise<number>;
  /** First line of the engine's status comment; empty when there is none. */
  statusOf(issue: number): Promise<string>;
  /** Whether a file is on the default branch. */
  hasFile(path: string): Promise<boolean>;
}

export interface IssueView {
  readonly number: number;
  readonly title: string;
  readonly state: string;
  readonly labels: readonly { readonly name: string }[];
  readonly pull_request?: unknown;
}

export interface PullView {
  readonly number: number;
  readonly merged_at: string | null;
  readonly merge_commit_sha: string | null;
  readonly head: { readonly ref: string };
}

export function openBoard({
  apiUrl,
  repo,
  token,
}: {
  apiUrl: string;
  repo: string;
  token: string;
}): DemoBoard {
  const ask = (path: string, body?: object) =>
    fetch(`${apiUrl}/repos/${repo}/${path}`, {
      headers: { authorization: `Bearer ${token}`, 'user-agent': 'harness-demo' },
      ...(body ? { method: 'POST', body: JSON.stringify(body) } : {}),
    });
  const call = async <T>(path: string, body?: object): Promise<T> => {
    const response = await ask(path, body);
    if (!response.ok) throw new Error(`The forge answered ${response.status} to ${path}.`);
    return (await response.json()) as T;
  };
  return {
    issues: async () => {
      const rows = await call<IssueView[]>('issues?state=all&per_page=100&sort=created&direction=asc');
      return rows.filter(row => !row.pull_request);
    },
    pulls: () => call<PullView[]>('pulls?state=all&per_page=100'),
    fileIssue: async issue => (await call<IssueView>('issues', issue)).number,
    statusOf: async issue => {
      const comments = await call<{ body: string }[]>(`issues/${issue}/comments`);
      const lines = comments.at(-1)?.body.split('\n') ?? [];
      return lines.find(line => line !== '' && !line.startsWith('<!--')) ?? '';
    },
    hasFile: async path => (await ask(`contents/${path}`)).ok,
  };
}
