import { pick } from './pick.mjs';

/** Files issues; about half of them wait for one or two earlier ones. Returns their numbers. */
export async function fileIssues({ api }, count) {
  const numbers = [];
  for (let at = 0; at < count; at += 1) {
    const after = new Set();
    while (at > 0 && Math.random() < 0.45 && after.size < 2) after.add(pick(numbers.slice(-30)));
    const blockers = [...after].map(number => `- #${number}\n`).join('');
    const { number } = await api('POST', 'issues', {
      title: `Piece ${at + 1}`,
      body: blockers ? `Do it.\n\n## Blocked by\n\n${blockers}` : 'Do it.',
      labels: ['ready-for-agent'],
    });
    numbers.push(number);
  }
  return numbers;
}
