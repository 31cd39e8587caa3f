import type { AgentScreen, DialogAnswer } from '../screen.ts';

/** The screen of Claude Code, as 2.1.197 and 2.1.329 draw it. */
export const claudeScreen: AgentScreen = { answer, field };

/** A dialog that may come before the first prompt, known by its first line. */
interface Dialog {
  readonly title: RegExp;
  /** The option to choose; null: none, it is left by Escape. */
  readonly choice: string | null;
}

// The same answers as in the configuration of a session, and where a repository brings the question: without.
const DIALOGS: readonly Dialog[] = [
  { title: /^Settings Error$/, choice: 'Continue without these settings' },
  { title: /^Settings Warning$/, choice: 'Continue' },
  { title: /^Accessing workspace:$/, choice: 'Yes, I trust this folder' },
  { title: /^Detected a custom API key in your environment$/, choice: 'Yes' },
  { title: /^WARNING: Claude Code running in Bypass Permissions mode$/, choice: 'Yes, I accept' },
  { title: /^Allow external CLAUDE\.md file imports\?$/, choice: 'No, disable external imports' },
  { title: /^New MCP server found in this project: /, choice: 'Continue without using this MCP server' },
  { title: /^\d+ new MCP servers found in this project$/, choice: null },
];

/** Options change their order and their first choice from version to version: only the cursor tells what Enter does. */
function answer(screen: string): DialogAnswer | null {
  const lines = screen.split('\n').map(line => line.trim());
  if (!lines.some(line => /\bEsc to (?:cancel|reject all)$/.test(line))) return null;
  for (const { title, choice } of DIALOGS) {
    const dialog = lines.find(line => title.test(line));
    if (dialog === undefined) continue;
    if (choice === null) return { dialog, choice: 'none of them', key: 'Escape' };
    const cursor = lines.findLastIndex(line => line.startsWith(CURSOR));
    const wanted = lines.findLastIndex(line => optionOf(line) === choice);
    if (cursor === -1 || wanted === -1) return null;
    const key = cursor === wanted ? 'Enter' : cursor < wanted ? 'Down' : 'Up';
    return { dialog, choice, key };
  }
  return null;
}

const CURSOR = '❯';

const optionOf = (line: string) => line.replace(/^❯\s*/, '').replace(/^\d+\.\s*/, '');

/** The field is between two rules over the whole width; above them is what the program has taken already. */
function field(screen: string): string | null {
  const lines = screen.split('\n').map(line => line.trim());
  const rules = lines.flatMap((line, index) => (/^─{20,}$/.test(line) ? [index] : []));
  const [top, bottom] = rules.slice(-2);
  if (top === undefined || bottom === undefined) return null;
  const text = lines.slice(top + 1, bottom).join('\n');
  const hasTaken = lines.slice(0, top).some(line => line.startsWith(CURSOR));
  if (!text.startsWith(CURSOR) || hasTaken) return null;
  const typed = text.slice(CURSOR.length).trim();
  // What it suggests to type is no text.
  return /^Try "/.test(typed) ? '' : typed;
}
