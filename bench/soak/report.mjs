import { journalOf } from './verdict.mjs';

/** Says what it took, and how the workers have grown that nobody killed. */
export function report({ town, numbers, seconds, kills, retries, growth, problems }) {
  const attempts = numbers.map(
    number => journalOf(town.git, number).filter(({ op }) => op === 'claim').length,
  );
  const most = Math.max(...attempts);
  const sum = attempts.reduce((total, count) => total + count, 0);
  const struck = Object.entries(kills).map(([what, count]) => `${count} ${what}`);
  say(
    `${numbers.length} issues in ${(seconds / 60).toFixed(1)} min, ${sum} attempts (at most ${most} on one)`,
  );
  say(`killed: ${struck.join(', ') || 'nothing'}; retried by hand: ${retries}`);
  for (const { worker, first, last } of growth) {
    say(`worker ${worker}: ${sizeIn(first)} at first, ${sizeIn(last)} in the end`);
  }
  for (const problem of problems) say(`broken: ${problem}`);
  say(
    problems.length === 0
      ? 'Every issue was merged once, every attempt has one receipt, no worker has grown.'
      : 'FAILED',
  );
}

const sizeIn = ({ megabytes, files }) => `${megabytes.toFixed(0)} MB and ${files.toFixed(0)} files`;

export function say(text) {
  process.stdout.write(`${text}\n`);
}
