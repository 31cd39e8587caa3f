import { spawnSync } from 'node:child_process';
import type { Environment } from '../child-env.ts';

/**
 * What is on the screen of the tmux pane that this process has, for people to read; empty when it can't be had.
 * `env` is this process's environment, in which tmux names the pane.
 */
export function readScreen({ PATH, TMUX, TMUX_PANE }: Environment): string {
  if (PATH === undefined || TMUX === undefined || TMUX_PANE === undefined) return '';
  const { stdout } = spawnSync('tmux', ['-u', 'capture-pane', '-p', '-t', TMUX_PANE], {
    env: { PATH, TMUX },
    encoding: 'utf8',
    timeout: LIMIT_MS,
  });
  return (stdout ?? '').trimEnd();
}

const LIMIT_MS = 2_000;
