import { journalOf } from './verdict.mjs';

/** Says what it took, and how the workers have grown that nobody killed. */
export function report({ town, numbers, seconds, kills, retries, samples, problems }) {
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
  for (const [at] of (samples[0] ?? []).entries()) {
    const of = samples.flatMap(sample => sample[at] ?? []);
    if (of.length < samples.length) continue;
    const tenth = Math.max(1, Math.floor(of.length / 10));
    // The first tenth is the start-up.
    say(
      `worker ${at + 1}: ${sizeIn(of.slice(tenth, 2 * tenth))} at first, ${sizeIn(of.slice(-tenth))} in the end`,
    );
  }
  for (const problem of problems) say(`broken: ${problem}`);
  say(problems.length === 0 ? 'Every issue was merged once, every attempt has one receipt.' : 'FAILED');
}

const sizeIn = sizes =>
  `${mean(sizes.map(({ megabytes }) => megabytes))} MB and ${mean(sizes.map(({ files }) => files))} files`;

const mean = values => (values.reduce((sum, value) => sum + value, 0) / values.length).toFixed(0);

export function say(text) {
  process.stdout.write(`${text}\n`);
}
