import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Review } from '../../src/core/contracts.ts';
import type { Issue } from '../../src/core/world.ts';
import type { GateResult } from '../../src/landing/gates.ts';
import type { Readiness, ReadinessFacts } from '../../src/landing/readiness.ts';
import type { Engine } from '../../src/loop/engine.ts';
import type { FilePatch, Oid, Published } from '../../src/ports.ts';
import type { Behaviour } from '../../src/simulate/agents/behaviours.ts';
import type { Violation } from '../../src/simulate/watch/watch.ts';
import type { Stage } from '../helpers/ports.ts';

/** A gate, and a change that nothing but this gate keeps off the base. */
interface Twin {
  /** Name of the function that has the last word; of one that asks several gates, a dot and the gate follow. */
  readonly gate: string;
  /** Path of its module, from `src/landing`. */
  readonly module: string;
  /** What the journal says of the attempt that the gate stops; one that waits has no end. */
  readonly story: readonly string[];
  readonly agent?: Behaviour;
  /** The issue; one like any other when it is left out. */
  readonly issue?: Partial<Issue>;
  readonly config?: Readonly<Record<string, string>>;
  /** Puts into the engine's sight what a simulated agent can't do. */
  readonly alter?: (engine: Engine) => Engine;
  /** What it says when the gate always holds; that it lands at the first try, when this is left out. */
  readonly landed?: readonly string[];
  /** What others do once the pull request is there. */
  readonly meanwhile?: (stage: Stage) => void;
}

const GATES = 'gates.ts';
const READINESS = 'readiness.ts';
const refused = (failure: string) => ['claim', `receipt:${failure}`, 'release'];
const WAITS = ['claim', 'landing'];
const FIXED = { labels: ['bug', 'bug-triaged'] };

const TWINS: readonly Twin[] = [
  {
    gate: 'outcomeGate',
    module: GATES,
    story: refused('gave-up'),
    alter: engine => ({ ...engine, sessions: { ...engine.sessions, list: () => givingUp(engine) } }),
  },
  { gate: 'substanceGate', module: GATES, story: refused('substance'), agent: 'untidy' },
  { gate: 'verifyGate', module: GATES, story: refused('verify'), agent: 'wrong' },
  {
    gate: 'redBaseGate',
    module: 'gates/red-base.ts',
    story: refused('verify'),
    config: { HARNESS_VERIFY_REPORT: 'report.xml' },
    alter: withNewFailure,
  },
  {
    gate: 'redFirstGate',
    module: 'gates/red-first.ts',
    story: refused('verify'),
    agent: 'untested',
    issue: FIXED,
  },
  {
    gate: 'scopeGate',
    module: 'gates/scope.ts',
    story: refused('scope'),
    alter: engine => withPatch(engine, { ...A_FILE, path: '.github/workflows/ci.yml' }),
  },
  {
    gate: 'secretsGate',
    module: 'gates/secrets.ts',
    story: refused('secrets'),
    alter: engine => withPublished(engine, `token = "ghp_${'A1b2C3d4E5f6'.repeat(3)}"`),
  },
  {
    gate: 'messagesGate',
    module: 'gates/messages.ts',
    story: refused('substance'),
    config: { HARNESS_MERGE: 'rebase' },
    alter: engine => withMessage(engine, 'Fixes #1, asks @org'),
  },
  {
    gate: 'weakenedGate',
    module: 'gates/weakened.ts',
    story: WAITS,
    alter: engine => withPatch(engine, { ...A_FILE, path: 'test/a.test.ts', status: 'deleted' }),
  },
  {
    gate: 'readinessOf.weakened',
    module: READINESS,
    story: WAITS,
    alter: engine => withPatch(engine, { ...A_FILE, path: 'test/a.test.ts', status: 'deleted' }),
  },
  {
    gate: 'readinessOf.checks',
    module: READINESS,
    story: ['claim', 'landing', 'receipt:checks', 'release'],
    meanwhile: stage => {
      for (const pull of stage.github.remote.pulls.values()) pull.checks = 'fail';
    },
  },
  {
    gate: 'reviewGate',
    module: 'gates/review.ts',
    story: WAITS,
    config: { HARNESS_REVIEW: 'agent', HARNESS_REVIEW_ROUNDS: '1' },
    alter: engine => ({ ...engine, sessions: { ...engine.sessions, list: () => refusing(engine) } }),
  },
  { gate: 'readinessOf.review', module: READINESS, story: WAITS, config: { HARNESS_REVIEW: 'human' } },
  { gate: 'readinessOf.verify', module: READINESS, story: WAITS, alter: withRedBase },
  { gate: 'readinessOf.red-first', module: READINESS, story: WAITS, issue: FIXED, alter: withTestsAlone },
  { gate: 'readinessOf.verify-base', module: READINESS, story: WAITS, alter: withRedefinedCheck },
  { gate: 'readinessOf.proof', module: READINESS, story: WAITS, config: { HARNESS_VERIFY: '' } },
  {
    gate: 'readinessOf.rules',
    module: READINESS,
    story: [...WAITS, 'landing'],
    landed: [...WAITS, 'landing', 'receipt', 'release'],
    alter: withOneRefusal,
  },
];

const LANDING = path.resolve(import.meta.dirname, '../../src/landing');

afterEach(() => {
  for (const { module } of TWINS) vi.doUnmock(path.join(LANDING, module));
});

describe.each(TWINS)('without $gate', twin => {
  it('a change lands that it stops', async () => {
    expect(await play(twin)).toEqual({ story: twin.story, merges: 0 });
    const calls = replace(twin);
    const landed = twin.landed ?? ['claim', 'landing', 'receipt', 'release'];
    expect(await play(twin)).toEqual({ story: landed, merges: 1 });
    expect(calls).toHaveBeenCalled();
  });
});

it('there is a twin for every gate that is in use', () => {
  const landing = textsBelow(LANDING);
  const all = textsBelow(path.dirname(LANDING));
  const isUsed = (gate: string) => all.some(text => new RegExp(`^import[^;]*\\b${gate}\\b`, 'm').test(text));
  const gates = landing.flatMap(text =>
    [...text.matchAll(/^export function (\w+Gate)\(/gm)].map(([, name]) => name ?? ''),
  );
  const twins = TWINS.map(({ gate }) => gate);
  const asked = readFileSync(path.join(LANDING, READINESS), 'utf8').matchAll(/^function (\w+)Gate\(/gm);
  expect([...asked].map(([, name]) => `readinessOf.${name}`).filter(name => !twins.includes(name))).toEqual(
    [],
  );
  expect(gates.filter(gate => isUsed(gate) && !twins.includes(gate))).toEqual([]);
});

const textsBelow = (dir: string) =>
  readdirSync(dir, { recursive: true, encoding: 'utf8' })
    .filter(file => file.endsWith('.ts'))
    .map(file => readFileSync(path.join(dir, file), 'utf8'));

/** Puts a gate that always holds in the place of the real one, in modules that are loaded from now on. */
function replace({ gate, module }: Twin) {
  const [name = '', part] = gate.split('.');
  const calls = vi.fn();
  const holds = (): GateResult => ({ verdict: { gate: 'twin', verdict: 'pass', reason: '' }, failure: null });
  vi.doMock(path.join(LANDING, module), async importOriginal => {
    const original = await importOriginal<Readonly<Record<string, unknown>>>();
    const ask = original[name] as (facts: ReadinessFacts) => Readiness;
    const replaced = (facts: ReadinessFacts) => {
      calls();
      return part === undefined ? holds() : without(part, ask(facts));
    };
    return { ...original, [name]: replaced };
  });
  return calls;
}

/** What the other gates say, when one of those that are asked together always holds. */
function without(part: string, { gates, failure, ...wants }: Readiness): Readiness {
  const others = gates.filter(({ gate }) => gate !== part);
  const open = others.find(({ verdict }) => verdict === 'unknown');
  return {
    ...wants,
    gates: others,
    waits: open?.reason ?? null,
    failure: others.some(({ verdict }) => verdict === 'fail') ? failure : null,
  };
}

/** One attempt on one issue, by an engine whose modules are loaded anew. */
async function play({ agent = 'good', issue = {}, config, alter, meanwhile }: Twin) {
  vi.resetModules();
  const { aStage } = await import('../helpers/ports.ts');
  const stage = aStage({
    issues: [issue],
    agents: [agent],
    config: { HARNESS_MAX_ATTEMPTS: '1', ...config },
  });
  stage.github.remote.hasChecks = meanwhile !== undefined;
  const here = stage.fleet('h1', alter);
  await here.untilAgentsStop();
  for (let turn = 0; turn < 5; turn += 1) {
    // A reviewer is an agent, too.
    await here.untilAgentsStop();
    meanwhile?.(stage);
  }
  // The watch over the stage sees what is merged unproven, too; here that is what is wanted.
  (stage.universe.watch.violations as Violation[]).splice(0);
  return {
    story: stage.github.story().filter(op => op !== 'review'),
    merges: stage.github.pulls().filter(({ mergeCommit }) => mergeCommit !== null).length,
  };
}

/** Reviewers find a criterion that is not met. */
async function refusing({ sessions }: Engine) {
  const list = await sessions.list();
  return list.map(session => {
    const { outcome, plan } = session;
    if (outcome.kind !== 'valid' || !plan.review) return session;
    const criteria = plan.review.criteria.map(id => ({ id, verdict: 'fail', evidence: 'it does not work' }));
    const proposal = { ...(outcome.outcome.proposal as Review), criteria };
    return { ...session, outcome: { ...outcome, outcome: { ...outcome.outcome, proposal } } };
  });
}

async function givingUp({ sessions }: Engine) {
  const list = await sessions.list();
  return list.map(session =>
    session.outcome.kind === 'valid'
      ? {
          ...session,
          outcome: { ...session.outcome, outcome: { ...session.outcome.outcome, status: 'failed' as const } },
        }
      : session,
  );
}

const A_FILE: FilePatch = {
  path: '',
  oldPath: null,
  status: 'added',
  oldKind: null,
  kind: 'file',
  size: 1,
  link: null,
  added: [],
  removed: [],
  isBinary: false,
  isCut: false,
};

/** Verification fails on the base and on the change, which fails one test more. */
function withNewFailure(engine: Engine): Engine {
  const cases = (names: readonly string[]) =>
    `<testsuite>${names.map(name => `<testcase name="${name}"><failure/></testcase>`).join('')}</testsuite>`;
  let runs = 0;
  return {
    ...engine,
    commands: {
      run: async () => {
        runs += 1;
        // Each is run twice before it counts as failed, the change first.
        const reports = [cases(runs > 2 ? ['old'] : ['old', 'new'])];
        return { exit: 1, timedOut: false, seconds: 1, tail: '', reports };
      },
    },
  };
}

/** Verification fails, whatever is verified. */
function withRedBase(engine: Engine): Engine {
  const run = async () => ({ exit: 1, timedOut: false, seconds: 1, tail: '' });
  return { ...engine, commands: { run } };
}

/** From its verification on the change is seen to redefine the check, and fails with the definitions of the base. */
function withRedefinedCheck(engine: Engine): Engine {
  let restored = '';
  const { restoreFiles, checkout, patch } = engine.repos;
  let runs = 0;
  let isRestored = false;
  const repos: Engine['repos'] = {
    ...engine.repos,
    patch: async (repo, range) => [
      ...(await patch(repo, range)),
      ...(runs > 0 ? [{ ...A_FILE, path: 'vitest.config.ts' }] : []),
    ],
    restoreFiles: async (repo, files) => {
      restored = await restoreFiles(repo, files);
      return restored;
    },
    checkout: async request => {
      isRestored = request.commit === restored;
      return checkout(request);
    },
  };
  const run: Engine['commands']['run'] = async command => {
    runs += 1;
    const result = await engine.commands.run(command);
    return isRestored ? { ...result, exit: 1 } : result;
  };
  return { ...engine, repos, commands: { run } };
}

/** GitHub refuses a merge once, for what nothing shows but its words; the next it would take. */
function withOneRefusal(engine: Engine): Engine {
  let isRefused = false;
  const mergePull: Engine['board']['mergePull'] = async (...asked) => {
    if (isRefused) return engine.board.mergePull(...asked);
    isRefused = true;
    return { kind: 'refused', reason: 'A conversation must be resolved.' };
  };
  return { ...engine, board: { ...engine.board, mergePull } };
}

/** The change is seen to touch nothing but tests. */
function withTestsAlone(engine: Engine): Engine {
  const patch: Engine['repos']['patch'] = async (repo, range) =>
    (await engine.repos.patch(repo, range)).filter(({ path }) => path.startsWith('test/'));
  return { ...engine, repos: { ...engine.repos, patch } };
}

const withPatch = (engine: Engine, file: FilePatch): Engine => ({
  ...engine,
  repos: {
    ...engine.repos,
    patch: async (repo, range) => [...(await engine.repos.patch(repo, range)), file],
  },
});

const withMessage = (engine: Engine, message: string): Engine => ({
  ...engine,
  repos: {
    ...engine.repos,
    published: async (repo: string, range: { base: Oid; head: Oid }): Promise<Published> => {
      const published = await engine.repos.published(repo, range);
      const commits = published.commits.map(({ oid, text }) => ({ oid, text: `${text}\n${message}` }));
      return { ...published, commits };
    },
  },
});

const withPublished = (engine: Engine, text: string): Engine => ({
  ...engine,
  repos: {
    ...engine.repos,
    published: async (repo: string, range: { base: Oid; head: Oid }): Promise<Published> => {
      const published = await engine.repos.published(repo, range);
      const file = { commit: range.head, path: 'login.txt', added: [{ line: 1, text }] };
      return { ...published, files: [...published.files, file] };
    },
  },
});
