import { existsSync, linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { unlessMissing } from '../missing.ts';

/** A prompt that waits to be taken by a hook of the agent. */
export interface TrayPrompt {
  readonly id: string;
  /** `checkpoint`: after it the agent may stop without an outcome. `nudge`: no person's word, so no answer. */
  readonly kind: 'prompt' | 'checkpoint' | 'nudge';
  readonly text: string;
}

/** Path of the file that holds the prompt; there is at most one. */
export const trayFile = (dir: string) => join(dir, 'next.json');

const takenFile = (dir: string, id: string) => join(dir, 'taken', `${id}.json`);

/** Lays a prompt into the tray; false when another one is still there. */
export function layPrompt(dir: string, prompt: TrayPrompt): boolean {
  const draft = join(dir, `.${prompt.id}`);
  mkdirSync(join(dir, 'taken'), { recursive: true, mode: 0o700 });
  writeFileSync(draft, JSON.stringify(prompt), { mode: 0o600 });
  try {
    // link(2) fails where rename(2) would replace.
    linkSync(draft, trayFile(dir));
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

/** Takes the prompt out of the tray; null when there is none. Of several that try, one gets it. */
export function takePrompt(dir: string): TrayPrompt | null {
  const waiting = readPrompt(trayFile(dir));
  if (waiting === null) return null;
  const taken = takenFile(dir, waiting.id);
  return move(trayFile(dir), taken) ? readPrompt(taken) : null;
}

/** Takes a prompt back that nobody has taken; false when somebody has. */
export function withdrawPrompt(dir: string, id: string): boolean {
  return !isTaken(dir, id) && move(trayFile(dir), join(dir, `.${id}-late`));
}

export const isTaken = (dir: string, id: string) => existsSync(takenFile(dir, id));

function readPrompt(path: string): TrayPrompt | null {
  const text = unlessMissing(() => readFileSync(path, 'utf8'));
  if (text === null) return null;
  try {
    const prompt = JSON.parse(text) as TrayPrompt;
    return /^[\w-]+$/.test(prompt.id) && typeof prompt.text === 'string' ? prompt : null;
  } catch {
    return null;
  }
}

function move(from: string, to: string): boolean {
  try {
    renameSync(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}
