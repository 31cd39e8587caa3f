import type { HookCommands } from '../agent.ts';
import type { AgentProfile } from '../profile.ts';

/**
 * Settings of Claude Code that make it call our hook. They come by `--settings`, and say that hooks are on,
 * since a repository's own settings may switch all hooks off.
 */
export function hookSettings(
  hook: HookCommands,
  mode: AgentProfile['mode'],
): Readonly<Record<string, unknown>> {
  const calls = (command: string, timeout: number) => [{ hooks: [{ type: 'command', command, timeout }] }];
  // Each call costs the start of a program; what print mode tells in its stream needs none.
  const events = [
    'SessionStart',
    'Stop',
    ...(mode === 'interactive' ? ['UserPromptSubmit', 'StopFailure'] : []),
  ];
  return {
    disableAllHooks: false,
    skipDangerousModePermissionPrompt: true,
    // It is told what the session has cost, after each answer (but not more often than every 300 ms, 2.1.197).
    ...(mode === 'interactive' ? { statusLine: { type: 'command', command: hook.onCount } } : {}),
    hooks: {
      ...Object.fromEntries(events.map(event => [event, calls(hook.always, SECONDS)])),
      PostToolUse: calls(hook.whenPrompted, SECONDS),
      PermissionRequest: calls(hook.always, QUESTION_SECONDS),
    },
  };
}

const SECONDS = 30;

/** A question waits for its answer as long as a session may last; its dialog is in the pane meanwhile. */
const QUESTION_SECONDS = 7 * 86_400;
