import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { GateVerdict } from '../../src/core/contracts.ts';
import type { Engine } from '../../src/loop/engine.ts';
import type { Oid } from '../../src/ports.ts';
import type { Behaviour } from '../../src/simulate/agents/behaviours.ts';
import { leaveQueue } from '../../src/simulate/github/merge-queue.ts';
import { closePull, followBranch, mergeFirst, mergePull } from '../../src/simulate/github/pulls.ts';
import { BASE, type RemotePull } from '../../src/simulate/github/remote.ts';
import { PERSON, pushToBranch } from '../../src/simulate/people.ts';
import { fulfil } from '../../src/simulate/project.ts';
import { aStage, type Stage } from '../helpers/ports.ts';

const DEEDS = {
  nothing: () => {},
  edit: ({ stage, number }: Place) => stage.github.edit(number, { body: `Wants own, at ${now(stage)}.` }),
  close: ({ stage, number }: Place) =>
    stage.github.edit(number, { state: 'closed', stateReason: 'not_planned' }),
  reopen: ({ stage, number }: Place) => {
    if (stage.github.issue(number).state === 'open') return;
    stage.universe.watch.reopens(stage.github.remote, number, 'person');
    stage.github.edit(number, { state: 'open', stateReason: 'reopened' });
  },
  'push to the base': ({ stage, number }: Place) => {
    const { universe, github } = stage;
    const tip = github.remote.branches.get(BASE) ?? '';
    const order = { issue: 100 + number, wish: 'use', attempt: now(stage) } as const;
    const files = fulfil(universe.objects.read(tip).tree.files, order);
    github.remote.branches.set(BASE, universe.objects.commit({ files, parents: [tip], by: PERSON }).oid);
    universe.watch.basePushed(github.remote);
  },
  'push to the branch': ({ stage: { universe, github }, number }: Place) =>
    pushToBranch({ universe, remote: github.remote, issue: github.issue(number) }),
  'delete the branch': ({ stage: { universe, github }, number }: Place) => {
    const ref = `refs/heads/issue/${number}`;
    if (github.remote.branches.delete(ref)) followBranch(universe, github.remote, ref);
  },
  'close the pull request': place =>
    withPull(place, pull => closePull(place.stage.universe, place.stage.github.remote, pull, 'alice')),
  'merge by hand': place =>
    withPull(place, ({ number, headSha }) =>
      mergePull(place.stage.universe, place.stage.github.remote, { number, sha: headSha, by: 'alice' }),
    ),
  'let the queue merge': ({ stage: { universe, github } }: Place) => mergeFirst(universe, github.remote),
  'let the queue drop it': place =>
    withPull(place, pull =>
      leaveQueue(place.stage.github.remote, pull, { reason: 'failed_checks', by: null }),
    ),
  'take it out of the queue': place =>
    withPull(place, pull => leaveQueue(place.stage.github.remote, pull, { reason: 'manual', by: 'alice' })),
  approve: place => review(place, 'approved'),
  object: place => review(place, 'changes_requested'),
  'pass the checks': place => report(place, 'pass'),
  'fail the checks': place => report(place, 'fail'),
} as const satisfies Record<string, (place: Place) => unknown>;

interface Place {
  readonly stage: Stage;
  /** Of the issue. */
  readonly number: number;
}

const now = ({ universe }: Stage) => universe.scheduler.now();

function withPull({ stage, number }: Place, act: (pull: RemotePull) => unknown): void {
  const open = ({ state, head }: RemotePull) => state === 'open' && head === `issue/${number}`;
  const pull = stage.github.pulls().find(open);
  if (pull) act(pull);
}

const review = (place: Place, verdict: 'approved' | 'changes_requested') =>
  withPull(place, ({ reviews, headSha }) => {
    // A person's newest word counts, as GitHub has it; here nobody takes one back.
    if (reviews.every(({ sha }) => sha !== headSha))
      reviews.push({ by: 'alice', sha: headSha, verdict, body: '' });
  });

const report = (place: Place, checks: 'pass' | 'fail') =>
  withPull(place, pull => {
    if (pull.checks === 'pending') pull.checks = checks;
  });

const AGENTS: readonly Behaviour[] = ['good', 'wrong', 'idle', 'untidy', 'garbled', 'rewriting', 'restless'];

const PLAY = fc.record({
  hasChecks: fc.boolean(),
  hasQueue: fc.boolean(),
  config: fc.record({
    HARNESS_REVIEW: fc.constantFrom('off', 'human'),
    HARNESS_CHECKS: fc.constantFrom('wait', 'require'),
  }),
  agents: fc.tuple(...[1, 2].map(() => fc.array(fc.constantFrom(...AGENTS), { maxLength: 3 }))),
  steps: fc.array(
    fc.record({
      deed: fc.constantFrom(...(Object.keys(DEEDS) as (keyof typeof DEEDS)[])),
      number: fc.constantFrom(1, 2),
      seconds: fc.nat({ max: 60 }),
    }),
    { maxLength: 15 },
  ),
});

type Play = typeof PLAY extends fc.Arbitrary<infer P> ? P : never;

/** Both ways to the base with nobody in between, so that no draw of the others leaves one of them out. */
const UNDISTURBED = [false, true].map((hasQueue): [Play] => [
  {
    hasChecks: false,
    hasQueue,
    config: { HARNESS_REVIEW: 'off', HARNESS_CHECKS: 'wait' },
    agents: [['good'], ['good']],
    steps: [],
  },
]);

/** What was true on GitHub when the engine asked for a merge, or put it into the queue. */
interface Truth {
  readonly sha: Oid;
  readonly checks: RemotePull['checks'];
  readonly words: readonly string[];
}

it('merges nothing without the consent of every gate, whatever people and checks do meanwhile', {
  timeout: 240_000,
}, async () => {
  let merges = 0;
  let queued = 0;
  await fc.assert(
    fc.asyncProperty(
      PLAY,
      async ({ hasChecks, hasQueue, config, agents: [first = [], second = []], steps }) => {
        const stage = aStage({ issues: [{}, {}], config, agents: { 1: first, 2: second } });
        stage.github.remote.hasChecks = hasChecks;
        stage.github.remote.hasQueue = hasQueue;
        const truths = new Map<number, Truth>();
        stage.start('h1', engine => noting(engine, stage, truths));
        for (const { deed, number, seconds } of steps) {
          await stage.wait(seconds);
          DEEDS[deed]({ stage, number });
        }
        await stage.wait(240);
        for (const _ of [1, 2]) mergeFirst(stage.universe, stage.github.remote);
        await stage.wait(30);
        const merged = stage.github
          .pulls()
          .filter(({ mergedBy }) => mergedBy === 'engine' || mergedBy === 'queue');
        merges += merged.length;
        queued += merged.filter(({ mergedBy }) => mergedBy === 'queue').length;
        for (const pull of merged) {
          const truth = truths.get(pull.number);
          expect(truth).toMatchObject({ sha: pull.headSha });
          expect(refusalsOf(stage, pull)).toEqual([]);
          expect(truth?.words).not.toContain('changes_requested');
          if (config.HARNESS_REVIEW === 'human') expect(truth?.words).toContain('approved');
          if (hasChecks || config.HARNESS_CHECKS === 'require') expect(truth?.checks).toBe('pass');
        }
        expect(stage.universe.watch.violations).toEqual([]);
      },
    ),
    { numRuns: 50, examples: UNDISTURBED },
  );
  expect(merges).toBeGreaterThan(2);
  expect(queued).toBeGreaterThan(0);
});

/** Writes down what is true when a merge is asked for. */
const noting = (engine: Engine, stage: Stage, truths: Map<number, Truth>): Engine => {
  const note = (number: number, sha: Oid) => {
    const pull = stage.github.remote.pulls.get(number);
    const words = pull?.reviews.filter(one => one.sha === sha).map(({ verdict }) => verdict) ?? [];
    truths.set(number, { sha, checks: pull?.checks ?? 'unknown', words });
  };
  return {
    ...engine,
    board: {
      ...engine.board,
      mergePull: (repo, number, merge) => {
        note(number, merge.sha);
        return engine.board.mergePull(repo, number, merge);
      },
      enqueuePull: (repo, number, sha) => {
        note(number, sha);
        return engine.board.enqueuePull(repo, number, sha);
      },
    },
  };
};

const GATES = ['outcome', 'substance', 'scope', 'secrets', 'weakened', 'verify', 'checks', 'review'];

/** The gates that did not hold, or were not asked, of a landing that its receipt tells of. */
function refusalsOf({ github }: Stage, { number, head }: RemotePull): readonly (string | GateVerdict)[] {
  const { entries } = github.journal(Number(head.slice('issue/'.length)));
  const receipt = entries.find(({ landed }) => landed?.pull === number);
  const gates = receipt?.gates ?? [];
  // Whoever finds the merge done asks no reviewer after it: what was asked before it died with its process.
  const isFoundMerged = entries.some(({ op, session }) => op === 'takeover' && session === receipt?.session);
  const asked = isFoundMerged ? GATES.filter(name => name !== 'review') : GATES;
  const missing = asked.filter(name => gates.every(({ gate }) => gate !== name));
  // The tree is compared after the merge: the base may move under it by a person's hand.
  const open = gates.filter(
    ({ gate, verdict }) => gate !== 'read-back' && verdict !== 'pass' && verdict !== 'skipped',
  );
  return [...missing, ...open];
}
