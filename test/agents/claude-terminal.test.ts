import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readEvents } from '../../src/adapters/agents/events.ts';
import { promptLine } from '../../src/adapters/agents/first-prompt.ts';
import { sessionPaths } from '../../src/adapters/sessions/session-files.ts';
import { anAgentFleet } from '../adapters/agents/agent-fleet.ts';
import { useSessionHost } from '../adapters/sessions/fixture.ts';
import { makeTempDir, waitFor } from '../helpers/temp.ts';
import { claudeWith } from './candidates.ts';
import { startModel } from './model.ts';
import { havePinned } from './programs.ts';

const programs = useSessionHost();
const claude = await havePinned('claude');

const ACCEPT_EDITS = ['--permission-mode', 'acceptEdits'];

/** What only the real program can show: its own dialogs, its own field for prompts. */
describe.skipIf(claude.program === null)(
  `Claude Code ${claude.version} in its terminal ${claude.why}`,
  () => {
    const aFleet = async (change: { readonly program?: string; readonly args?: readonly string[] } = {}) => {
      const candidate = { ...claudeWith(await startModel(), claude), ...change };
      const fleet = anAgentFleet(programs, candidate, { mode: 'interactive', beginMs: 24_000 });
      const write = (path: string, text: string) => {
        mkdirSync(join(fleet.worktree, path, '..'), { recursive: true });
        writeFileSync(join(fleet.worktree, path), text);
      };
      return { ...fleet, write };
    };

    it.each([
      ['settings that it can not read', '.claude/settings.json', '{"permissions":{"allow":"x"}}', []],
      ['settings of which it skips a part', '.claude/settings.json', '{"hooks":5}', []],
      ['a server of tools', '.mcp.json', '{"mcpServers":{"x":{"command":"cat"}}}', ACCEPT_EDITS],
      [
        'several of them',
        '.mcp.json',
        '{"mcpServers":{"x":{"command":"cat"},"y":{"command":"cat"}}}',
        ACCEPT_EDITS,
      ],
      ['imports from outside', 'CLAUDE.md', '@/etc/hostname\n', []],
    ])('begins in a repository that brings %s', async (_what, path, text, args) => {
      const fleet = await aFleet({ args });
      fleet.write(path, text);
      const { name } = await fleet.behave('busy');
      await waitFor(() => taken(fleet.runDir, name).length === 1, 40_000);
    });

    it('gets its prompt though it was started without', async () => {
      const program = join(makeTempDir(), 'forgetful');
      const script = `n=$(($# - 2)); for a; do test $n -gt 0 && set -- "$@" "$a"; shift; n=$((n - 1)); done`;
      writeFileSync(program, `#!/bin/sh\n${script}\nexec '${claude.program}' "$@"\n`, { mode: 0o755 });
      const fleet = await aFleet({ program });
      const session = await fleet.ended('work');
      expect(session.end?.failure).toBeNull();
      expect(fleet.logOf(session.plan.name)).toContain('it is given once more');
    });

    it('asks nobody where it may not, though its permissions would have it ask', async () => {
      const fleet = await aFleet({ args: ['--permission-mode', 'default'] });
      const session = await fleet.ended('work');
      expect(session).toMatchObject({
        exit: { reason: 'finished' },
        end: { failure: { class: 'no-outcome' } },
      });
      expect(fleet.logOf(session.plan.name)).toContain('* Nobody is asked: May it use Bash?');
    });

    it('does not take its prompt a second time', async () => {
      const fleet = await aFleet();
      const { name } = await fleet.behave('busy');
      await waitFor(() => fleet.logOf(name).includes('busy-1'), 40_000);
      const line = promptLine(sessionPaths(fleet.runDir, name).prompt);
      const tmux = (...args: string[]) =>
        execFileSync('tmux', ['-L', 'harness-test', ...args], {
          env: { ...process.env, TMUX_TMPDIR: fleet.root },
        });
      tmux('send-keys', '-t', `=${name}:`, '-l', line);
      tmux('send-keys', '-t', `=${name}:`, 'Enter');
      expect(await fleet.sessions.deliver(name, 'Now finish.')).toBe('taken');
      const { end } = await fleet.untilEnded(name, 40_000);
      expect(end?.failure).toBeNull();
      expect(taken(fleet.runDir, name)).toHaveLength(1);
    });
  },
);

const taken = (runDir: string, name: string) =>
  readEvents(sessionPaths(runDir, name).agentDir).filter(event => event.name === 'UserPromptSubmit');
