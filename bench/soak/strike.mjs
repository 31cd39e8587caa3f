import { pick } from './pick.mjs';
import { isAgent, isTmux, isWorker, killAll, processesOf } from './processes.mjs';
import { say } from './report.mjs';

/** Kills something on a host at once, as SIGKILL does, and starts the fleet again. Returns what it was. */
export async function strike(host, spared) {
  const processes = processesOf(host.home);
  const what =
    host === spared ? 'agent' : pick(['agent', 'agent', 'worker', 'worker', 'tmux server', 'host']);
  if (what === 'agent') killAll(processes.filter(isAgent).slice(0, 1));
  if (what === 'worker') killAll([pick(processes.filter(isWorker))].filter(Boolean));
  if (what === 'tmux server') killAll(processes.filter(isTmux));
  if (what === 'host') killAll(processes);
  // Half of the dead hosts stay away for longer than their leases live.
  if (what === 'host') setTimeout(() => void host.harness('start').catch(say), pick([500, 90_000]));
  else if (what !== 'agent') await host.harness('start').catch(say);
  return what;
}
