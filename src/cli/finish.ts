/** Takes a command's exit status. */
export type Finish = (exit: number) => void;

/** Lines for the end of a command's help. */
export const examples = (...lines: string[]) => `\nExamples:\n${lines.map(line => `  $ ${line}`).join('\n')}`;
