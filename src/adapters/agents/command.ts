import { HarnessError } from '../../errors.ts';
import type { Agent } from './agent.ts';

/** Any program, as HARNESS_AGENT_COMMAND names it: it gets its prompt on standard input. */
export function commandAgent(command: string): Agent {
  return {
    name: 'command',
    launch: ({ prompt }) => ({ argv: splitCommand(command), env: {}, stdin: prompt }),
  };
}

/**
 * Splits a command line into words as a shell would, without being one: single and double quotes group,
 * a backslash takes the next character as it is (inside double quotes only before `"`, `\`, `$` and `` ` ``).
 * Throws `config-invalid` when there is no word or a quote is left open.
 */
export function splitCommand(command: string): readonly [string, ...string[]] {
  const words: string[] = [];
  let word: string | null = null;
  let rest = command;
  while (rest !== '') {
    const [token = '', blank, single, double, escaped, plain] = TOKEN.exec(rest) ?? [];
    if (token === '') throw wrong(`has a quote or backslash that leads nowhere: ${rest}`);
    rest = rest.slice(token.length);
    if (blank !== undefined) {
      if (word !== null) words.push(word);
      word = null;
      continue;
    }
    const piece = single ?? double?.replaceAll(/\\(["\\$`])/g, '$1') ?? escaped ?? plain ?? '';
    word = (word ?? '') + piece;
  }
  if (word !== null) words.push(word);

  const [program, ...args] = words;
  if (!program) throw wrong('names no program, so no agent can be started.');
  return [program, ...args];
}

const TOKEN = /^(?:(\s+)|'([^']*)'|"((?:[^"\\]|\\.)*)"|\\(.)|([^\s'"\\]+))/s;

const wrong = (message: string) =>
  new HarnessError('config-invalid', `HARNESS_AGENT_COMMAND ${message}`, {
    fix: 'Set it to a program and its arguments, for example: claude -p --dangerously-skip-permissions',
  });
