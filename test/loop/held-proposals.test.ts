import { expect, it } from 'vitest';
import { nextSteps } from '../../src/core/next.ts';
import { answerIssue } from '../../src/loop/answer.ts';
import { approveHead, proposalAt } from '../../src/loop/approve.ts';
import { look } from '../../src/loop/observe.ts';
import type { SessionPlan } from '../../src/ports.ts';
import { BASE } from '../../src/simulate/github/remote.ts';
import { aStage, STAGE_REPO, type Stage } from '../helpers/ports.ts';
import { aChild, aProposedPrd } from '../helpers/proposals.ts';

const PRD = { title: 'The whole of it', labels: ['prd'], body: '## Acceptance criteria\n\n1. It reads.\n' };
const HELD = { HARNESS_MODE: 'prd', HARNESS_PROPOSALS: 'hold' };
const ON_PRD = { number: 1, unit: 'main' };

const proposals = ({ kind, attempt }: SessionPlan): unknown => {
  if (kind === 'DECOMPOSE')
    return { kind: 'children', children: [aChild(`read-${attempt}`, { covers: ['1'], scope: ['src'] })] };
  if (kind !== 'REVIEW') return undefined;
  return { kind: 'review', criteria: [{ id: '1', verdict: 'met', evidence: 'tried it' }], gaps: [] };
};

/** A fleet whose first proposal waits for a person. */
async function aHeldStage(facts = {}) {
  const stage = aStage({ issues: [PRD], config: HELD, proposals, ...facts });
  const prompts: string[] = [];
  const fleet = stage.fleet('h1', engine => ({
    ...engine,
    sessions: {
      ...engine.sessions,
      launch: (name, begun) => {
        prompts.push(begun.prompt);
        return engine.sessions.launch(name, begun);
      },
    },
  }));
  await fleet.untilAgentsStop();
  for (let turn = 0; turn < 4; turn += 1) await fleet.tick();
  return { stage, fleet, prompts };
}

const titlesIn = ({ github }: Stage) =>
  [...github.remote.issues.keys()].map(number => github.issue(number).title);

it('shows what it would file, and files it when a person has agreed to that very proposal', async () => {
  const { stage, fleet } = await aHeldStage();
  const { github } = stage;
  expect(titlesIn(stage)).toEqual(['The whole of it']);
  const { digest } = await stage.until(proposalAt(fleet.engine, STAGE_REPO, ON_PRD));
  const agrees = `harness approve ${STAGE_REPO}#1 --sha ${digest.slice(0, 12)}`;
  const [comment] = github.comments(1);
  expect(comment).toContain('- read-1: Build read-1; small; covers 1; in src');
  expect(comment).toContain(`harness approve 1 --sha ${digest.slice(0, 12)}`);
  expect(github.issue(1).labels).toContain('agent-blocked');
  const { holds } = await fleet.tick();
  expect(holds).toMatchObject([{ issue: 1, code: 'working', reason: expect.stringContaining(agrees) }]);
  const { world } = await stage.until(look(fleet.engine));
  expect(nextSteps(world)).toMatchObject([{ about: `${STAGE_REPO}#1`, command: agrees }]);

  const approve = (sha: string) => stage.until(approveHead(fleet.engine, STAGE_REPO, { ...ON_PRD, sha }));
  await expect(approve('0000000')).rejects.toMatchObject({ code: 'head-differs' });
  await approve(digest.slice(0, 12));
  await fleet.finish();
  expect(titlesIn(stage)).toEqual(['The whole of it', 'Build read-1']);
  expect(github.issue(1)).toMatchObject({ state: 'closed', labels: ['prd', 'reviewed'] });
});

it('is made anew when a person answers what is to be different', async () => {
  const { stage, fleet, prompts } = await aHeldStage();
  const before = await stage.until(proposalAt(fleet.engine, STAGE_REPO, ON_PRD));
  const answering = { repo: STAGE_REPO, ...ON_PRD, answer: 'Smaller, please.' };
  expect(await stage.until(answerIssue(fleet.engine, answering))).toBe('next');
  for (let turn = 0; turn < 6; turn += 1) await fleet.untilAgentsStop();
  expect(prompts.join()).toContain('Answer: Smaller, please.');
  const after = await stage.until(proposalAt(fleet.engine, STAGE_REPO, ON_PRD));
  expect(after.digest).not.toBe(before.digest);
  expect(stage.github.comments(1).join()).toContain('- read-2: Build read-2');
  expect(titlesIn(stage)).toEqual(['The whole of it']);
  const receipts = stage.github.journal(1).entries.filter(({ op }) => op === 'receipt');
  expect(receipts.map(({ failure }) => failure?.class)).toEqual(['cancelled']);
});

it('is dropped when the text that it is for has changed, and approved by nobody since', async () => {
  const { stage, fleet } = await aHeldStage();
  const { digest } = await stage.until(proposalAt(fleet.engine, STAGE_REPO, ON_PRD));
  stage.github.edit(1, { body: '## Acceptance criteria\n\n1. It writes.\n' });
  await stage.wait(70);
  for (let turn = 0; turn < 3; turn += 1) {
    await fleet.tick();
    await stage.wait(5);
  }
  expect(stage.github.story(1)).toContain('receipt:cancelled');
  const approval = approveHead(fleet.engine, STAGE_REPO, { ...ON_PRD, sha: digest });
  await expect(stage.until(approval)).rejects.toMatchObject({
    code: expect.stringMatching(/head-differs|not-waiting/),
  });
  expect(titlesIn(stage)).toEqual(['The whole of it']);
});

it('holds the PRDs of a plan, which no issue tells of', async () => {
  const stage = aStage({
    issues: [],
    config: { ...HELD, HARNESS_MODE: 'planned', HARNESS_SPEC: 'SPEC.md' },
    proposals: ({ kind }) =>
      kind === 'PLAN' ? { kind: 'plan', text: '# Plan' } : { kind: 'prds', prds: [aProposedPrd('words')] },
  });
  const { branches } = stage.github.remote;
  const parent = branches.get(BASE) ?? '';
  const files = new Map(stage.universe.objects.read(parent).tree.files).set('SPEC.md', 'Build it.');
  branches.set(BASE, stage.universe.objects.commit({ files, parents: [parent], by: 'alice' }).oid);
  const fleet = stage.fleet();
  for (let turn = 0; turn < 4; turn += 1) await fleet.untilAgentsStop();
  const { holds } = await fleet.tick();
  expect(holds).toMatchObject([
    {
      issue: null,
      code: 'working',
      reason: expect.stringContaining('`harness approve main --dry-run` shows it'),
    },
  ]);
  const about = { number: null, unit: 'main' };
  const { digest, proposal } = await stage.until(proposalAt(fleet.engine, STAGE_REPO, about));
  expect(proposal).toMatchObject({ kind: 'prds', prds: [{ key: 'words' }] });
  const { world } = await stage.until(look(fleet.engine));
  expect(nextSteps(world)).toMatchObject([{ command: `harness approve main --sha ${digest.slice(0, 12)}` }]);
  await stage.until(approveHead(fleet.engine, STAGE_REPO, { ...about, sha: digest }));
  await fleet.tick();
  expect(titlesIn(stage)).toEqual(['Stream words']);
});
