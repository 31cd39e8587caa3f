import { describe, it } from 'vitest';
import { describeClaude } from '../adapters/agents/claude-suite.ts';
import { describeHeadless, type Lane } from '../adapters/agents/suite.ts';
import { describeTerminal } from '../adapters/agents/terminal-suite.ts';
import { useSessionHost } from '../adapters/sessions/fixture.ts';
import { RESETS_AT } from './answering.ts';
import { claudeWith, codexWith } from './candidates.ts';
import { startModel } from './model.ts';
import { havePinned } from './programs.ts';

const programs = useSessionHost();
const pinned = await Promise.all([havePinned('claude'), havePinned('codex')]);

for (const one of pinned) {
  const { name, version, program, why } = one;
  const title = `${name} ${version}`;
  if (program === null) {
    describe(title, () => it.skip(`can't be had: ${why}`, () => {}));
    continue;
  }
  const lane: Lane = {
    programs,
    resetsAt: RESETS_AT,
    startMs: 8_000,
    candidate: async login => {
      const model = await startModel();
      return name === 'claude' ? claudeWith(model, one, login) : codexWith(model, one);
    },
  };
  describeHeadless(title, lane);
  describeTerminal(title, lane);
  if (name === 'claude') describeClaude(title, lane);
}
