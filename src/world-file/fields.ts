import { nearestSetting } from '../config/names.ts';
import { isSettingName } from '../core/settings.ts';
import type {
  AgentState,
  Branch,
  ChangeGate,
  Comment,
  HostState,
  Issue,
  LeaseState,
  PlanState,
  Pull,
  RepoState,
  SessionState,
  Target,
  World,
} from '../core/world.ts';
import {
  amount,
  at,
  count,
  flag,
  listOf,
  mapOf,
  misfit,
  needed,
  number,
  oneOf,
  optional,
  orNull,
  type Reader,
  recordOf,
  text,
  time,
} from './shape.ts';

/** Reads a world from parsed JSON; `now` stands for the time that a file leaves out. */
export function worldReader(now: string): Reader<World> {
  return recordOf<World>({
    version: needed(versionOne),
    now: optional(time, now),
    login: optional(text, ''),
    config: needed(config),
    targets: optional(listOf(target), []),
    specHash: optional(orNull(text), null),
    spentToday: optional(orNull(amount), null),
    repos: optional(repos, {}),
    references: optional(references, {}),
    leases: optional(listOf(lease), []),
    host: optional(host, host({})),
    unit: optional(orNull(text), null),
    lane: optional(oneOf('pool', 'bugs'), 'pool'),
  });
}

const versionOne: Reader<1> = value => {
  if (value === 1) return 1;
  throw misfit('expected 1, the only version so far');
};

const setting: Reader<string> = value => {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw misfit('expected a string');
};

const config = mapOf(setting, key => {
  if (isSettingName(key)) return null;
  const nearest = key.length > LONGEST_NAME ? null : nearestSetting(key);
  return `unknown setting${nearest === null ? '' : ` (did you mean ${nearest}?)`}`;
});

const LONGEST_NAME = 60;

const name: Reader<string> = value => {
  if (typeof value === 'string' && value.trim() !== '') return value;
  throw misfit('expected a name');
};

const target = recordOf<Target>({
  id: needed(name),
  repo: needed(name),
  deps: optional(listOf(text), []),
  description: optional(text, ''),
});

const REPOSITORY = /^[\w.-]+\/[\w.-]+$/;
const REFERENCE = /^[\w.-]+\/[\w.-]+#[1-9]\d{0,14}$/;

const reference: Reader<string> = value => {
  if (typeof value === 'string' && REFERENCE.test(value)) return value;
  throw misfit('expected a reference such as "acme/lib#3"');
};

const comment = recordOf<Comment>({
  author: optional(text, ''),
  body: optional(text, ''),
  createdAt: optional(orNull(text), null),
});

const issue = recordOf<Issue>({
  number: needed(number),
  title: optional(text, ''),
  state: optional(oneOf('open', 'closed'), 'open'),
  stateReason: optional(orNull(oneOf('completed', 'not_planned', 'duplicate', 'reopened')), null),
  labels: optional(listOf(text), []),
  body: optional(text, ''),
  author: optional(text, ''),
  lastEditor: optional(orNull(text), null),
  createdAt: optional(orNull(text), null),
  updatedAt: optional(orNull(text), null),
  blockedBy: optional(listOf(reference), []),
  parent: optional(orNull(reference), null),
  comments: optional(listOf(comment), []),
});

const plan = recordOf<PlanState>({
  exists: optional(flag, false),
  markerHash: optional(orNull(text), null),
  prds: optional(listOf(number), []),
});

const branch = recordOf<Branch>({ name: optional(text, ''), head: optional(text, '') });

const pull = recordOf<Pull>({
  number: needed(number),
  head: optional(text, ''),
  headSha: optional(text, ''),
  base: optional(text, ''),
  state: optional(oneOf('open', 'closed'), 'open'),
  merged: optional(flag, false),
  checks: optional(oneOf('pass', 'fail', 'pending', 'unknown'), 'unknown'),
  review: optional(oneOf('approved', 'changes_requested', 'required', 'none'), 'none'),
  closes: optional(listOf(number), []),
});

const repo = recordOf<RepoState>({
  read: optional(oneOf('fresh', 'stale', 'missing', 'failed'), 'fresh'),
  issues: optional(numberedOnce(listOf(issue), 'issue'), []),
  plan: optional(plan, plan({})),
  specHash: optional<string | null | undefined>(orNull(text), undefined),
  workflow: optional(orNull(text), null),
  ci: optional(oneOf('pass', 'fail', 'unknown'), 'unknown'),
  branches: optional(listOf(branch), []),
  pulls: optional(numberedOnce(listOf(pull), 'pull request'), []),
});

function numberedOnce<T extends { readonly number: number }>(
  read: Reader<readonly T[]>,
  noun: string,
): Reader<readonly T[]> {
  return value => {
    const items = read(value);
    if (areAscending(items)) return items;
    const seen = new Map<number, number>();
    items.forEach((item, index) => {
      const first = seen.get(item.number);
      if (first !== undefined) {
        const fault = misfit(`duplicate ${noun} number ${item.number}, first at [${first}]`);
        throw at(index, at('number', fault));
      }
      seen.set(item.number, index);
    });
    return items;
  };
}

/** As files of `harness world` are: no number is there twice then. */
const areAscending = (items: readonly { readonly number: number }[]) =>
  items.every(({ number }, index) => index === 0 || number > (items[index - 1]?.number ?? 0));

const repos = namedOnce(
  mapOf(repo, key => (REPOSITORY.test(key) ? null : 'expected a repository such as "acme/widget"')),
);

const references = namedOnce(
  mapOf(oneOf('open', 'closed', 'not_planned', 'duplicate', 'merged', 'missing', 'unknown'), key =>
    REFERENCE.test(key) ? null : 'expected a reference such as "acme/lib#3"',
  ),
);

/** Repositories compare without case, so two spellings of one are two answers to one question. */
function namedOnce<T>(read: Reader<Readonly<Record<string, T>>>): Reader<Readonly<Record<string, T>>> {
  return value => {
    const map = read(value);
    const seen = new Map<string, string>();
    for (const key of Object.keys(map)) {
      const other = seen.get(key.toLowerCase());
      if (other !== undefined) throw at(key, misfit(`the same as ${JSON.stringify(other)}`));
      seen.set(key.toLowerCase(), key);
    }
    return map;
  };
}

const lease = recordOf<LeaseState>({
  scope: optional(oneOf('issue', 'stage', 'landing'), 'issue'),
  repo: optional(text, ''),
  issue: optional(orNull(number), null),
  holder: optional(text, ''),
  live: optional(flag, false),
  attempts: optional(count, 0),
  failures: optional(listOf(text), []),
  notBefore: optional(orNull(time), null),
  spend: optional(orNull(amount), null),
  minutes: optional(orNull(amount), null),
  breaker: optional(oneOf('closed', 'open', 'half-open'), 'closed'),
  breakerUntil: optional(orNull(time), null),
  question: optional(orNull(text), null),
  landing: optional(orNull(text), null),
  replanned: optional(listOf(number), []),
  contest: optional(flag, false),
  waits: optional(orNull(text), null),
  review: optional(flag, false),
  gates: optional(
    listOf(
      recordOf<ChangeGate>({
        gate: needed(text),
        verdict: needed(oneOf('pass', 'fail', 'unknown', 'skipped')),
        reason: optional(text, ''),
      }),
    ),
    [],
  ),
});

/** The outcome's status, given as such or as the whole outcome. */
const outcome: Reader<string> = value => {
  if (typeof value === 'string') return value;
  const status = typeof value === 'object' && value !== null && 'status' in value ? value.status : undefined;
  if (typeof status === 'string') return status;
  throw misfit("expected an outcome's status, or an outcome");
};

const session = recordOf<SessionState>({
  ofChange: optional(flag, false),
  kind: optional(
    oneOf('PLAN', 'PRD', 'DECOMPOSE', 'IMPL', 'REVIEW', 'JUDGE', 'REPLAN', 'TRIAGE', 'FIX'),
    'IMPL',
  ),
  repo: optional(text, ''),
  issue: optional(orNull(number), null),
  startedAt: optional(orNull(text), null),
  lastActivityAt: optional(orNull(text), null),
  outcome: optional(orNull(outcome), null),
  spend: optional(orNull(amount), null),
  question: optional(orNull(text), null),
});

const agent = recordOf<AgentState>({
  profile: needed(text),
  breaker: optional(oneOf('open', 'half-open'), 'open'),
  until: optional(orNull(time), null),
  reason: optional(text, ''),
});

const host = recordOf<HostState>({
  paused: optional(flag, false),
  capabilities: optional(listOf(text), []),
  claims: optional(listOf(text), []),
  sessions: optional(listOf(session), []),
  agents: optional(listOf(agent), []),
});
