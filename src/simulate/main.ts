import { parseArgs } from 'node:util';
import { addTo, emptyTally, failureLines, tallyLine } from './report.ts';
import { simulate } from './simulation.ts';

const { values } = parseArgs({
  options: {
    seed: { type: 'string' },
    seeds: { type: 'string', default: '1..100' },
    hosts: { type: 'string', default: '3' },
    issues: { type: 'string', default: '8' },
    repos: { type: 'string', default: '1' },
    lines: { type: 'string', default: '60' },
    keep: { type: 'string', default: '3' },
  },
});

const [first = 1, last = first] = (values.seed ?? values.seeds).split('..').map(Number);
const tally = emptyTally();
const startedAt = performance.now();
const rules: Record<string, number> = {};
for (let seed = first; seed <= last; seed += 1) {
  const result = await simulate({
    seed,
    hosts: Number(values.hosts),
    issues: Number(values.issues),
    repos: Number(values.repos),
    alter: engine => engine,
  });
  addTo(tally, result);
  const v = result.violations[0];
  if (v)
    rules[`${v.rule}: ${v.message.replaceAll(/\b[cth]\d+|\d+/g, 'N').slice(0, 90)}`] =
      (rules[`${v.rule}: ${v.message.replaceAll(/\b[cth]\d+|\d+/g, 'N').slice(0, 90)}`] ?? 0) + 1;
  if (v && tally.failures <= Number(values.keep))
    process.stdout.write(`${failureLines(result, Number(values.lines)).join('\n')}\n\n`);
}
process.stdout.write(`${JSON.stringify(rules, null, 1)}\n`);
process.stdout.write(`${tallyLine(tally, (performance.now() - startedAt) / 1000)}\n`);
process.exitCode = tally.failures > 0 ? 1 : 0;
