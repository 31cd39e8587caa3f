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

/** What a forge refuses by itself. */
export interface PushRules {
  /** Directory of git's hooks for protected branches. */
  readonly hooks: string;
  /** Refs that are neither branches nor tags are refused, as some servers and proxies do. */
  readonly takesBranchesOnly: boolean;
}

/** Environment that makes git refuse what is against the rules; empty when nothing is. */
export function refusalEnvironment(
  parts: Pick<Parts, 'store' | 'accounts'>,
  push: {
    repository: RepositoryRecord;
    login: string;
    commands: readonly PushCommand[];
    rules: PushRules;
  },
): Readonly<Record<string, string>> {
  const { hooks, takesBranchesOnly } = push.rules;
  const { repository, login } = push;
  const refusals = push.commands.flatMap(move =>
    possibleRefusals(parts, { repository, login, move }).map(reason => `${move.ref}\t${reason}`),
  );
  return {
    ...configured([
      ...(refusals.length > 0 ? [['core.hooksPath', hooks] as const] : []),
      ...(takesBranchesOnly ? BRANCHES_ONLY : []),
    ]),
    ...(refusals.length > 0 ? { FORGE_REFUSALS: refusals.join('\n') } : {}),
  };
}

// "deny updating a hidden ref", which GitHub says of `refs/pull/`. A later value takes back an earlier one.
const BRANCHES_ONLY = ['refs', '!refs/heads', '!refs/tags'].map(
  pattern => ['receive.hideRefs', pattern] as const,
);

function configured(settings: readonly (readonly [key: string, value: string])[]): Record<string, string> {
  if (settings.length === 0) return {};
  const pairs = settings.flatMap(([key, value], at) => [
    [`GIT_CONFIG_KEY_${at}`, key],
    [`GIT_CONFIG_VALUE_${at}`, value],
  ]);
  return { GIT_CONFIG_COUNT: String(settings.length), ...Object.fromEntries(pairs) };
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
