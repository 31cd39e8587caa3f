import { useSessionHost } from '../sessions/fixture.ts';
import { useFakePrograms } from './fake-programs.ts';
import { describeHeadless, type Lane } from './suite.ts';
import { describeTerminal } from './terminal-suite.ts';

const programs = useSessionHost();
const fakes = useFakePrograms();

/** The fake says `2:30 AM`, in the zone of this host, without a day. */
const at = new Date();
at.setHours(2, 30, 0, 0);
if (at.getTime() <= Date.now()) at.setDate(at.getDate() + 1);

const lane: Lane = {
  programs,
  resetsAt: at.getTime() / 1000,
  startMs: 4_000,
  candidate: async () => ({
    agent: 'codex',
    program: fakes.codex,
    args: [],
    env: { CODEX_API_KEY: 'sk-not-a-real-key-0123456789' },
  }),
};

describeHeadless('Codex', lane);
describeTerminal('Codex', lane);
