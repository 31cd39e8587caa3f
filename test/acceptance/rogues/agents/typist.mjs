// Types into the panes of other sessions of its fleet, and ends the server that they are in.
import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { doTheWork, failureOf, finish, told } from '../kit.mjs';

export function misbehave() {
  const dir = `${told('home')}/tmux/tmux-${process.getuid()}`;
  let sockets = [];
  failureOf(() => {
    sockets = readdirSync(dir);
  });
  for (const socket of sockets) {
    const tmux = (...args) => failureOf(() => execFileSync('tmux', ['-S', `${dir}/${socket}`, ...args]));
    tmux('send-keys', '-t', 'den-main-i2', 'C-c', 'Enter');
    tmux('kill-server');
  }
  doTheWork();
  finish({ status: 'failed', summary: `found ${sockets.length} servers` });
}
