import type { AgentProblem } from '../../../core/session-end.ts';
import type { AgentUsage } from '../../../ports.ts';
import { countActiveTime } from '../active-time.ts';
import type { AgentReader, HookEvent, Row } from '../agent.ts';
import { UNKNOWN_USAGE } from '../agent.ts';
import { numberIn, rowIn, textIn, timeIn } from '../rows.ts';
import { show } from '../show.ts';
import { problemOf } from './problem.ts';
import { streamRow } from './rollout.ts';

/**
 * Follows Codex: the rows of `codex exec --json` or of a transcript, and its hooks' events. `before` is what a resumed conversation had used: Codex
 * counts on from there. `now` is milliseconds since the epoch.
 */
export function codexReader(now: () => number, before: AgentUsage): AgentReader {
  const tools = new Set<string>();
  let version: string | null = null;
  let conversation: string | null = null;
  let transcript: string | null = null;
  let model: string | null = null;
  let hasBegun = false;
  let isDone = false;
  let problem: AgentProblem | null = null;
  let counted: Row | null = null;
  const active = countActiveTime();
  // Rows of the stream do not say when they were written, and several may be read at once.
  const createdAt = now();

  const endTurn = (row: Row | null) => {
    active.end(timeIn(row, 'timestamp') ?? now());
    tools.clear();
    isDone = true;
  };

  const readItem = (item: Row, isOver: boolean): readonly string[] => {
    const id = textIn(item, 'id') ?? '';
    switch (textIn(item, 'type')) {
      case 'agent_message':
        return isOver ? show.words(textIn(item, 'text') ?? '') : [];
      case 'error': {
        const message = textIn(item, 'message') ?? 'an error';
        // It warns of the flag that our hooks need.
        return message.startsWith('`--dangerously-bypass-hook-trust`') ? [] : show.note(message);
      }
      case 'command_execution': {
        if (isOver) {
          tools.delete(id);
          return show.answer(textIn(item, 'aggregated_output') ?? '');
        }
        tools.add(id);
        return show.tool('run', textIn(item, 'command') ?? '');
      }
      case 'file_change':
        return isOver ? show.tool('edit', '') : [];
      case 'mcp_tool_call':
        if (isOver) tools.delete(id);
        else tools.add(id);
        return isOver ? [] : show.tool(textIn(item, 'tool') ?? 'a tool', '');
      default:
        return [];
    }
  };

  return {
    readRow: written => {
      const row = streamRow(written);
      switch (textIn(row, 'type')) {
        case 'thread.started':
          version = textIn(row, 'version') ?? version;
          conversation = textIn(row, 'thread_id') ?? conversation;
          return [];
        case 'turn.started':
          hasBegun = true;
          isDone = false;
          problem = null;
          active.begin(timeIn(row, 'timestamp') ?? createdAt);
          return [];
        case 'item.started':
        case 'item.completed': {
          const item = rowIn(row, 'item');
          return item === null ? [] : readItem(item, textIn(row, 'type') === 'item.completed');
        }
        case 'usage':
          counted = rowIn(row, 'usage') ?? counted;
          return [];
        case 'turn.completed':
          counted = rowIn(row, 'usage') ?? counted;
          problem = null;
          endTurn(row);
          return show.note('The turn is over');
        case 'turn.failed': {
          const message = textIn(rowIn(row, 'error'), 'message') ?? 'the turn failed';
          problem = problemOf(message, now());
          endTurn(row);
          return show.note(`The turn failed: ${message}`);
        }
        case 'error':
          return show.note(textIn(row, 'message') ?? 'an error');
        default:
          return [];
      }
    },
    readCount: () => {},
    readSubagent: () => {},
    readEvent: ({ name, payload, verdict }: HookEvent) => {
      conversation = textIn(payload, 'session_id') ?? conversation;
      transcript = textIn(payload, 'transcript_path') ?? transcript;
      hasBegun ||= name !== 'SessionStart';
      model = textIn(payload, 'model') ?? model;
      return name === 'Stop' && verdict === 'go-on' ? show.note('It wanted to stop, but is not done') : [];
    },
    report: () => ({
      version,
      conversation,
      transcript,
      hasBegun,
      isDone,
      isInTool: tools.size > 0,
      problem,
      question: null,
      usage: {
        ...UNKNOWN_USAGE,
        tokens: tokensOf(counted, model, before),
        activeSeconds: active.seconds(now()),
      },
    }),
  };
}

/** Input of Codex includes what came from the cache. Cost and the number of requests it does not tell. */
function tokensOf(counted: Row | null, model: string | null, before: AgentUsage): AgentUsage['tokens'] {
  if (counted === null) return null;
  const cacheRead = numberIn(counted, 'cached_input_tokens') ?? 0;
  const cacheWrite = numberIn(counted, 'cache_write_input_tokens') ?? 0;
  const input = (numberIn(counted, 'input_tokens') ?? 0) - cacheRead - cacheWrite;
  const total = { input, output: numberIn(counted, 'output_tokens') ?? 0, cacheRead, cacheWrite };
  const earlier = before.tokens ?? [];
  const sum = (kind: keyof typeof total) => earlier.reduce((all, tokens) => all + tokens[kind], 0);
  const since = (kind: keyof typeof total) => Math.max(0, total[kind] - sum(kind));
  return [
    {
      model: model ?? 'unknown',
      input: since('input'),
      output: since('output'),
      cacheRead: since('cacheRead'),
      cacheWrite: since('cacheWrite'),
    },
  ];
}
