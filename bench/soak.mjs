// `npm run soak`: many issues with random dependencies, several hosts and random kills on the embedded forge, to
// the end. Exit status 1 when a promise was not kept.
import { parseArgs } from 'node:util';
import { soak } from './soak/soak.mjs';

const USAGE = `npm run soak -- [--issues 200] [--hosts 3] [--kill-every 8] [--limit 60]

  --issues N      issues, many of them blocked by one or two earlier ones
  --hosts N       fleets with two workers and one agent at a time; the first one loses agents only
  --kill-every S  seconds between two kills, on average
  --limit M       gives up after so many minutes
`;

const { values } = parseArgs({
  options: {
    help: { type: 'boolean', default: false },
    issues: { type: 'string', default: '200' },
    hosts: { type: 'string', default: '3' },
    'kill-every': { type: 'string', default: '8' },
    limit: { type: 'string', default: '60' },
  },
});
if (values.help) process.stdout.write(USAGE);
else {
  process.exitCode = await soak({
    issues: Number(values.issues),
    hosts: Number(values.hosts),
    killEverySeconds: Number(values['kill-every']),
    limitSeconds: Number(values.limit) * 60,
  });
}
