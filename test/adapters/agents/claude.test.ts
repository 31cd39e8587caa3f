import { useSessionHost } from '../sessions/fixture.ts';
import { useFakePrograms } from './fake-programs.ts';
import { describeHeadless } from './suite.ts';

const programs = useSessionHost();
const fakes = useFakePrograms();
const resetsAt = Math.floor(Date.now() / 1000) + 3_600;

describeHeadless('Claude Code, headless', {
  programs,
  resetsAt,
  candidate: async () => ({
    agent: 'claude',
    program: fakes.claude,
    args: [],
    env: { ANTHROPIC_API_KEY: 'sk-ant-not-a-real-key-0123456789', FAKE_RESETS_AT: String(resetsAt) },
  }),
});
