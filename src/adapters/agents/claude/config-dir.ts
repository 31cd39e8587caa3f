import { realpathSync } from 'node:fs';
import { join } from 'node:path';
import type { Environment } from '../../child-env.ts';
import { unlessMissing } from '../../missing.ts';

/**
 * The files of a configuration directory of Claude Code in which the dialogs of a first start are answered:
 * onboarding, trust in the worktree, the use of an API key from the environment, permissions, whether to go on with a
 * whole conversation.
 */
export function configFiles(
  configDir: string,
  { worktree, env }: { worktree: string; env: Environment },
): Readonly<Record<string, string>> {
  const key = env.ANTHROPIC_API_KEY ?? '';
  const state = {
    hasCompletedOnboarding: true,
    theme: 'dark',
    // It knows a key by its last 20 characters.
    customApiKeyResponses: { approved: key === '' ? [] : [key.slice(-20)], rejected: [] },
    // Whether to go on with a summary only, which it may ask when an old and long conversation is resumed.
    resumeReturnDismissed: true,
    projects: Object.fromEntries([worktree, realPath(worktree)].map(path => [path, ANSWERS])),
  };
  return {
    [stateFile(configDir)]: JSON.stringify(state),
    [join(configDir, 'settings.json')]: JSON.stringify({ skipDangerousModePermissionPrompt: true }),
  };
}

/** Where it keeps its state; at its end it notes there what the session has cost. */
export const stateFile = (configDir: string) => join(configDir, '.claude.json');

/** To what it asks at first in a directory: trust yes; files outside of it that its CLAUDE.md names, no. */
const ANSWERS = {
  hasTrustDialogAccepted: true,
  hasClaudeMdExternalIncludesApproved: false,
  hasClaudeMdExternalIncludesWarningShown: true,
};

/** Where Claude Code looks for the transcript of a conversation in a directory. */
export function transcriptPath(configDir: string, worktree: string, conversation: string): string {
  const folder = realPath(worktree).replaceAll(/[^A-Za-z0-9]/g, '-');
  return join(configDir, 'projects', folder, `${conversation}.jsonl`);
}

const realPath = (path: string) => unlessMissing(() => realpathSync(path)) ?? path;
