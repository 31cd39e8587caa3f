import { readdirSync, readFileSync } from 'node:fs';

/** Processes whose environment names the home of a host. */
export function processesOf(home) {
  return readdirSync('/proc').flatMap(pid => {
    if (!/^\d+$/.test(pid) || Number(pid) === process.pid) return [];
    const environ = read(`/proc/${pid}/environ`);
    if (!environ?.includes(`HOME=${home}\0`)) return [];
    const command = read(`/proc/${pid}/cmdline`)?.replaceAll('\0', ' ').trim() ?? '';
    return [{ pid: Number(pid), command }];
  });
}

export const isWorker = ({ command }) => / worker --slot \d+$/.test(command);
export const isAgent = ({ command }) => /soak\/agent\.mjs"?$/.test(command) && !command.includes('bwrap');
export const isTmux = ({ command }) => command.startsWith('tmux');

/** As `kill -9`; what is gone already is fine. */
export function killAll(processes) {
  for (const { pid } of processes) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It is gone already.
    }
  }
}

/** Resident memory in MB and open files of a process; null when it is gone. */
export function sizeOf(pid) {
  const status = read(`/proc/${pid}/status`);
  const rss = /VmRSS:\s+(\d+)/.exec(status ?? '')?.[1];
  if (rss === undefined) return null;
  try {
    return { megabytes: Number(rss) / 1024, files: readdirSync(`/proc/${pid}/fd`).length };
  } catch {
    return null;
  }
}

function read(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}
