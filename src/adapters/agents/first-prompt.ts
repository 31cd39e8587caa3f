import type { AgentContext } from './agent.ts';

/** A program would take a prompt that begins with a slash for one of its own commands. */
export const isCommand = (text: string) => text.trimStart().startsWith('/');

/** The prompt as an argument of a program in a terminal; what can't be one is in a file that it names. */
export function firstPrompt({ text, prompt }: Pick<AgentContext, 'text' | 'prompt'>): string {
  const fits = Buffer.byteLength(text) <= LARGEST_ARGUMENT;
  return fits && !isCommand(text) ? text : promptLine(prompt);
}

/** One line that says what is in the file with the prompt. */
export const promptLine = (path: string) => `${readAll(path)} It is your whole task.`;

/** Says that a prompt is in a file. */
export const readAll = (path: string) => `Read the file ${path} to its end and do what it says.`;

/** The largest argument that Linux takes is 128 KiB. */
const LARGEST_ARGUMENT = 100_000;
