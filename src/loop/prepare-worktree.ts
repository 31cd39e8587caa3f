import type { SessionPlan } from '../ports.ts';
import type { Engine } from './engine.ts';

/** Makes a session's worktree and runs the commands of the policy in it. Throws when one of them fails. */
export async function prepareWorktree(engine: Engine, plan: SessionPlan): Promise<void> {
  const { repo, worktree, branch, start } = plan;
  const { settings, identity } = engine;
  await engine.repos.createWorktree({ repo, path: worktree, branch, start, identity });
  // A judge's has nothing of the project in it.
  if (plan.kind === 'JUDGE') return;
  for (const command of [settings.HARNESS_SETUP, settings.HARNESS_WORKTREE_HOOK]) {
    if (!command) continue;
    const timeoutMs = settings.HARNESS_VERIFY_TIMEOUT * 1000;
    const result = await engine.commands.run({ command, cwd: worktree, timeoutMs, tag: plan.nonce });
    if (result.exit === 0) continue;
    throw new Error(
      `\`${command}\` failed in the new worktree (${result.exit ?? 'ended by a signal'}): ${result.tail.slice(-500)}`,
    );
  }
}
