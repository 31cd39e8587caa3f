import type { AgentProblem } from '../../../core/session-end.ts';
import type { AgentUsage } from '../../../ports.ts';
import { countActiveTime } from '../active-time.ts';
import type { AgentReader, HookEvent, Row } from '../agent.ts';
import { resetTimeIn } from '../reset-time.ts';
import { numberIn, rowIn, rowsIn, textIn, timeIn } from '../rows.ts';
import { show } from '../show.ts';
import { problemOf } from './problem.ts';
import { questionOf } from './question.ts';
import { countUsage } from './usage.ts';

/**
 * Follows Claude Code: the rows of `--output-format stream-json` or of a transcript, and its hooks' events.
 * `now` is milliseconds since the epoch, `before` what a resumed conversation had used.
 */
export function claudeReader(now: () => number, before: AgentUsage): AgentReader {
  const usage = countUsage(before);
  const active = countActiveTime();
  const tools = new Set<string>();
  const background = new Set<string>();
  let version: string | null = null;
  let conversation: string | null = null;
  let transcript: string | null = null;
  let hasBegun = false;
  let isDone = false;
  let problem: AgentProblem | null = null;
  let question: string | null = null;
  let resetsAt: string | null = null;
  let lastError: string | null = null;

  const complain = (error: string | null, status: number | null, message: string) => {
    const known = problemOf({ error, status, message, resetsAt: resetsAt ?? resetTimeIn(message, now()) });
    // Stream and hook tell of the same failure, in any order; only the stream knows the status.
    problem = { ...known, status: status ?? (problem?.kind === known.kind ? problem.status : null) };
  };

  const readAssistant = (row: Row): readonly string[] => {
    const message = rowIn(row, 'message');
    if (message === null) return [];
    usage.addMessage(message);
    hasBegun = true;
    const blocks = rowsIn(message, 'content');
    const error = textIn(row, 'error');
    lastError = error;
    if (error === null) problem = null;
    else complain(error, null, blocks.map(block => textIn(block, 'text') ?? '').join(' '));
    return blocks.flatMap(block => {
      if (textIn(block, 'type') === 'text') return show.words(textIn(block, 'text') ?? '');
      if (textIn(block, 'type') !== 'tool_use') return [];
      tools.add(textIn(block, 'id') ?? '');
      return show.tool(textIn(block, 'name') ?? 'a tool', subjectOf(rowIn(block, 'input')));
    });
  };

  const readUser = (row: Row): readonly string[] =>
    rowsIn(rowIn(row, 'message'), 'content').flatMap(block => {
      if (textIn(block, 'type') !== 'tool_result') return [];
      tools.delete(textIn(block, 'tool_use_id') ?? '');
      if (question !== null) active.begin(timeIn(row, 'timestamp') ?? now());
      question = null;
      return show.answer(answerOf(block));
    });

  const readSystem = (row: Row): readonly string[] => {
    const id = textIn(row, 'task_id') ?? '';
    switch (textIn(row, 'subtype')) {
      case 'init':
        isDone = false;
        active.begin(now());
        version = textIn(row, 'claude_code_version') ?? version;
        conversation = textIn(row, 'session_id') ?? conversation;
        return show.note(`Claude Code ${version ?? ''}, model ${textIn(row, 'model') ?? 'unknown'}`);
      case 'task_started':
        background.add(id);
        return [];
      case 'task_notification':
        background.delete(id);
        return show.note(textIn(row, 'summary') ?? 'A background task has ended');
      case 'api_retry':
        return show.note(`The API answered ${numberIn(row, 'error_status') ?? 'nothing'}; it tries again`);
      default:
        return [];
    }
  };

  const readLimit = (row: Row): readonly string[] => {
    const facts = rowIn(row, 'rate_limit_info');
    if (textIn(facts, 'status') !== 'rejected') return [];
    resetsAt = isoOf(numberIn(facts, 'resetsAt'));
    return show.note(`Usage limit reached${resetsAt === null ? '' : `, until ${resetsAt}`}`);
  };

  const readResult = (row: Row): readonly string[] => {
    usage.addResult(row);
    active.end(now());
    tools.clear();
    isDone = background.size === 0;
    const text = textIn(row, 'result') ?? textIn(row, 'subtype') ?? '';
    if (row.is_error !== true) {
      problem = null;
      return show.note('The turn is over');
    }
    complain(lastError, numberIn(row, 'api_error_status'), text);
    return show.note(`The turn failed: ${text}`);
  };

  return {
    readRow: row => {
      // In a transcript each row says so.
      version = textIn(row, 'version') ?? version;
      switch (textIn(row, 'type')) {
        case 'assistant':
          return readAssistant(row);
        case 'user':
          return readUser(row);
        case 'system':
          return readSystem(row);
        case 'rate_limit_event':
          return readLimit(row);
        case 'result':
          return readResult(row);
        default:
          return [];
      }
    },
    readSubagent: row => {
      const message = textIn(row, 'type') === 'assistant' ? rowIn(row, 'message') : null;
      if (message !== null) usage.addMessage(message);
    },
    readCount: count => {
      usage.addStatus(count);
      usage.addState(count, conversation);
    },
    readEvent: ({ at, name, payload, verdict }: HookEvent) => {
      const atMs = Date.parse(at) || now();
      conversation = textIn(payload, 'session_id') ?? conversation;
      transcript = textIn(payload, 'transcript_path') ?? transcript;
      hasBegun ||= name !== 'SessionStart';
      switch (name) {
        case 'UserPromptSubmit':
          isDone = false;
          problem = null;
          question = null;
          active.begin(atMs);
          return [];
        case 'PermissionRequest':
          active.end(atMs);
          question = questionOf(payload);
          return show.note(`It asks: ${question}`);
        case 'Refusal':
          return show.note(`Nobody is asked: ${questionOf(payload)}`);
        case 'Stop':
          question = null;
          isDone = verdict === 'end';
          if (isDone) active.end(atMs);
          return verdict === 'go-on' ? show.note('It wanted to stop, but is not done') : [];
        case 'StopFailure': {
          const message = textIn(payload, 'last_assistant_message') ?? 'a request failed';
          complain(textIn(payload, 'error'), null, message);
          isDone = true;
          active.end(atMs);
          return show.note(`The turn failed: ${message}`);
        }
        default:
          return [];
      }
    },
    report: () => ({
      version,
      conversation,
      transcript,
      hasBegun,
      isDone,
      isInTool: tools.size > 0 || background.size > 0,
      problem,
      question,
      usage: { ...usage.total(), activeSeconds: active.seconds(now()) },
    }),
  };
}

/** What a tool is used on: the field that says most. */
function subjectOf(input: Row | null): string {
  const names = ['command', 'file_path', 'path', 'pattern', 'url', 'query', 'description', 'prompt'];
  const name = names.find(candidate => textIn(input, candidate) !== null);
  return name === undefined ? '' : (textIn(input, name) ?? '');
}

function answerOf(block: Row): string {
  return (
    textIn(block, 'content') ??
    rowsIn(block, 'content')
      .map(part => textIn(part, 'text') ?? '')
      .join('\n')
  );
}

/** Seconds since the epoch as ISO 8601. */
const isoOf = (seconds: number | null) => (seconds === null ? null : new Date(seconds * 1000).toISOString());
