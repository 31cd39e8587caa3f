import { HarnessError } from '../errors.ts';

/**
 * Fills the `{{PLACEHOLDERS}}` of a template. Values are inserted as they are and never looked at again.
 * Throws `config-invalid` for a placeholder that has no value.
 */
export function renderPrompt(
  name: string,
  template: string,
  values: Readonly<Record<string, string>>,
): string {
  return template.replaceAll(/\{\{\s*([^{}]*?)\s*\}\}/g, (_all, placeholder: string) => {
    const value = Object.hasOwn(values, placeholder) ? values[placeholder] : undefined;
    if (value !== undefined) return value;
    const known = Object.keys(values).sort().join(', ');
    throw new HarnessError(
      'config-invalid',
      `prompts/${name}.md: unknown placeholder {{${placeholder}}}; known are ${known}.`,
    );
  });
}

/** Puts text of others between two lines that carry a word which the text cannot contain. */
export function fence(text: string, word: string): string {
  if (text.includes(word)) throw new Error('The fence is not random: the text contains it.');
  return `----- begin ${word} -----\n${text}\n----- end ${word} -----`;
}
