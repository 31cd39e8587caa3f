/**
 * What a terminal program wrote, as plain text: without escape sequences and control characters, with every
 * line ended by a line feed.
 */
export function plainText(output: string): string {
  return output.replaceAll(ESCAPES, '').replaceAll(/\r\n?/g, '\n').replaceAll(CONTROLS, '');
}

// ECMA-48: control sequences, strings (titles, hyperlinks) up to their terminator, and the short escapes.
const ESCAPES =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is taken out
  /\u001b(?:\[[0-?]*[ -/]*[@-~]|[\]PX^_][^\u0007\u001b]*(?:\u0007|\u001b\\)?|[ -/]*[0-~])/g;

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is taken out
const CONTROLS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;
