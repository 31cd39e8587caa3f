/**
 * How a model behaves, by a word in its task: `behave: <word>`. The fake programs of the usual tests and the
 * stub of the models' APIs, with which the real programs are driven, follow the same script.
 */
export interface Turn {
  /** Everything that the model was shown, as one text. */
  readonly shown: string;
  /** Tools that it has used so far. */
  readonly steps: number;
  /** Requests before this one, failed ones included. */
  readonly requests: number;
}

export type Answer =
  | { readonly kind: 'say'; readonly text: string }
  | { readonly kind: 'run'; readonly command: string; readonly inBackground?: true }
  | { readonly kind: 'ask'; readonly question: string; readonly options: readonly string[] }
  | {
      readonly kind: 'fail';
      readonly status: number;
      readonly error: 'rate_limit' | 'usage_limit' | 'overloaded' | 'authentication' | 'billing' | 'server';
    }
  | { readonly kind: 'stall' };

const WORK =
  'mkdir -p work && echo right > work/$HARNESS_ISSUE.txt && git add work && git commit -q -m "Work on $HARNESS_ISSUE"';

const OUTCOME = `printf '{"version":1,"nonce":"%s","repo":"%s","issue":%s,"status":"done","summary":"Worked.","criteria":[],"blockers":[],"discoveries":[]}' "$HARNESS_NONCE" "$HARNESS_REPO" "$HARNESS_ISSUE" > "$HARNESS_OUTCOME"`;

const say = (text: string): Answer => ({ kind: 'say', text });
const run = (command: string): Answer => ({ kind: 'run', command });
const fail = (status: number, error: Extract<Answer, { kind: 'fail' }>['error']): Answer => ({
  kind: 'fail',
  status,
  error,
});

/** Works and leaves its outcome, beginning with tool number `from`. */
const work = (steps: number, from = 0): Answer => [run(WORK), run(OUTCOME)][steps - from] ?? say('Done.');

/** The same in a conversation that has used tools before. */
function finish(shown: string): Answer {
  if (!shown.includes('did-work')) return run(`${WORK}; echo did-work`);
  return shown.includes('did-outcome') ? say('Done.') : run(`${OUTCOME}; echo did-outcome`);
}

const BEHAVIOURS: Readonly<Record<string, (turn: Turn) => Answer>> = {
  work: ({ steps }) => work(steps),
  garble: ({ shown, steps }) => {
    if (steps === 0) return run(WORK);
    if (steps === 1) return run('echo "{}" > "$HARNESS_OUTCOME"');
    if (steps === 2 && shown.includes('The outcome file is not valid')) return run(OUTCOME);
    return say('Done.');
  },
  // A subagent of the fake Claude Code does a part.
  delegate: ({ steps }) => (steps === 0 ? run('true delegated') : work(steps, 1)),
  'delegate-and-stay': ({ steps }) => (steps === 0 ? run('true delegated') : { kind: 'stall' }),
  forget: () => say('Done.'),
  'busy-once': ({ requests, steps }) => (requests === 0 ? fail(529, 'overloaded') : work(steps)),
  'throttled-once': ({ requests, steps }) => (requests === 0 ? fail(429, 'rate_limit') : work(steps)),
  'break-late': ({ steps }) => (steps === 0 ? run(WORK) : fail(500, 'server')),
  throttled: () => fail(429, 'rate_limit'),
  limited: () => fail(429, 'usage_limit'),
  overloaded: () => fail(529, 'overloaded'),
  refused: () => fail(401, 'authentication'),
  broke: () => fail(400, 'billing'),
  stall: () => ({ kind: 'stall' }),
  background: ({ shown, steps }) => {
    if (steps === 0) return { kind: 'run', command: 'sleep 1; touch late.txt', inBackground: true };
    if (!/<status>completed|task-notification/.test(shown)) return say('I wait for it.');
    return work(steps, 1);
  },
  ask: ({ steps, shown }) => {
    if (steps === 0) return { kind: 'ask', question: 'Which colour?', options: ['Red', 'Blue'] };
    return shown.includes('Green') ? work(steps, 1) : say('Nobody said Green.');
  },
  // Busy until it is told otherwise, or to make room.
  busy: ({ shown, steps }) => {
    if (shown.includes('Your session has to end now')) {
      return shown.includes('noted-handoff')
        ? say('I stop.')
        : run('echo "Half of it is done." > "$HARNESS_HANDOFF"; echo noted-handoff');
    }
    return shown.includes('Now finish') ? finish(shown) : run(`sleep 0.2; echo busy-${steps}`);
  },
  // Busy until it has to make room, and done when it goes on.
  'make-room': turn =>
    turn.shown.includes('You were interrupted') ? finish(turn.shown) : (BEHAVIOURS.busy?.(turn) ?? say('')),
  // Goes on with a conversation in which the word was said.
  remember: ({ shown }) => (shown.includes('first-secret') ? finish(shown) : say('I forgot it.')),
};

/** What the model answers. A text without a behaviour, such as a question for a title, gets a word. */
export function answerTo(turn: Turn): Answer {
  const word = [...turn.shown.matchAll(/behave: ([\w-]+)/g)].at(-1)?.[1] ?? '';
  const files = [...turn.shown.matchAll(/Read the file (\S+) to its end/g)].map(([, file]) => file ?? '');
  const isRead = (file: string) => turn.shown.includes(`did-read ${file}`);
  const unread = files.find(file => !isRead(file));
  if (unread !== undefined) return run(`tail -c 200 ${unread}; echo; echo did-read ${unread}`);
  const steps = turn.steps - new Set(files).size;
  return BEHAVIOURS[word]?.({ ...turn, steps }) ?? say('ok');
}
