import {
  closeSync,
  fstatSync,
  lstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  realpathSync,
  writeFileSync,
} from 'node:fs';
import { dirname, sep } from 'node:path';
import { redact } from '../../core/redact.ts';
import { unlessMissing } from '../missing.ts';

/** The copy of a transcript that outlives its session. */
export interface KeptTranscript {
  readonly path: string;
  /** Otherwise its middle is left out, and nobody can go on with it. */
  readonly isWhole: boolean;
}

/**
 * Keeps a transcript beyond its session, without secrets; of one that is too large its beginning and its end. Returns
 * null when there is none to keep: its path is what an agent said, so that only a regular file in one of `dirs` counts.
 */
export function keepTranscript(transcript: {
  readonly from: string | null;
  /** Where its program keeps transcripts. */
  readonly dirs: readonly string[];
  readonly to: string;
  /** Size that the copy may have, in bytes. */
  readonly cap: number;
  readonly secrets: readonly string[];
}): KeptTranscript | null {
  const { from, dirs, to, cap, secrets } = transcript;
  if (from === null) return null;
  try {
    const real = realpathSync(from);
    const { size } = lstatSync(real);
    if (!lstatSync(real).isFile() || !dirs.some(dir => isIn(dir, real))) return null;
    const isWhole = size <= cap;
    const text = isWhole ? readFileSync(real, 'utf8') : readEnds(real, cap);
    mkdirSync(dirname(to), { recursive: true, mode: 0o700 });
    writeFileSync(to, redact(text, secrets), { mode: 0o600 });
    return { path: to, isWhole };
  } catch {
    // Without it the next session begins a new conversation.
    return null;
  }
}

function isIn(dir: string, real: string): boolean {
  const realDir = unlessMissing(() => realpathSync(dir));
  return realDir !== null && real.startsWith(realDir + sep);
}

/** The whole lines of a file's first and last quarter of `cap` bytes, and a row between them that says so. */
function readEnds(path: string, cap: number): string {
  const file = openSync(path, 'r');
  try {
    const { size } = fstatSync(file);
    const length = Math.floor(cap / 4);
    const read = (position: number) => {
      const bytes = Buffer.alloc(length);
      return bytes.subarray(0, readSync(file, bytes, 0, length, position)).toString();
    };
    const [head, tail] = [read(0), read(size - length)];
    const omitted = `{"type":"harness","omittedBytes":${size - 2 * length}}\n`;
    return head.slice(0, head.lastIndexOf('\n') + 1) + omitted + tail.slice(tail.indexOf('\n') + 1);
  } finally {
    closeSync(file);
  }
}
