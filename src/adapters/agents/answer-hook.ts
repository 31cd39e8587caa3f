import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { SessionPlan } from '../../ports.ts';
import { unlessMissing } from '../missing.ts';
import { readOutcome } from '../sessions/outcome-file.ts';
import type { HookEvent, Row } from './agent.ts';
import { noteEvent, readEvents } from './events.ts';
import { readAll } from './first-prompt.ts';
import { rowsIn, textIn } from './rows.ts';
import { type TrayPrompt, takePrompt } from './tray.ts';

/** `hook.json`: what a hook has to know of its session. */
export interface HookFacts {
  readonly plan: SessionPlan;
  /** Path of the file with the prompt. */
  readonly prompt: string;
  readonly outcomeDir: string;
  readonly outcome: string;
  /** How often a stop may be refused. */
  readonly repairTurns: number;
  /** The agent may ask a person. */
  readonly mayAsk: boolean;
  /** The directory of the session that its agent may write. */
  readonly dir: string;
}

/**
 * What a hook answers its agent, as JSON for Claude Code and Codex, which use the same words; null is no
 * answer, and the agent goes its own way. Every event is noted for the session host.
 */
export async function answerHook(facts: HookFacts, payload: Row): Promise<object | null> {
  const name = textIn(payload, 'hook_event_name') ?? 'unknown';
  switch (name) {
    case 'UserPromptSubmit':
      return answerPrompt(facts, payload);
    case 'Stop':
      return await answerStop(facts, payload);
    case 'PostToolUse': {
      const prompt = takePrompt(facts.dir);
      if (prompt === null) return null;
      note(facts, 'Prompt', { id: prompt.id, kind: prompt.kind });
      return { hookSpecificOutput: { hookEventName: name, additionalContext: asAnswer(facts, prompt) } };
    }
    case 'PermissionRequest':
      if (!facts.mayAsk) {
        note(facts, 'Refusal', payload);
        return denial(NOBODY);
      }
      note(facts, name, payload);
      return await waitForAnswer(facts);
    default:
      note(facts, name, payload);
      return null;
  }
}

/** The prompt of the session may have been given again where its program was slow: it is taken once. */
function answerPrompt(facts: HookFacts, payload: Row): object | null {
  const hadOne = readEvents(facts.dir).some(({ name }) => name === 'UserPromptSubmit');
  if (!hadOne || !isTask(facts, textIn(payload, 'prompt') ?? '')) {
    note(facts, 'UserPromptSubmit', payload);
    return null;
  }
  note(facts, 'Repeat', {});
  return { decision: 'block', reason: 'You have this prompt already.' };
}

function isTask({ prompt: path }: HookFacts, prompt: string): boolean {
  const words = (text: string) => text.replaceAll(/\s+/g, ' ').trim();
  const task = unlessMissing(() => readFileSync(path, 'utf8')) ?? '';
  return prompt.includes(readAll(path)) || words(prompt) === words(task);
}

async function answerStop(facts: HookFacts, payload: Row): Promise<object | null> {
  // What runs in the background wakes the agent again when it ends.
  if (rowsIn(payload, 'background_tasks').length > 0) {
    note(facts, 'Stop', payload, 'wait');
    return null;
  }
  const prompt = takeWord(facts.dir);
  const events = readEvents(facts.dir);
  const reason = prompt === null ? await whatIsMissing(facts, events) : asAnswer(facts, prompt);
  if (reason === null) {
    note(facts, 'Stop', payload, 'end');
    return null;
  }
  if (prompt !== null) note(facts, 'Prompt', { id: prompt.id, kind: prompt.kind });
  note(facts, 'Stop', { ...payload, reason, isRepair: prompt === null }, 'go-on');
  return { decision: 'block', reason };
}

/** Claude Code shows its model the beginning only of what a hook answers at length (2.1.197). */
function asAnswer({ dir }: HookFacts, { id, text }: TrayPrompt): string {
  if (text.length <= LONGEST_ANSWER) return text;
  const path = join(dir, `prompt-${id}.md`);
  writeFileSync(path, text, { mode: 0o600 });
  return readAll(path);
}

const LONGEST_ANSWER = 8_000;

/** null: the agent may stop. */
async function whatIsMissing(facts: HookFacts, events: readonly HookEvent[]): Promise<string | null> {
  const wasCheckpointed = events.some(
    ({ name, payload }) => name === 'Prompt' && payload.kind === CHECKPOINT,
  );
  const repairs = events.filter(({ name, payload }) => name === 'Stop' && payload.isRepair === true).length;
  if (wasCheckpointed || repairs >= facts.repairTurns) return null;
  const outcome = await readOutcome(facts, facts.plan);
  if (outcome.kind === 'valid') return null;
  const what =
    outcome.kind === 'missing'
      ? 'There is no outcome file yet.'
      : `The outcome file is not valid: ${outcome.problems.join('; ').slice(0, LONGEST_ANSWER / 2)}.`;
  if (facts.plan.review)
    return `${what} Finish the review, then write the verdict as JSON to ${facts.outcome}, as your task describes it.`;
  return `${what} Finish the work and commit it, then write the outcome as JSON to ${facts.outcome}, as your task describes it. If you can't finish, say so there: status "blocked" or "failed".`;
}

const CHECKPOINT: TrayPrompt['kind'] = 'checkpoint';

/** Takes a prompt that somebody has written; an agent that wants to stop, or asks, needs no nudge any more. */
function takeWord(dir: string): TrayPrompt | null {
  const prompt = takePrompt(dir);
  return prompt?.kind === 'nudge' ? null : prompt;
}

/**
 * The dialog is in the pane meanwhile, and whoever answers there is first: the agent then ends this process.
 * So is everything when the engine is gone.
 */
async function waitForAnswer(facts: HookFacts): Promise<object> {
  for (;;) {
    const prompt = takeWord(facts.dir);
    if (prompt !== null) {
      return denial(`A person answered: ${asAnswer(facts, prompt)}`);
    }
    await pause(POLL_MS);
  }
}

/** The words reach the model; the dialog is gone with them. */
const denial = (message: string) => ({
  hookSpecificOutput: { hookEventName: 'PermissionRequest', decision: { behavior: 'deny', message } },
});

const NOBODY =
  'Nobody is there to be asked. Do without it, or decide yourself; if neither is possible, write the outcome with status "blocked" and your question.';

const POLL_MS = 200;

function note(facts: HookFacts, name: string, payload: Row, verdict: HookEvent['verdict'] = null): void {
  noteEvent(facts.dir, { at: new Date().toISOString(), name, payload, verdict });
}
