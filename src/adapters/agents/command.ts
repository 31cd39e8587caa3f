import { HarnessError } from '../../errors.ts';
import type { Agent } from './agent.ts';
import { splitWords } from './command-line.ts';
import type { AgentProfile } from './profile.ts';

/**
 * Any program, as HARNESS_AGENT_COMMAND names it: it gets its prompt on standard input, and in its environment the
 * model and the effort that somebody wished for.
 */
export function commandAgent({
  program,
  model,
  effort,
  args,
}: Pick<AgentProfile, 'program' | 'model' | 'effort' | 'args'>): Agent {
  return {
    name: 'command',
    launch: ({ prompt }) => {
      const argv = [...splitCommand(program), ...args] as const;
      return {
        argv,
        env: { HARNESS_MODEL: model, HARNESS_EFFORT: effort },
        credentials: [],
        stdin: prompt,
        mayAsk: false,
        ownsTerminal: false,
        files: {},
        transcript: null,
        transcriptDirs: [],
        counts: [],
        // A script of one's own is often in the home directory, which a sandbox hides.
        readable: argv.filter(word => word.startsWith('/')),
        writable: [],
      };
    },
  };
}

/** The words of HARNESS_AGENT_COMMAND. Throws `config-invalid` when there is none or a quote is left open. */
export function splitCommand(command: string): readonly [string, ...string[]] {
  const [program, ...args] = splitWords('HARNESS_AGENT_COMMAND', command);
  if (!program) {
    throw new HarnessError(
      'config-invalid',
      'HARNESS_AGENT_COMMAND names no program, so no agent can be started.',
      {
        fix: 'Set it to a program and its arguments, or set HARNESS_AGENT to claude or codex.',
      },
    );
  }
  return [program, ...args];
}
