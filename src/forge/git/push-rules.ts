import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bypasses, unmetChecks } from '../board/rules.ts';
import type { Parts } from '../parts.ts';
import type { ProtectionRecord, RepositoryRecord } from '../records.ts';
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
  const refusals = push.commands.flatMap(command => {
    const protection = push.repository.protections[command.ref.replace('refs/heads/', '')];
    if (protection === undefined || !command.ref.startsWith('refs/heads/')) return [];
    if (bypasses(parts, { ...push, protection })) return [];
    return reasonsAgainst(parts, { ...push, command, protection }).map(reason => `${command.ref}\t${reason}`);
  });
  if (refusals.length === 0) return {};
  return {
    GIT_CONFIG_COUNT: '1',
    GIT_CONFIG_KEY_0: 'core.hooksPath',
    GIT_CONFIG_VALUE_0: push.hooks,
    FORGE_REFUSALS: refusals.join('\n'),
  };
}

const ABSENT = /^0+$/;
const REWRITE = 'Cannot force-push to this branch';

function reasonsAgainst(
  parts: Pick<Parts, 'store'>,
  {
    repository,
    command,
    protection,
  }: { repository: RepositoryRecord; command: PushCommand; protection: ProtectionRecord },
): readonly string[] {
  if (ABSENT.test(command.to)) return protection.allowDeletions ? [] : ['Cannot delete this branch'];
  return [
    ...(protection.reviews === null ? [] : ['Changes must be made through a pull request.']),
    ...unmetChecks(parts, { repository, protection, sha: command.to }),
    ...(protection.allowForcePushes || ABSENT.test(command.from) ? [] : [REWRITE]),
  ];
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
