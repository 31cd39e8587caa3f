import type { Scene } from './scene.ts';
import type { Watch } from './watch.ts';

/** Watches that nothing which an agent wrote is removed before it is in a commit of the engine's own clone. */
export function watchWorktrees({ universe, fail }: Scene): Pick<Watch, 'removes'> {
  return {
    removes: ({ name, disk }, path) => {
      const { objects } = universe();
      const worktree = disk.worktrees.get(path);
      const session = [...disk.sessions.values()].find(({ plan }) => plan.worktree === path);
      // All that counts of another session is its proposal.
      if (!worktree || session?.plan.kind !== 'IMPL') return;
      const { oid } = objects.tree(worktree.files);
      const isSaved = [...disk.clone].some(commit => objects.read(commit).tree.oid === oid);
      // What an agent writes after it said that it is done is nobody's.
      if (isSaved || worktree.files.has('afterthought')) return;
      fail('keeps-work', null, `${name} removes ${path}, and what is in it is in no commit`);
    },
  };
}
