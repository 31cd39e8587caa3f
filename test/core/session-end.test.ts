import { expect, it } from 'vitest';
import { type AgentProblem, endOfSession, type SessionFacts } from '../../src/core/session-end.ts';

const exited = (code: number | null, signal: string | null = null, reason = 'exited') => ({
  code,
  signal,
  reason,
});

const problem = (change: Partial<AgentProblem>): AgentProblem => ({
  kind: 'api',
  status: 529,
  message: 'API Error: 529 Overloaded.\nTry again.',
  resetsAt: null,
  ...change,
});

const factsOf = (change: Partial<SessionFacts>): SessionFacts => ({
  exit: exited(0),
  outcome: { kind: 'missing' },
  problem: null,
  question: null,
  ...change,
});

const QUOTA = problem({ kind: 'quota', status: 429, message: 'Limit', resetsAt: '2026-11-21T03:00:00.000Z' });
const INVALID = { kind: 'invalid', problems: ['no nonce'] } as const;

it.each<[string, Partial<SessionFacts>, string]>([
  ['nothing was left', { exit: null }, 'interrupted'],
  ['the fleet was stopped', { exit: exited(143, null, 'stopped') }, 'interrupted'],
  [
    'the fleet was stopped in a failing request',
    { exit: exited(1, null, 'stopped'), problem: QUOTA },
    'interrupted',
  ],
  ['its terminal went away', { exit: exited(null, 'SIGHUP', 'hangup') }, 'interrupted'],
  ['the issue went away', { exit: exited(null, 'SIGTERM', 'cancelled') }, 'cancelled'],
  ['it could not be started', { exit: exited(null, null, 'spawn-failed') }, 'engine'],
  ['its time was up', { exit: exited(null, 'SIGTERM', 'timeout') }, 'timeout'],
  ['its time was up while it asked', { exit: exited(143, null, 'timeout'), question: 'Red?' }, 'question'],
  ['it was silent', { exit: exited(143, null, 'stalled') }, 'stalled'],
  [
    'it was silent after a failed request',
    { exit: exited(143, null, 'stalled'), problem: problem({}) },
    'api',
  ],
  ['a request failed', { exit: exited(1), problem: problem({}) }, 'api'],
  ['a request failed, with exit status 0', { exit: exited(0), problem: problem({}) }, 'api'],
  ['a limit was reached', { exit: exited(1), problem: QUOTA }, 'quota'],
  ['a limit was reached, and an outcome begun', { problem: QUOTA, outcome: INVALID }, 'quota'],
  [
    'its key was refused',
    { exit: exited(1), problem: problem({ kind: 'authentication' }) },
    'authentication',
  ],
  ['the account is empty', { exit: exited(1), problem: problem({ kind: 'billing' }) }, 'billing'],
  ['it left garbage', { outcome: INVALID }, 'outcome-invalid'],
  ['it left garbage and was killed', { exit: exited(null, 'SIGKILL'), outcome: INVALID }, 'outcome-invalid'],
  ['it was killed', { exit: exited(null, 'SIGKILL') }, 'killed'],
  ['it was killed in a sandbox', { exit: exited(137) }, 'killed'],
  ['it crashed', { exit: exited(3) }, 'agent-crash'],
  ['it said nothing', { exit: exited(0) }, 'no-outcome'],
  ['it was ended at its prompt', { exit: exited(143, null, 'finished') }, 'no-outcome'],
])('says why a session ended when %s', (_when, change, expected) => {
  expect(endOfSession(factsOf(change)).failure?.class).toBe(expected);
});

it.each<[string, Partial<SessionFacts>]>([
  ['an error after it', { exit: exited(1), problem: problem({}) }],
  ['a signal after it', { exit: exited(null, 'SIGKILL') }],
  ['the end of its time', { exit: exited(143, null, 'timeout') }],
  ['the loss of its host', { exit: null }],
])('counts a valid outcome in spite of %s', (_what, change) => {
  const end = endOfSession(factsOf({ ...change, outcome: { kind: 'valid' } }));
  expect(end).toEqual({ failure: null, resetsAt: null });
});

it('says until when a limit holds, and of nothing else', () => {
  expect(endOfSession(factsOf({ problem: QUOTA })).resetsAt).toBe(QUOTA.resetsAt);
  const other = problem({ resetsAt: QUOTA.resetsAt });
  expect(endOfSession(factsOf({ problem: other })).resetsAt).toBeNull();
});

it('gives the same fault the same signature, however it was worded', () => {
  const signatures = ['resets 2:29am', 'resets 3:10pm'].map(
    message => endOfSession(factsOf({ problem: { ...QUOTA, message } })).failure?.signature,
  );
  expect(signatures).toEqual(['quota: 429', 'quota: 429']);
});
