import { expect, it } from 'vitest';
import { waitFor } from '../../helpers/temp.ts';
import { useSessionHost } from '../sessions/fixture.ts';
import { anAgentFleet } from './agent-fleet.ts';
import { useFakePrograms } from './fake-programs.ts';

const programs = useSessionHost();
const fakes = useFakePrograms();

const aFleet = (mode: 'headless' | 'interactive') =>
  anAgentFleet(
    programs,
    { agent: 'claude', program: fakes.claude, args: [], env: { ANTHROPIC_API_KEY: 'sk-not-a-real-key-01' } },
    { mode },
  );

const SMALL = { model: 'claude-haiku-4-5', input: 30, output: 4, cacheRead: 0, cacheWrite: 0 };

it.each(['headless', 'interactive'] as const)(
  'counts what a subagent of an agent used once, and takes its failures for nobody else: %s',
  async mode => {
    const { usage, end } = await aFleet(mode).ended('delegate');
    expect(end?.failure).toBeNull();
    expect(usage.requests).toBe(5);
    expect(usage.tokens).toContainEqual(SMALL);
    expect(usage.tokens).toContainEqual(expect.objectContaining({ model: 'claude-opus-4-8', output: 80 }));
  },
);

it('counts a subagent of an agent in its terminal while it works', async () => {
  const fleet = aFleet('interactive');
  const { name } = await fleet.behave('delegate-and-stay');
  await waitFor(
    async () => (await fleet.find(name)).usage.tokens?.some(used => used.model === SMALL.model),
    30_000,
  );
  expect(await fleet.find(name)).toMatchObject({
    state: 'running',
    usage: { tokens: expect.arrayContaining([SMALL]) },
  });
});
