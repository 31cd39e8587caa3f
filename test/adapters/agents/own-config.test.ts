import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { makeTempDir } from '../../helpers/temp.ts';
import { useSessionHost } from '../sessions/fixture.ts';
import { anAgentFleet } from './agent-fleet.ts';
import { useFakePrograms } from './fake-programs.ts';

const programs = useSessionHost();
const fakes = useFakePrograms();
const KEY = 'sk-not-a-real-key-0123456789';

it.each([
  ['claude', 'CLAUDE_CONFIG_DIR', 'ANTHROPIC_API_KEY', 'projects'],
  ['codex', 'CODEX_HOME', 'CODEX_API_KEY', 'sessions'],
] as const)(
  'copies the transcript that %s keeps in a configuration of the user, without secrets',
  async (agent, place, login, folder) => {
    const config = makeTempDir();
    const candidate = { agent, program: fakes[agent], args: [], env: { [place]: config, [login]: KEY } };
    const fleet = anAgentFleet(programs, candidate, { config: 'user' });
    const prompt = `My key is ${KEY}.\n\nbehave: work\n`;
    const { transcript, plan } = await fleet.ended('work', { prompt });
    expect(transcript).toBe(join(fleet.runDir, 'logs', `${plan.name}-a1.transcript.jsonl`));
    const kept = readFileSync(transcript ?? '', 'utf8');
    expect(kept).toContain('My key is [redacted].');
    const [own = ''] = readdirSync(config, { recursive: true, encoding: 'utf8' }).filter(name =>
      name.endsWith('.jsonl'),
    );
    expect(own.startsWith(folder)).toBe(true);
    expect(readFileSync(join(config, own), 'utf8').replaceAll(KEY, '[redacted]')).toBe(kept);
  },
);
