import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { Delivery } from '../../ports.ts';
import { isTaken, layPrompt, type TrayPrompt, withdrawPrompt } from '../agents/tray.ts';
import { describeSession } from './describe-session.ts';
import type { SessionsOptions } from './options.ts';
import { readRecord, readReport, sessionPaths } from './session-files.ts';

/** What an agent is told that has to make room for now. */
export const CHECKPOINT_PROMPT = `Your session has to end now; somebody else will go on with your work later.
Stop what you are doing, commit what is worth keeping, even if it is not finished, and write a handoff of at
most two pages to the file that the environment variable HARNESS_HANDOFF names: what is done, what is not,
what you have found out, what the next step is. Then stop. Write no outcome.`;

/** Lays a prompt into an agent's tray and waits until a hook of the agent has taken it. */
export async function deliverPrompt(
  options: SessionsOptions,
  { name, kind, text }: { readonly name: string } & Pick<TrayPrompt, 'kind' | 'text'>,
): Promise<Delivery> {
  const { runDir, deliverMs } = options;
  const { agentDir } = sessionPaths(runDir, name);
  const id = randomBytes(8).toString('hex');
  const startedAt = performance.now();
  let isLaid = false;
  for (;;) {
    const state = await stateOf(options, name);
    if (state === 'unsupported') return state;
    isLaid ||= state === 'running' && layPrompt(agentDir, { id, kind, text });
    if (isLaid && isTaken(agentDir, id)) return 'taken';
    const isLate = performance.now() - startedAt > deliverMs;
    if (isLate || state === 'gone') {
      // Whoever moves the file first has it: the agent may take it at the last moment.
      const isBack = !isLaid || withdrawPrompt(agentDir, id);
      if (!isBack) return 'taken';
      return state === 'gone' ? 'gone' : 'late';
    }
    await pause(POLL_MS);
  }
}

const POLL_MS = 50;

async function stateOf(
  { runDir }: SessionsOptions,
  name: string,
): Promise<'running' | 'gone' | 'unsupported'> {
  const record = readRecord(runDir, name);
  if (record === null) return 'gone';
  const { state } = await describeSession(runDir, { record, hasPane: false });
  if (state !== 'running') return 'gone';
  return readReport(sessionPaths(runDir, name)) === null ? 'unsupported' : 'running';
}
