import { spawnSync } from 'node:child_process';
import type { Environment } from '../child-env.ts';

/** The tmux pane that this process has. What goes wrong with it is passed over: the agent works without. */
export interface Pane {
  /** What is on its screen, for people to read; empty when it can't be had. */
  read(): string;
  /** Presses a key, by tmux's name of it. */
  press(key: string): void;
  /** Puts in a text as if it were pasted. */
  paste(text: string): void;
}

/** `env` is this process's environment, in which tmux names the pane; null: it has none. */
export function openPane({ PATH, TMUX, TMUX_PANE: pane }: Environment): Pane | null {
  if (PATH === undefined || TMUX === undefined || pane === undefined) return null;
  const tmux = (args: readonly string[], input = '') =>
    spawnSync('tmux', ['-u', ...args], { env: { PATH, TMUX }, encoding: 'utf8', timeout: LIMIT_MS, input })
      .stdout ?? '';
  return {
    read: () => tmux(['capture-pane', '-p', '-t', pane]).trimEnd(),
    press: key => {
      tmux(['send-keys', '-t', pane, key]);
    },
    paste: text => {
      const buffer = `harness-${pane}`;
      tmux(['load-buffer', '-b', buffer, '-'], text);
      tmux(['paste-buffer', '-d', '-p', '-b', buffer, '-t', pane]);
    },
  };
}

const LIMIT_MS = 2_000;
