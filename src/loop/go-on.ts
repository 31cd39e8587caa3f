import { chooseAgent } from '../core/agent-choice.ts';
import type { FailureClass } from '../core/contracts.ts';
import { endsWithProposal } from '../pipeline/accept.ts';
import type { Conversation } from '../ports.ts';
import type { Engine } from './engine.ts';
import type { PreparedSession } from './prepare-session.ts';

/** What ended so says nothing against its conversation: the agent had to wait, or to make room. */
const CUT_SHORT: ReadonlySet<FailureClass | undefined> = new Set(['quota', 'interrupted']);

/**
 * The conversation that an attempt goes on with: that of the attempt before it, where this host has it, which was cut
 * short on the very same text by the same agent. null: it begins a new one.
 */
export async function earlierConversation(
  { sessions, settings }: Engine,
  { plan, state }: PreparedSession,
): Promise<Conversation | null> {
  const last = state.receipts.at(-1);
  const isSame =
    last?.attempt === plan.attempt - 1 && last.kind === plan.kind && last.bodyHash === plan.bodyHash;
  if (!isSame || !CUT_SHORT.has(last.failure?.class) || endsWithProposal(plan.kind)) return null;
  // In a configuration of the user's nothing is put, so an earlier conversation is not found there.
  if (settings.HARNESS_AGENT_CONFIG === 'user') return null;
  const conversation = await sessions.conversation(plan.name, last.attempt);
  const { agent } = chooseAgent(settings, plan.kind, plan.size ?? null);
  return conversation?.agent === agent ? conversation : null;
}

/** The prompt of a session that remembers an earlier one. */
export const goingOn = (prompt: string): string => `${GOES_ON}\n\n${prompt}`;

const GOES_ON = `You were interrupted, and go on now. Your earlier worktree is gone: what you had changed there is committed
on the branch in your working directory, which is another one. Paths, nonce and outcome file of before no longer
count. This is your task again, as it stands now:`;
