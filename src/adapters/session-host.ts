import { readFileSync, rmSync } from 'node:fs';
import { hostSession } from './sessions/host-session.ts';
import type { LaunchFile } from './sessions/launch-file.ts';

// Runs in a pane of tmux, one for each session: `node session-host.js <launch file>`.
const [path = ''] = process.argv.slice(2);
const launch = JSON.parse(readFileSync(path, 'utf8')) as LaunchFile;
rmSync(path);
await hostSession(launch, process.env);
