import type { Row } from '../agent.ts';
import { parseRow, rowIn, rowsIn, textIn } from '../rows.ts';

/**
 * A row of the transcript of Codex as the row of `codex exec --json` that tells the same, so that one reader
 * follows both; it keeps its time. What it does not know, rows of the stream among it, stays as it is.
 */
export function streamRow(row: Row): Row {
  const told = toldBy(row);
  return told === null ? row : { timestamp: row.timestamp, ...told };
}

function toldBy(row: Row): Row | null {
  const payload = rowIn(row, 'payload');
  switch (textIn(row, 'type')) {
    case 'session_meta':
      return { type: 'thread.started', thread_id: payload?.id, version: payload?.cli_version };
    case 'event_msg':
      return eventRow(payload);
    case 'response_item':
      return itemRow(payload);
    default:
      return null;
  }
}

function eventRow(payload: Row | null): Row | null {
  switch (textIn(payload, 'type')) {
    case 'task_started':
      return { type: 'turn.started' };
    case 'token_count':
      return { type: 'usage', usage: rowIn(rowIn(payload, 'info'), 'total_token_usage') };
    case 'task_complete': {
      const error = rowIn(payload, 'error');
      return error === null ? { type: 'turn.completed' } : { type: 'turn.failed', error };
    }
    case 'item_completed': {
      const item = rowIn(payload, 'item');
      if (textIn(item, 'type') !== 'AgentMessage') return null;
      const text = rowsIn(item, 'content').map(part => textIn(part, 'text') ?? '');
      return { type: 'item.completed', item: { type: 'agent_message', text: text.join('\n') } };
    }
    default:
      return null;
  }
}

function itemRow(payload: Row | null): Row | null {
  const item = { id: textIn(payload, 'call_id'), type: 'command_execution' };
  switch (textIn(payload, 'type')) {
    case 'function_call': {
      const args = textIn(payload, 'arguments') ?? '';
      const command = textIn(parseRow(args), 'cmd') ?? `${textIn(payload, 'name') ?? ''} ${args}`;
      return { type: 'item.started', item: { ...item, command } };
    }
    case 'function_call_output': {
      // Before the output it says how long the command took, and its exit status.
      const output = (textIn(payload, 'output') ?? '').replace(/^.*?\nOutput:\n/s, '');
      return { type: 'item.completed', item: { ...item, aggregated_output: output } };
    }
    default:
      return null;
  }
}
