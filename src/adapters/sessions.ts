import type { Sessions } from '../ports.ts';
import { identifySelf } from './processes.ts';
import { CHECKPOINT_PROMPT, deliverPrompt } from './sessions/deliver-prompt.ts';
import { describeSession } from './sessions/describe-session.ts';
import { endSession } from './sessions/end-session.ts';
import { keepConversation, readConversation } from './sessions/kept-conversation.ts';
import { launchSession } from './sessions/launch-session.ts';
import type { SessionsOptions } from './sessions/options.ts';
import {
  createSession,
  parseNote,
  readRecord,
  removeSession,
  sessionNames,
} from './sessions/session-files.ts';
import { sweepLogs } from './sessions/sweep-logs.ts';

/** Agent sessions in a fleet's tmux server, with their files in `<runDir>/sessions/<name>`. */
export function createSessions(options: SessionsOptions): Sessions {
  const { runDir, tmux } = options;
  const owner = identifySelf();
  return {
    reserve: async plan =>
      // A pane whose record was deleted holds the name too.
      !(await tmux.hasSession(plan.name)) &&
      createSession(runDir, { plan, owner, reservedAt: new Date().toISOString() }),
    launch: (name, launch) => launchSession(options, name, launch),
    list: async () => {
      const panes = await tmux.listSessions();
      const records = sessionNames(runDir).flatMap(name => readRecord(runDir, name) ?? []);
      const recorded = new Set(records.map(({ plan }) => plan.name));
      // A pane without a record: the run directory was deleted, but the record travels with the pane too.
      const strays = panes.filter(({ name }) => !recorded.has(name));
      const all = [...records, ...strays.flatMap(({ note }) => parseNote(note) ?? [])];
      const names = new Set(panes.map(({ name }) => name));
      return await Promise.all(
        all.map(record => describeSession(runDir, { record, hasPane: names.has(record.plan.name) })),
      );
    },
    end: (name, reason) => endSession(options, name, reason),
    discard: async name => {
      await endSession(options, name, 'stopped');
      const record = readRecord(runDir, name);
      if (record !== null) keepConversation(runDir, record.plan);
      await removeSession(runDir, name);
      sweepLogs(runDir, { cap: options.logsCap });
      // An agent's home goes with its worktree, and that of a verification with its checkout.
      await (await options.enclosure())?.sweep();
    },
    conversation: async (name, attempt) => readConversation(runDir, { name, attempt }),
    deliver: (name, text) => deliverPrompt(options, { name, kind: 'prompt', text }),
    checkpoint: name => deliverPrompt(options, { name, kind: 'checkpoint', text: CHECKPOINT_PROMPT }),
  };
}
