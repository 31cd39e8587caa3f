import { realpathSync } from 'node:fs';
import { unlessMissing } from '../../missing.ts';
import type { AgentProfile } from '../profile.ts';

/**
 * The configuration of a session of Codex. In a terminal it asks whether a directory is to be trusted, and
 * whether to update itself (0.169.0); both are answered here.
 */
export function configText(worktree: string, mode: AgentProfile['mode']): string {
  if (mode === 'headless') return '';
  const real = unlessMissing(() => realpathSync(worktree)) ?? worktree;
  // Strings of TOML take the escapes of JSON.
  const trust = [...new Set([worktree, real])].map(
    path => `[projects.${JSON.stringify(path)}]\ntrust_level = "trusted"\n`,
  );
  return ['check_for_update_on_startup = false\n', ...trust].join('\n');
}

/**
 * Arguments that let Codex log in with a key from the environment: in a terminal it looks for one in its own
 * files only, except for a provider that is described like this. Later arguments may name another one.
 */
export const KEY_PROVIDER: readonly string[] = [
  ...['-c', 'model_provider="api-key"'],
  '-c',
  'model_providers.api-key={name="OpenAI",base_url="https://api.openai.com/v1",wire_api="responses",env_key="CODEX_API_KEY"}',
];
