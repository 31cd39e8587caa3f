// https://docs.github.com/en/issues/tracking-your-work-with-issues/using-issues/linking-a-pull-request-to-an-issue
const CLOSING =
  /\b(?:close[sd]?|fix(?:e[sd])?|resolve[sd]?):?\s+(?:([\w.-]+\/[\w.-]+)?#|https?:\/\/[^/\s]+\/([\w.-]+\/[\w.-]+)\/issues\/)(\d+)\b/gi;

/** Numbers of the issues of `repo` that a pull request's body says it closes; ascending, each once. */
export function closedBy(body: string, repo: string): readonly number[] {
  const own = repo.toLowerCase();
  const numbers = [...body.matchAll(CLOSING)]
    .filter(([, short, long]) => (short ?? long ?? own).toLowerCase() === own)
    .map(([, , , number]) => Number(number));
  return [...new Set(numbers)].sort((a, b) => a - b);
}
