import { lstatSync, mkdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { dirname, sep } from 'node:path';
import { redact } from '../../core/redact.ts';

/**
 * Keeps a transcript beyond its session, without secrets. Returns where it is; null when there is none to keep:
 * its path is what an agent said, so that only a regular file in the session's own directory counts.
 */
export function keepTranscript(transcript: {
  readonly from: string | null;
  readonly agentDir: string;
  readonly to: string;
  readonly secrets: readonly string[];
}): string | null {
  const { from, agentDir, to, secrets } = transcript;
  if (from === null) return null;
  try {
    const real = realpathSync(from);
    const { size } = lstatSync(real);
    if (!real.startsWith(realpathSync(agentDir) + sep) || !lstatSync(real).isFile() || size > LARGEST) {
      return null;
    }
    mkdirSync(dirname(to), { recursive: true, mode: 0o700 });
    writeFileSync(to, redact(readFileSync(real, 'utf8'), secrets), { mode: 0o600 });
    return to;
  } catch {
    // Without it the next session begins a new conversation.
    return null;
  }
}

const LARGEST = 50 * 1024 * 1024;
