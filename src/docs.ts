import { readFile, writeFile } from 'node:fs/promises';
import { withSettingTables } from './config/document.ts';

// Run by `npm run docs` from dist, which is beside docs just as src is.
const path = new URL('../docs/configuration.md', import.meta.url);
await writeFile(path, withSettingTables(await readFile(path, 'utf8')));
