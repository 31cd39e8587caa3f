import type { HookCommands } from '../agent.ts';

/** Arguments that make Codex call our hook, so that no file of its configuration has to be changed. */
export function hookArguments(hook: HookCommands): readonly string[] {
  return [
    ...EVENTS.flatMap(event => argument(event, hook.always)),
    ...argument('PostToolUse', hook.whenPrompted),
  ];
}

const EVENTS = ['SessionStart', 'Stop'];

/** The value is TOML, whose strings take the escapes of JSON. */
function argument(event: string, command: string): readonly string[] {
  const call = `{type="command",timeout=${SECONDS},command=${JSON.stringify(command)}}`;
  return ['-c', `hooks.${event}=[{hooks=[${call}]}]`];
}

const SECONDS = 30;
