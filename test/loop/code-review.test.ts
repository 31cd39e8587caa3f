import { describe, expect, it } from 'vitest';
import type { Review } from '../../src/core/contracts.ts';
import { approveHead } from '../../src/loop/approve.ts';
import type { Engine } from '../../src/loop/engine.ts';
import type { Session, SessionPlan } from '../../src/ports.ts';
import { aStage, STAGE_REPO, type Stage, type StageFacts } from '../helpers/ports.ts';

const REFUSES: Partial<Review> = {
  criteria: [{ id: '1', verdict: 'fail', evidence: 'no test shows it' }],
  findings: [{ id: 'f1', weight: 'must', path: 'work/1', line: 1, message: 'It is wrong.' }],
};

/** Reviews say, head by head, what differs from a verdict that all is well; after the last one nothing does. */
function aReviewedStage(verdicts: readonly Partial<Review>[], facts: StageFacts = {}): Stage {
  const seen: string[] = [];
  const proposals = ({ review }: SessionPlan) => {
    if (!review) return undefined;
    if (!seen.includes(review.head)) seen.push(review.head);
    return verdicts[seen.indexOf(review.head)];
  };
  return aStage({ ...facts, proposals, config: { HARNESS_REVIEW: 'agent', ...facts.config } });
}

/** Agents of the simulator leave no answers: here those of later attempts answer all that was found. */
const answering = (engine: Engine): Engine => ({
  ...engine,
  sessions: { ...engine.sessions, list: async () => (await engine.sessions.list()).map(withAnswers) },
});

function withAnswers(session: Session): Session {
  const { outcome, plan } = session;
  if (outcome.kind !== 'valid' || plan.review || plan.attempt === 1) return session;
  const answers = ['criterion 1', 'finding f1'].map(id => ({ id, answer: 'fix' as const, reason: 'mended' }));
  return { ...session, outcome: { ...outcome, outcome: { ...outcome.outcome, answers } } };
}

/** For an hour sessions of reviewers end with a usage limit. */
function limitedForAnHour(engine: Engine): Engine {
  const until = engine.clock.now() + 3_600_000;
  const list = async () =>
    (await engine.sessions.list()).map(session =>
      session.plan.review && session.state === 'ended' && engine.clock.now() < until
        ? { ...session, outcome: { kind: 'missing' as const }, end: quotaUntil(until) }
        : session,
    );
  return { ...engine, sessions: { ...engine.sessions, list } };
}

const quotaUntil = (until: number): NonNullable<Session['end']> => ({
  failure: { class: 'quota', signature: 'quota: 429', message: 'no more today' },
  resetsAt: new Date(until).toISOString(),
});

const reviewsOf = (stage: Stage) => stage.github.journal().entries.filter(({ op }) => op === 'review');

describe('a change that an agent is to review', () => {
  it('lands once a session of its own says so of its head', async () => {
    const stage = aReviewedStage([]);
    await stage.fleet().finish();
    expect(stage.github.story()).toEqual(['claim', 'landing', 'review', 'receipt', 'release']);
    const [review] = reviewsOf(stage);
    const landing = stage.github.journal().entries.find(({ op }) => op === 'landing');
    expect(review).toMatchObject({ head: landing?.head, review: { verdict: 'pass', by: 'claude' } });
    expect(review?.log).toMatch(/^[\w-]+$/);
    expect([...stage.machine().disk.worktrees]).toEqual([]);
  });

  it('waits for a reviewer that met its usage limit, which uses up no round', async () => {
    const stage = aReviewedStage([], { config: { HARNESS_REVIEW_ROUNDS: '1' } });
    const here = stage.fleet('h1', limitedForAnHour);
    for (let turn = 0; turn < 6; turn += 1) await here.untilAgentsStop();
    expect(reviewsOf(stage)).toMatchObject([
      { failure: { class: 'quota' }, review: { verdict: 'none', reason: 'quota: no more today' } },
    ]);
    await stage.wait(3_600);
    await here.finish();
    // Nobody had renewed the lease in that hour.
    expect(stage.github.story()).toEqual([
      ...['claim', 'landing', 'review:quota', 'takeover', 'review', 'receipt', 'release'],
    ]);
  });

  it('is reviewed before anything new is begun, in a slot', async () => {
    const stage = aReviewedStage([], { issues: [{}, {}], config: { HARNESS_CAP: '1' } });
    const here = stage.fleet();
    await here.untilAgentsStop();
    const { actions } = await here.tick();
    expect(actions.map(({ kind }) => kind)).toEqual(['LAND', 'IMPL']);
    await here.finish();
    expect(stage.github.story(2)).toEqual(['claim', 'landing', 'review', 'receipt', 'release']);
  });

  it('goes back with what was found, and lands when the next attempt has answered it', async () => {
    const stage = aReviewedStage([REFUSES]);
    await stage.fleet('h1', answering).finish();
    expect(stage.github.story()).toEqual([
      ...['claim', 'landing', 'review', 'receipt:review', 'release'],
      ...['claim', 'landing', 'review', 'receipt', 'release'],
    ]);
    expect(reviewsOf(stage)[0]?.review?.points).toEqual([
      { id: 'criterion 1', text: 'fail: no test shows it' },
      { id: 'finding f1', text: 'must: work/1:1: It is wrong.' },
    ]);
  });

  it('does not land while an answer is missing', async () => {
    const stage = aReviewedStage([REFUSES], { config: { HARNESS_MAX_ATTEMPTS: '2' } });
    const here = stage.fleet();
    for (let turn = 0; turn < 8; turn += 1) {
      await here.untilAgentsStop();
      await here.tick();
    }
    expect(stage.github.story()).toEqual([
      ...['claim', 'landing', 'review', 'receipt:review', 'release'],
      ...['claim', 'receipt:outcome-invalid', 'release'],
    ]);
  });

  it('waits for a person after the last round, with a label, and lands at their word', async () => {
    const stage = aReviewedStage([REFUSES, REFUSES], { config: { HARNESS_REVIEW_ROUNDS: '2' } });
    const here = stage.fleet('h1', answering);
    for (let turn = 0; turn < 12; turn += 1) {
      await here.untilAgentsStop();
      await here.tick();
    }
    expect(stage.github.story().slice(5)).toEqual(['claim', 'landing', 'review']);
    expect(stage.github.issue().labels).toContain('agent-blocked');
    const { head } = stage.github.journal().entries.at(-1) ?? {};
    await stage.until(approveHead(here.engine, STAGE_REPO, { number: 1, unit: 'main', sha: head ?? '' }));
    await here.finish();
    expect(stage.github.issue()).toMatchObject({ state: 'closed', labels: ['ready-for-agent'] });
  });

  it.each([
    ['of another head', { sha: 'f'.repeat(40) }],
    ['of another session', { nonce: 'forged' }],
    ['about another issue', { issue: 9 }],
    ['without a criterion', { criteria: [] }],
  ] as const)('does not land by a verdict %s', async (_which, over) => {
    const stage = aReviewedStage([over as Partial<Review>], { config: { HARNESS_REVIEW_ROUNDS: '2' } });
    const here = stage.fleet();
    for (let turn = 0; turn < 8; turn += 1) {
      await here.untilAgentsStop();
      await here.tick();
    }
    expect(stage.github.story()).toEqual(['claim', 'landing', 'review', 'review']);
    expect(reviewsOf(stage).map(({ review }) => review?.verdict)).toEqual(['none', 'none']);
    expect(stage.github.issue().labels).toContain('agent-blocked');
  });

  it('does not land by the verdict of one who has changed what it was to look at', async () => {
    const stage = aReviewedStage([], { config: { HARNESS_REVIEW_ROUNDS: '1' } });
    const here = stage.fleet('h1', engine => ({
      ...engine,
      repos: {
        ...engine.repos,
        dirtyPaths: async at => (at.path.includes('-review') ? ['src/a.ts'] : engine.repos.dirtyPaths(at)),
      },
    }));
    for (let turn = 0; turn < 6; turn += 1) {
      await here.untilAgentsStop();
      await here.tick();
    }
    expect(stage.github.story()).toEqual(['claim', 'landing', 'review']);
    expect(reviewsOf(stage)[0]?.review?.reason).toMatch(/changed .*src\/a\.ts/);
  });

  it('is reviewed again by another host, when the first one is gone', async () => {
    const stage = aReviewedStage([], { hosts: 2 });
    const here = stage.fleet();
    await here.untilAgentsStop();
    await here.tick();
    await here.tick();
    expect((await here.sessions()).some(({ plan }) => plan.review)).toBe(true);
    here.process.isAlive = false;
    stage.machine().isUp = false;
    const there = stage.fleet('h2');
    await there.tick();
    await stage.wait(130);
    await there.finish();
    expect(stage.github.issue().state).toBe('closed');
    expect(reviewsOf(stage)).toHaveLength(1);
  });

  it('needs a person besides, where both are asked', async () => {
    const stage = aReviewedStage([], { config: { HARNESS_REVIEW: 'both' } });
    const here = stage.fleet();
    for (let turn = 0; turn < 6; turn += 1) {
      await here.untilAgentsStop();
      await here.tick();
    }
    expect(stage.github.story()).toEqual(['claim', 'landing', 'review']);
    const { head } = stage.github.journal().entries.at(-1) ?? {};
    await stage.until(approveHead(here.engine, STAGE_REPO, { number: 1, unit: 'main', sha: head ?? '' }));
    await here.finish();
    expect(stage.github.issue().state).toBe('closed');
  });
});
