import type { Row } from '../agent.ts';
import { rowIn, rowsIn, textIn } from '../rows.ts';

/** What a PermissionRequest asks a person, in one line. */
export function questionOf(payload: Row): string {
  const tool = textIn(payload, 'tool_name') ?? 'a tool';
  const input = rowIn(payload, 'tool_input');
  const asked = rowsIn(input, 'questions').map(question => {
    const options = rowsIn(question, 'options').flatMap(option => textIn(option, 'label') ?? []);
    const text = textIn(question, 'question') ?? '';
    return options.length === 0 ? text : `${text} (${options.join(', ')})`;
  });
  const subject = textIn(input, 'command') ?? textIn(input, 'file_path') ?? textIn(input, 'plan') ?? '';
  const text = asked.length > 0 ? asked.join(' ') : `May it use ${tool}? ${subject}`;
  return text.replaceAll(/\s+/g, ' ').trim().slice(0, 2_000);
}
