import { useSessionHost } from '../sessions/fixture.ts';
import { describeClaude } from './claude-suite.ts';
import { useFakePrograms } from './fake-programs.ts';
import { describeHeadless, type Lane } from './suite.ts';
import { describeTerminal } from './terminal-suite.ts';

const programs = useSessionHost();
const fakes = useFakePrograms();
const resetsAt = Math.floor(Date.now() / 1000) + 3_600;

const lane: Lane = {
  programs,
  resetsAt,
  startMs: 4_000,
  candidate: async () => ({
    agent: 'claude',
    program: fakes.claude,
    args: [],
    env: { ANTHROPIC_API_KEY: 'sk-ant-not-a-real-key-0123456789', FAKE_RESETS_AT: String(resetsAt) },
  }),
};

describeHeadless('Claude Code', lane);
describeClaude('Claude Code', lane);
describeTerminal('Claude Code', lane);
