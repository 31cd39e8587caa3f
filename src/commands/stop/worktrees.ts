import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Project } from '../../context.ts';
import { unitsOf } from '../../core/units.ts';
import { messageOf } from '../../errors.ts';
import { wipRef } from '../../loop/checkpoint.ts';
import type { Engine } from '../../loop/engine.ts';
import { branchOf } from '../../loop/prepare-session.ts';

/** A worktree that was there after everything had stopped. */
export interface LeftWorktree {
  readonly path: string;
  /** Why it is still there; null: it is gone, for nothing in it was unsaved. */
  readonly kept: string | null;
}

/** Removes the worktrees of this fleet that hold nothing which is not on GitHub, and keeps all others. */
export async function cleanWorktrees(project: Project, engine: Engine): Promise<readonly LeftWorktree[]> {
  const { worktreesDir } = engine;
  const names = await readdir(worktreesDir).catch(() => []);
  const owned = new Set((await engine.sessions.list()).map(({ plan }) => plan.worktree));
  const left: LeftWorktree[] = [];
  for (const path of names.map(name => join(worktreesDir, name))) {
    const kept = owned.has(path) ? 'its attempt is not settled yet' : await whyKept(project, engine, path);
    if (kept === null) await engine.repos.removeWorktree(path);
    left.push({ path, kept });
  }
  return left;
}

async function whyKept({ settings }: Project, engine: Engine, path: string): Promise<string | null> {
  const issue = Number(/-i([1-9]\d*)-a\d+-\w+$/.exec(path)?.[1] ?? 0);
  if (issue === 0) return 'its name says nothing of an issue';
  const reasons: string[] = [];
  for (const { repo } of unitsOf(settings, engine.targets)) {
    const why = await whyUnsaved(engine, { repo, issue, path }).catch(messageOf);
    if (why === null) return null;
    reasons.push(why);
  }
  return reasons.join('; ');
}

/** null when GitHub has all of it. */
async function whyUnsaved(
  { repos, board, settings }: Engine,
  { repo, issue, path }: { readonly repo: string; readonly issue: number; readonly path: string },
): Promise<string | null> {
  const branch = branchOf(issue);
  const head = await repos.collect({ repo, path, branch });
  if (!head) return `it has no commits on ${branch} that can be read`;
  const dirty = await repos.dirtyPaths({ repo, path, head });
  if (dirty.length > 0) return `uncommitted: ${dirty.slice(0, 3).join(', ')}`;
  const { defaultBranch } = await board.snapshot(repo, { maxAgeMs: 60_000 });
  for (const name of [settings.HARNESS_BASE || defaultBranch, branch, wipRef(issue)]) {
    const tip = await repos.remoteBranch(repo, name);
    if (tip && (await repos.isAncestor(repo, { ancestor: head, commit: tip }))) return null;
  }
  return `${head.slice(0, 10)} is on no branch of GitHub`;
}

/** One line for each. */
export const describeWorktrees = (worktrees: readonly LeftWorktree[]): string =>
  worktrees.map(({ path, kept }) => (kept ? `kept ${path}: ${kept}\n` : `removed ${path}\n`)).join('');
