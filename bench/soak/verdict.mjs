/** What is wrong with the end of a soak: one line for each promise that was not kept. */
export async function problemsOf({ api, git }, numbers) {
  const pulls = await everyPage(api, 'pulls?state=all');
  const problems = [];
  for (const number of numbers) {
    const merged = pulls.filter(({ merged_at, head }) => merged_at && head.ref === `issue/${number}`);
    if (merged.length !== 1) problems.push(`#${number} was merged ${merged.length} times`);
    const entries = journalOf(git, number);
    const attempts = op => entries.filter(entry => entry.op === op).map(({ attempt }) => attempt);
    if (String(attempts('claim')) !== String(attempts('receipt'))) {
      problems.push(`#${number} has claims ${attempts('claim')} and receipts ${attempts('receipt')}`);
    }
    if (entries.at(-1)?.op !== 'release') problems.push(`#${number} is still held`);
    const comments = await api('GET', `issues/${number}/comments`);
    if (comments.length > 1) {
      const each = comments.map(
        ({ created_at: at, body }) => `${at} ${body.replaceAll('\n', ' ').slice(0, 200)}`,
      );
      const told = entries.map(({ at, op, fleet, attempt }) => `${at} ${op} ${attempt} of ${fleet}`);
      problems.push(`#${number} has ${comments.length} comments: ${[...each, ...told].join('\n  ')}`);
    }
    if (git('show', `HEAD:work/${number}.txt`) !== `${number}\n`)
      problems.push(`#${number} has other content`);
  }
  return problems;
}

/** How far a soak is, by git alone: what asks the API would take from what the fleets may ask. */
export function progressOf(git, numbers) {
  const files = new Set(git('ls-tree', '--name-only', 'HEAD', 'work/').trim().split('\n'));
  const left = numbers.filter(number => !files.has(`work/${number}.txt`));
  const tips = git('for-each-ref', '--format=%(subject)', 'refs/harness/issues').trim().split('\n');
  // No tip at all: they are all in the archive.
  const isFree = tip => tip === '' || JSON.parse(tip).op === 'release';
  return { merged: numbers.length - left.length, left, isOver: left.length === 0 && tips.every(isFree) };
}

/** A journal's entries, also when it is in the archive by now. */
export function journalOf(git, number) {
  const ref = `refs/harness/issues/${number}`;
  if (git('for-each-ref', ref) === '') {
    return JSON.parse(git('show', `refs/harness/archive:issues/${number}.json`)).entries;
  }
  const lines = git('log', '--reverse', '--format=%s', ref).trim().split('\n');
  return lines.map(line => JSON.parse(line));
}

/** Every row of a list, 100 at a time. */
async function everyPage(api, route) {
  const rows = [];
  for (let page = 1; ; page += 1) {
    const some = await api('GET', `${route}&per_page=100&page=${page}`);
    rows.push(...some);
    if (some.length < 100) return rows;
  }
}
