import { describe, expect, it } from 'vitest';
import { keyMarker } from '../../src/core/markers.ts';
import { triageKey } from '../../src/core/proposals/triaged-body.ts';
import type { Issue } from '../../src/core/world.ts';
import type { Engine } from '../../src/loop/engine.ts';
import { aStage } from '../helpers/ports.ts';

const SCOPE = '## Scope\n\n- `.github/workflows/**`\n';
const CHILD = `${keyMarker({ scope: '7', origin: 'a1', key: 'child' })}\n\n${SCOPE}`;
const REFINED = `${keyMarker(triageKey(1, 'a1'))}\n\n${SCOPE}`;
const FILED = `${keyMarker({ scope: 'file', origin: 'f', key: 'one' })}\n\n${SCOPE}`;

/** Whether a change to a workflow lands, for an issue that the engine's login has filed. */
async function lands(issue: Partial<Issue>): Promise<boolean> {
  const stage = aStage({
    issues: [{ author: 'fleet-bot', ...issue }],
    config: { HARNESS_MAX_ATTEMPTS: '1' },
  });
  const here = stage.fleet('h1', withWorkflow);
  await here.untilAgentsStop();
  for (let turn = 0; turn < 3; turn += 1) await here.tick();
  const ends = stage.github.story().filter(op => op.startsWith('receipt'));
  expect(['receipt', 'receipt:scope']).toContain(ends.join());
  return ends.join() === 'receipt';
}

const withWorkflow = (engine: Engine): Engine => ({
  ...engine,
  repos: {
    ...engine.repos,
    patch: async (repo, range) =>
      (await engine.repos.patch(repo, range)).map(file => ({ ...file, path: '.github/workflows/ci.yml' })),
  },
});

describe('what an issue allows by its scope', () => {
  it.each<[string, Partial<Issue>, boolean]>([
    ["in a person's words", { author: 'alice', body: SCOPE }, true],
    ['in a file that a person has filed', { body: FILED }, true],
    ['in a child that an agent proposed', { body: CHILD }, false],
    ['in a child that a person has edited since', { body: CHILD, lastEditor: 'alice' }, true],
    [
      "in a child that the engine's own login has edited since",
      { body: CHILD, lastEditor: 'Fleet-bot' },
      false,
    ],
    ['in a bug that an agent refined', { author: 'alice', body: REFINED, lastEditor: 'fleet-bot' }, false],
    ['in a bug of which nobody knows who refined it', { author: 'alice', body: REFINED }, false],
  ])('%s', async (_where, issue, isAllowed) => {
    expect(await lands(issue)).toBe(isAllowed);
  });
});
