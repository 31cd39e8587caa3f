import { afterEach, describe, expect, it, vi } from 'vitest';
import type { GateResult } from '../../src/landing/gates.ts';
import type { Engine } from '../../src/loop/engine.ts';
import type { FilePatch, Oid, Published } from '../../src/ports.ts';
import type { Behaviour } from '../../src/simulate/agents/behaviours.ts';
import type { Violation } from '../../src/simulate/watch/watch.ts';

/** A gate, and a change that nothing but this gate keeps off the base. */
interface Twin {
  /** Path of the module that has the gate, from here. */
  readonly module: string;
  /** Name of the gate's function there. */
  readonly gate: string;
  /** Class of the failure that the gate means. */
  readonly failure: string;
  readonly agent: Behaviour;
  /** Puts into the engine's sight what a simulated agent can't do. */
  readonly alter: (engine: Engine) => Engine;
}

const asIs = (engine: Engine) => engine;

const TWINS: readonly Twin[] = [
  {
    module: '../../src/landing/gates.ts',
    gate: 'outcomeGate',
    failure: 'gave-up',
    agent: 'good',
    alter: engine => ({ ...engine, sessions: { ...engine.sessions, list: () => givingUp(engine) } }),
  },
  {
    module: '../../src/landing/gates.ts',
    gate: 'substanceGate',
    failure: 'substance',
    agent: 'untidy',
    alter: asIs,
  },
  {
    module: '../../src/landing/gates.ts',
    gate: 'verifyGate',
    failure: 'verify',
    agent: 'wrong',
    alter: asIs,
  },
  {
    module: '../../src/landing/gates/scope.ts',
    gate: 'scopeGate',
    failure: 'scope',
    agent: 'good',
    alter: engine => withPatch(engine, { ...A_FILE, path: '.github/workflows/ci.yml' }),
  },
  {
    module: '../../src/landing/gates/secrets.ts',
    gate: 'secretsGate',
    failure: 'secrets',
    agent: 'good',
    alter: engine => withPublished(engine, `token = "ghp_${'A1b2C3d4E5f6'.repeat(3)}"`),
  },
];

afterEach(() => {
  for (const { module } of TWINS) vi.doUnmock(module);
});

describe.each(TWINS)('without $gate', twin => {
  it(`a change lands that it refuses: ${twin.failure}`, async () => {
    expect(await play(twin)).toMatchObject({
      story: ['claim', `receipt:${twin.failure}`, 'release'],
      merges: 0,
    });
    const passing = vi.fn(
      (): GateResult => ({ verdict: { gate: 'twin', verdict: 'pass', reason: '' }, failure: null }),
    );
    vi.doMock(twin.module, async original => ({ ...(await original<object>()), [twin.gate]: passing }));
    expect(await play(twin)).toMatchObject({ story: ['claim', 'landing', 'receipt', 'release'], merges: 1 });
    expect(passing).toHaveBeenCalled();
  });
});

/** One attempt on one issue, by an engine whose modules are loaded anew. */
async function play({ agent, alter }: Twin) {
  vi.resetModules();
  const { aStage } = await import('../helpers/ports.ts');
  const stage = aStage({ agents: [agent], config: { HARNESS_MAX_ATTEMPTS: '1' } });
  await stage.fleet('h1', alter).finish();
  // The watch over the stage sees what is merged unproven, too; here that is what is wanted.
  (stage.universe.watch.violations as Violation[]).splice(0);
  return {
    story: stage.github.story(),
    merges: stage.github.pulls().filter(({ mergeCommit }) => mergeCommit !== null).length,
  };
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

const withPatch = (engine: Engine, file: FilePatch): Engine => ({
  ...engine,
  repos: {
    ...engine.repos,
    patch: async (repo, range) => [...(await engine.repos.patch(repo, range)), file],
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
