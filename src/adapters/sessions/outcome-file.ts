import { closeSync, constants, fstatSync, lstatSync, openSync, readSync } from 'node:fs';
import type { OutcomeFile, SessionPlan } from '../../ports.ts';
import type { SessionPaths } from './session-files.ts';

/**
 * Reads the outcome that an ended session left. The file is an agent's: no link is followed, nothing but a
 * regular file of this user is read, and it must belong to this attempt.
 */
export async function readOutcome(paths: SessionPaths, plan: SessionPlan): Promise<OutcomeFile> {
  const file = readOwnFile(paths);
  if (file.kind !== 'text') return file;

  // Loaded only here: most commands look at sessions without ever meeting an outcome.
  const { parseOutcome } = await import('../../contracts.ts');
  const parsed = parseOutcome(file.text);
  if (parsed.kind !== 'valid') return parsed;
  const problems = [
    ...mismatch('nonce', parsed.outcome.nonce, plan.nonce),
    ...mismatch('repo', parsed.outcome.repo.toLowerCase(), plan.repo.toLowerCase()),
    ...(plan.issue === null ? [] : mismatch('issue', parsed.outcome.issue, plan.issue)),
  ];
  return problems.length === 0 ? parsed : { kind: 'invalid', problems };
}

function mismatch(name: string, actual: string | number, expected: string | number): readonly string[] {
  if (actual === expected) return [];
  return [`${name}: is ${JSON.stringify(actual)}, but this attempt has ${JSON.stringify(expected)}`];
}

type OwnFile = Exclude<OutcomeFile, { kind: 'valid' }> | { readonly kind: 'text'; readonly text: string };

function readOwnFile({ outcomeDir, outcome }: SessionPaths): OwnFile {
  let file: number;
  try {
    if (!lstatSync(outcomeDir).isDirectory()) return invalid('its directory was replaced by something else');
    // O_NONBLOCK: opening a named pipe would wait for a writer.
    file = openSync(outcome, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return { kind: 'missing' };
    return invalid(code === 'ELOOP' ? 'it is a symbolic link, not a regular file' : `unreadable: ${code}`);
  }
  try {
    return readWithin(file);
  } finally {
    closeSync(file);
  }
}

function readWithin(file: number): OwnFile {
  const stat = fstatSync(file);
  if (!stat.isFile()) return invalid('it is not a regular file');
  if (stat.uid !== process.getuid?.()) return invalid('it belongs to another user');
  // One byte more than allowed is enough to be refused.
  const bytes = Buffer.alloc(READ_BYTES);
  const length = readSync(file, bytes, 0, READ_BYTES, 0);
  return { kind: 'text', text: bytes.toString('utf8', 0, length) };
}

const READ_BYTES = 256 * 1024 + 1;

const invalid = (problem: string): OwnFile => ({ kind: 'invalid', problems: [problem] });
