import { isSettingName, SETTING_NAMES } from '../core/settings.ts';

/** `HARNESS_*` variables that are no settings: they address the engine or the installer, or are set for agents. */
const OTHER_VARIABLES: ReadonlySet<string> = new Set([
  'HARNESS_HOME',
  'HARNESS_DEBUG',
  'HARNESS_TOKEN',
  'HARNESS_BIN_DIR',
  'HARNESS_REPO_URL',
  'HARNESS_FORGE_TOKEN',
  'HARNESS_PROMPT',
  'HARNESS_OUTCOME',
  'HARNESS_HANDOFF',
  'HARNESS_NONCE',
  'HARNESS_ISSUE',
  'HARNESS_TITLE',
  'HARNESS_BRANCH',
  'HARNESS_ATTEMPT',
  'HARNESS_KIND',
  'HARNESS_UNIT',
  'HARNESS_SESSION',
  'HARNESS_WORKTREE',
]);

/** Whether a name is neither a setting nor another variable of Harness. */
export function isUnknownName(name: string): boolean {
  return !isSettingName(name) && !OTHER_VARIABLES.has(name);
}

/** The setting whose name is nearest to a misspelt one, at most a third of it away; null when none is. */
export function nearestSetting(name: string): string | null {
  const wanted = name.toUpperCase();
  const [nearest] = SETTING_NAMES.map(candidate => ({ candidate, distance: editDistance(wanted, candidate) }))
    .filter(({ distance }) => distance <= wanted.length / 3)
    .sort((a, b) => a.distance - b.distance);
  return nearest?.candidate ?? null;
}

/** Levenshtein's distance, one row of the table at a time. */
function editDistance(from: string, to: string): number {
  const first = Array.from({ length: to.length + 1 }, (_, column) => column);
  const last = [...from].reduce((above, letter, row) => {
    const current = [row + 1];
    for (let column = 1; column <= to.length; column += 1) {
      const substituted = (above[column - 1] ?? 0) + (letter === to[column - 1] ? 0 : 1);
      current.push(Math.min(substituted, (above[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1));
    }
    return current;
  }, first);
  return last[to.length] ?? 0;
}
