import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { aForge } from './a-forge.ts';

test('documents every route, and none that it does not have', async () => {
  const { routes } = await aForge();
  const text = readFileSync('docs/forge.md', 'utf8').split('## Routes')[1] ?? '';
  const documented = [...text.matchAll(/`((?:GET|POST|PUT|PATCH|DELETE) [^`]+)`/g)].map(([, route = '']) =>
    route.replace('…', '/repos/{owner}/{repo}'),
  );
  expect([...new Set(documented)].sort()).toEqual([...routes].sort());
});
