import { createBoard } from '../../../src/adapters/github/board.ts';

/** A process of its own that reads a repository once and prints what it saw: `API DIRECTORY MAX_AGE_MS`. */
const [apiUrl = '', snapshotsDir = '', maxAgeMs = '0'] = process.argv.slice(2);
const silent = () => {};
// A file that may not grow is an error of its write then, as a full disk is, and not the end.
process.on('SIGXFSZ', silent);
const board = createBoard({
  apiUrl,
  token: async () => 'token-acme',
  snapshotsDir,
  gatesDir: `${snapshotsDir}/../gates`,
  readOnly: false,
  planned: false,
  workflow: false,
  spec: '',
  base: '',
  fetch,
  watch: { need: silent, watched: () => [] },
  reader: `process ${process.pid}`,
  clock: { now: Date.now, monotonic: () => performance.now(), nonce: () => 'nonce' },
  log: { debug: silent, info: silent, warn: silent },
});
const snapshot = await board.snapshot('acme/app', { maxAgeMs: Number(maxAgeMs) });
process.stdout.write(JSON.stringify({ read: snapshot.read, count: snapshot.issues.length }));
