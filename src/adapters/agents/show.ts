import { plainText } from '../../core/plain-text.ts';

/** Lines that show to people what an agent does. What it says and reads is somebody else's text. */
export const show = {
  /** What it says. */
  words: (text: string): readonly string[] => linesOf(text, 200),
  /** A tool that it uses. */
  tool: (name: string, subject: string): readonly string[] => [`» ${oneLine(`${name} ${subject}`)}`],
  /** What a tool answered: the beginning. */
  answer: (text: string): readonly string[] => linesOf(text, 6).map(line => `  ${line}`),
  /** What befalls it. */
  note: (text: string): readonly string[] => [`* ${oneLine(text)}`],
};

function linesOf(text: string, most: number): readonly string[] {
  const lines = plainText(text).trimEnd().split('\n');
  if (lines.length === 1 && lines[0] === '') return [];
  const shown = lines.slice(0, most).map(line => cut(line, 2_000));
  return lines.length > most ? [...shown, `… ${lines.length - most} more lines`] : shown;
}

const oneLine = (text: string) => cut(plainText(text).replaceAll(/\s+/g, ' ').trim(), 300);

const cut = (text: string, most: number) => (text.length > most ? `${text.slice(0, most)}…` : text);
