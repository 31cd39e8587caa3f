import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { possibleRefusals, REWRITE } from '../board/branch-rules.ts';
import type { Parts } from '../parts.ts';
import type { RepositoryRecord } from '../records.ts';
import type { PushCommand } from './push-commands.ts';

/**
 * Protected branches are refused by git's own `update` hook, which refuses one ref and, in an atomic push, all
 * with it. The forge decides before it starts git what to refuse, and names it in FORGE_REFUSALS.
 */
export function writePushHook(root: string): string {
  const directory = join(root, 'hooks');
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, 'update'), HOOK, { mode: 0o755 });
  return directory;
}

/** Environment that makes git refuse what the branches' rules refuse; empty when they refuse nothing. */
export function refusalEnvironment(
  parts: Pick<Parts, 'store' | 'accounts'>,
  push: { repository: RepositoryRecord; login: string; commands: readonly PushCommand[]; hooks: string },
): Readonly<Record<string, string>> {
  const { repository, login } = push;
  const refusals = push.commands.flatMap(move =>
    possibleRefusals(parts, { repository, login, move }).map(reason => `${move.ref}\t${reason}`),
  );
  if (refusals.length === 0) return {};
  return {
    GIT_CONFIG_COUNT: '1',
    GIT_CONFIG_KEY_0: 'core.hooksPath',
    GIT_CONFIG_VALUE_0: push.hooks,
    FORGE_REFUSALS: refusals.join('\n'),
  };
}

/** Whether a push rewrites the branch is only known here, where its objects are. */
const HOOK = `#!/bin/sh
while IFS='	' read -r ref reason; do
  [ "$ref" = "$1" ] || continue
  if [ "$reason" = '${REWRITE}' ] && git merge-base --is-ancestor "$2" "$3"; then continue; fi
  echo "error: GH006: Protected branch update failed for $1." >&2
  echo "error: $reason" >&2
  exit 1
done <<EOF
$FORGE_REFUSALS
EOF
`;
