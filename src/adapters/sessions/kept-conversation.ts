import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sumOf, sumTokens } from '../../core/usage.ts';
import type { AgentUsage, Conversation, SessionPlan } from '../../ports.ts';
import { UNKNOWN_USAGE } from '../agents/agent.ts';
import { writeAtomic } from '../atomic-file.ts';
import { unlessMissing } from '../missing.ts';
import { logsDir, readReport, type SessionReport, sessionPaths } from './session-files.ts';

/** Keeps what it takes to go on with a session's conversation beside its transcript, which outlives the session. */
export function keepConversation(runDir: string, plan: SessionPlan): void {
  const report = readReport(sessionPaths(runDir, plan.name));
  const conversation = report && conversationOf(report);
  if (conversation === null) return;
  try {
    writeAtomic(pathOf(runDir, plan), JSON.stringify(conversation));
  } catch {
    // Without it the next session begins a new conversation.
  }
}

/** The conversation of an attempt that ended on this host; null when there is none, or no transcript of it. */
export function readConversation(
  runDir: string,
  attempt: Pick<SessionPlan, 'name' | 'attempt'>,
): Conversation | null {
  const text = unlessMissing(() => readFileSync(pathOf(runDir, attempt), 'utf8'));
  const conversation = text === null ? null : (JSON.parse(text) as Conversation);
  return conversation !== null && existsSync(conversation.transcript) ? conversation : null;
}

/** What a report tells of a conversation that could be gone on with. */
export function conversationOf(report: SessionReport): Conversation | null {
  const { agent, conversation, keptTranscript, usage, usedBefore = UNKNOWN_USAGE } = report;
  if (conversation === null || !keptTranscript?.isWhole) return null;
  return { agent, id: conversation, transcript: keptTranscript.path, usage: inAll(usedBefore, usage) };
}

const inAll = (a: AgentUsage, b: AgentUsage): AgentUsage => ({
  requests: sumOf([a.requests, b.requests]),
  tokens: sumTokens([a.tokens, b.tokens]),
  costUsd: sumOf([a.costUsd, b.costUsd]),
  activeSeconds: sumOf([a.activeSeconds, b.activeSeconds]),
});

const pathOf = (runDir: string, { name, attempt }: Pick<SessionPlan, 'name' | 'attempt'>) =>
  join(logsDir(runDir), `${name}-a${attempt}.conversation.json`);
