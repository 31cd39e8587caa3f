import { expect, it } from 'vitest';
import type { ReviewProposal } from '../../src/core/proposals/proposal.ts';
import { sha256 } from '../../src/leases/digest.ts';
import { retryWork } from '../../src/loop/retry.ts';
import type { PlanDraft } from '../../src/pipeline/deepen-plan.ts';
import type { SessionPlan } from '../../src/ports.ts';
import { BASE } from '../../src/simulate/github/remote.ts';
import { dyingAt } from '../helpers/dying.ts';
import { aStage, STAGE_REPO, type Stage } from '../helpers/ports.ts';
import { aChild, aProposedPrd } from '../helpers/proposals.ts';

const MODE = { HARNESS_MODE: 'planned', HARNESS_SPEC: 'SPEC.md' };
const MET: ReviewProposal = {
  kind: 'review',
  criteria: [{ id: '1', verdict: 'met', evidence: 'tried it' }],
  gaps: [],
};

/** Two PRDs, the second after the first, with one issue each. */
function proposals({ kind, issue }: SessionPlan): unknown {
  switch (kind) {
    case 'PLAN':
      return { kind: 'plan', text: '# Plan\n\nTwo streams.' };
    case 'PRD':
      return { kind: 'prds', prds: [aProposedPrd('upper', { blockedBy: ['lower'] }), aProposedPrd('lower')] };
    case 'DECOMPOSE':
      return { kind: 'children', children: [aChild(`of-${issue}`, { covers: ['1'] })] };
    default:
      return kind === 'REVIEW' ? MET : undefined;
  }
}

function aPlannedStage(hosts = 1): Stage {
  const stage = aStage({ issues: [], config: MODE, proposals, hosts });
  specify(stage, 'Build it.');
  return stage;
}

/** A person commits the specification. */
function specify({ universe, github }: Stage, text: string): void {
  const { branches } = github.remote;
  const parent = branches.get(BASE) ?? '';
  const files = new Map(universe.objects.read(parent).tree.files).set('SPEC.md', text);
  branches.set(BASE, universe.objects.commit({ files, parents: [parent], by: 'alice' }).oid);
}

const titlesOf = ({ github }: Stage) =>
  [...github.remote.issues.keys()].map(number => github.issue(number).title);
const PRDS = ['Stream lower', 'Stream upper'];

it('leads from a specification over PRDs to an archived plan', async () => {
  const stage = aPlannedStage();
  await stage.fleet().finish();
  expect(titlesOf(stage).slice(0, 2)).toEqual(PRDS);
  expect(titlesOf(stage)).toHaveLength(4);
  const files = stage.github.files();
  expect(files['PLAN.md']).toBeUndefined();
  expect(Object.keys(files).filter(file => file.startsWith('docs/harness/archive/'))).toHaveLength(1);
  expect(JSON.parse(files['docs/harness/plan-complete.json'] ?? '')).toMatchObject({
    spec_hash: sha256('Build it.'),
    prds: [2, 3],
  });
});

it('plans a changed specification anew, though all earlier PRDs are closed', async () => {
  const stage = aPlannedStage();
  const fleet = stage.fleet();
  await fleet.finish();
  specify(stage, 'Build more.');
  await fleet.finish();
  expect(titlesOf(stage).filter(title => PRDS.includes(title))).toHaveLength(4);
  expect(stage.github.files()['docs/harness/plan-complete.json']).toContain(sha256('Build more.'));
  const decision = await fleet.tick();
  expect(decision.units).toMatchObject([{ stage: 'COMPLETE', complete: true }]);
});

it('is held when its proposal was refused twice, until a person gives it another try', async () => {
  const stage = aStage({ issues: [], config: MODE, proposals: () => ({ kind: 'plan', text: ' ' }) });
  specify(stage, 'Build it.');
  const fleet = stage.fleet();
  await fleet.finish();
  expect((await fleet.tick()).holds).toMatchObject([{ issue: null, code: 'attempts' }]);
  const work = { repo: STAGE_REPO, unit: 'main', issue: null };
  expect(await stage.until(retryWork(fleet.engine, work))).toBe(2);
  expect((await fleet.tick()).actions).toMatchObject([{ kind: 'PLAN' }]);
});

it('goes through the steps between a plan and its landing, each on what the one before has left', async () => {
  const stage = aPlannedStage();
  const looks: string[] = [];
  const refiner = async ({ text }: PlanDraft) => ({ kind: 'goes-on' as const, text: `${text} Refined.` });
  const adversary = async ({ text }: PlanDraft) => {
    looks.push(text);
    return looks.length === 1
      ? { kind: 'refused' as const, problems: ['Nobody would use it.'] }
      : { kind: 'goes-on' as const, text };
  };
  const fleet = stage.fleet('h1', engine => ({
    ...engine,
    planSteps: [
      { name: 'refiner', look: refiner },
      { name: 'adversary', look: adversary },
    ],
  }));
  for (let turn = 0; turn < 4 && looks.length < 2; turn += 1) await fleet.untilAgentsStop();
  const journal = stage.github.remote.journals.get('refs/harness/stages/main');
  const [refused] = journal?.entries.filter(({ op }) => op === 'receipt') ?? [];
  expect(refused?.failure?.message).toBe('adversary: Nobody would use it.');
  expect(looks.at(-1)).toContain('Two streams. Refined.');
  expect(stage.github.files()['PLAN.md']).toContain('Two streams. Refined.');
});

it('lands its plan when a person has approved that very commit, and is verified once', async () => {
  const stage = aStage({
    issues: [],
    config: { ...MODE, HARNESS_REVIEW: 'human' },
    proposals: plan => (plan.kind === 'PLAN' ? proposals(plan) : undefined),
  });
  specify(stage, 'Build it.');
  const fleet = stage.fleet();
  await fleet.untilAgentsStop();
  for (let turn = 0; turn < 5; turn += 1) {
    await fleet.tick();
    await stage.wait(20);
  }
  expect(stage.github.files()['PLAN.md']).toBeUndefined();
  const [pull] = stage.github.pulls();
  expect(pull).toMatchObject({ head: 'issue/unit-plan', state: 'open', title: 'Plan the work' });
  pull?.reviews.push({ by: 'alice', sha: pull.headSha, verdict: 'approved', body: '' });
  await fleet.tick();
  await stage.wait(20);
  await fleet.tick();
  expect(stage.github.files()['PLAN.md']).toContain('Two streams.');
});

it('is planned by one of two hosts', async () => {
  const stage = aPlannedStage(2);
  const [one, other] = [stage.fleet('h1'), stage.fleet('h2')];
  await stage.until(Promise.all([one.begin(), other.begin()]));
  await one.finish();
  const stages = stage.github.remote.journals.get('refs/harness/stages/main')?.entries ?? [];
  const ended = stages
    .filter(({ op }) => op === 'receipt')
    .map(({ kind, failure }) => `${kind} ${failure?.class ?? 'done'}`);
  expect(ended.filter(text => text.endsWith('done'))).toEqual(['PLAN done', 'PRD done', 'ARCHIVE done']);
  expect(titlesOf(stage)).toHaveLength(4);
  await other.tick();
});

it('does every step once, wherever its process dies', async () => {
  const count = { isArmed: true, writes: 0, at: Number.POSITIVE_INFINITY };
  await aPlannedStage()
    .fleet('h1', engine => dyingAt(count, engine))
    .finish();
  expect(count.writes).toBeGreaterThan(60);
  for (let write = 1; write <= count.writes; write += 1) {
    const stage = aPlannedStage();
    const death = { isArmed: true, writes: 0, at: write };
    const first = stage.fleet('h1', engine => dyingAt(death, engine));
    for (let turn = 0; turn < 60 && death.writes < write; turn += 1) {
      await first.tick().catch(() => undefined);
      await stage.wait(10);
    }
    first.process.isAlive = false;
    await stage.wait(5);
    await stage.fleet().finish();
    const titles = titlesOf(stage);
    expect(
      titles.filter(title => PRDS.includes(title)),
      `died at write ${write}`,
    ).toEqual(PRDS);
    expect(titles, `died at write ${write}`).toHaveLength(4);
    expect(stage.github.files()['PLAN.md'], `died at write ${write}`).toBeUndefined();
  }
}, 240_000);
