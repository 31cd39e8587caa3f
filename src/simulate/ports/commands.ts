import type { Commands } from '../../ports.ts';
import type { Process } from '../machines/process.ts';
import { doLocally } from '../network.ts';
import { isSound } from '../project.ts';
import type { Universe } from '../universe.ts';

/** HARNESS_SETUP and HARNESS_VERIFY: what they say depends on the files in the directory alone. */
export function simulateCommands(universe: Universe, process: Process): Commands {
  const { machine } = process;
  return {
    run: ({ command, cwd }) => {
      const tookMs =
        command === 'verify' ? machine.random.between(500, 8_000) : machine.random.between(100, 2_000);
      const seconds = tookMs / 1000;
      return doLocally(universe, process, {
        tookMs,
        run: () => {
          const worktree = machine.disk.worktrees.get(cwd);
          if (!worktree) return { exit: 127, timedOut: false, seconds, tail: `${cwd}: no such directory` };
          const isOk = command !== 'verify' || isSound(worktree.files);
          if (isOk && command === 'verify') universe.watch.verified(universe.objects.tree(worktree.files));
          return { exit: isOk ? 0 : 1, timedOut: false, seconds, tail: isOk ? 'ok' : 'it is broken' };
        },
      });
    },
  };
}
