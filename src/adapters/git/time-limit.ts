const GRACE_MS = 5_000;

/**
 * Ends a process group when its time is up: git's helper for HTTP would outlive git, and keep its pipes
 * open. Returns what calls it off.
 */
export function limitGroup(leader: number | undefined, limitMs: number): () => void {
  if (leader === undefined) return () => undefined;
  const timers = [
    setTimeout(() => signalGroup(leader, 'SIGTERM'), limitMs),
    setTimeout(() => signalGroup(leader, 'SIGKILL'), limitMs + GRACE_MS),
  ];
  return () => timers.forEach(clearTimeout);
}

function signalGroup(leader: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-leader, signal);
  } catch {
    // It has ended meanwhile.
  }
}
