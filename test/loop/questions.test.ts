import { describe, expect, it } from 'vitest';
import { answerIssue } from '../../src/loop/answer.ts';
import type { Engine } from '../../src/loop/engine.ts';
import type { Delivery } from '../../src/ports.ts';
import { aStage, STAGE_REPO } from '../helpers/ports.ts';

/** What the agents of an engine ask while they run, and what they are told. */
interface Conversation {
  question: string | null;
  readonly heard: string[];
  readonly prompts: string[];
}

function aConversation(delivery: Delivery = 'taken') {
  const talk: Conversation = { question: null, heard: [], prompts: [] };
  const alter = (engine: Engine): Engine => ({
    ...engine,
    sessions: {
      ...engine.sessions,
      list: async () => {
        const sessions = await engine.sessions.list();
        return sessions.map(session =>
          session.state === 'running' ? { ...session, question: talk.question } : session,
        );
      },
      launch: (name, launch) => {
        talk.prompts.push(launch.prompt);
        return engine.sessions.launch(name, launch);
      },
      deliver: async (_name, prompt) => {
        if (delivery === 'taken') talk.heard.push(prompt);
        return delivery;
      },
    },
  });
  return { talk, alter };
}

const toIssue1 = (answer: string) => ({ repo: STAGE_REPO, unit: 'main', number: 1, answer });

describe('what a live agent asks', () => {
  it('is told to people, in the journal and in the status comment, until it asks no more', async () => {
    const stage = aStage({ agents: ['slow'] });
    const { talk, alter } = aConversation();
    const here = stage.fleet('h1', alter);
    await here.tick();
    talk.question = 'Red or blue?';
    await here.tick();
    expect(stage.github.journal().entries.at(-1)).toMatchObject({ op: 'question', question: 'Red or blue?' });
    expect(stage.github.comments()).toEqual([expect.stringContaining('    Red or blue?')]);
    const { holds } = await here.tick();
    expect(holds).toMatchObject([{ code: 'working', reason: 'its IMPL session asks: Red or blue?' }]);
    talk.question = 'How blue?';
    await here.tick();
    expect(stage.github.comments()).toEqual([expect.stringContaining('    How blue?')]);
    talk.question = null;
    await here.tick();
    expect(stage.github.comments()).toEqual([expect.stringContaining('is working on this')]);
    await here.finish();
    expect(stage.github.story()).toEqual([
      'claim',
      'question',
      'question',
      'question',
      'landing',
      'receipt',
      'release',
    ]);
  });

  it('is answered at once', async () => {
    const stage = aStage({ agents: ['slow'] });
    const { talk, alter } = aConversation();
    const here = stage.fleet('h1', alter);
    await here.tick();
    talk.question = 'Red or blue?';
    expect(await stage.until(answerIssue(here.engine, toIssue1('Blue.')))).toBe('live');
    expect(talk.heard).toEqual(['Blue.']);
  });

  it('is not answered when the agent does not take it, or asks nothing', async () => {
    const stage = aStage({ agents: ['slow'] });
    const { talk, alter } = aConversation('late');
    const here = stage.fleet('h1', alter);
    await here.tick();
    const answer = () => stage.until(answerIssue(here.engine, toIssue1('Blue.')));
    await expect(answer()).rejects.toMatchObject({ code: 'nothing-asked' });
    talk.question = 'Red or blue?';
    await expect(answer()).rejects.toMatchObject({ code: 'engine-failed' });
  });

  it('can not be answered on another host', async () => {
    const stage = aStage({ agents: ['slow'], hosts: 2 });
    await stage.fleet('h1').tick();
    const there = stage.fleet('h2').engine;
    await expect(stage.until(answerIssue(there, toIssue1('Blue.')))).rejects.toMatchObject({
      code: 'already-running',
    });
  });
});

describe('what an attempt asked at its end', () => {
  it('holds the issue until somebody answers, and the next attempt hears it, on whatever host', async () => {
    const stage = aStage({ agents: ['blocked'], hosts: 2, config: { HARNESS_AUTONOMOUS: 'false' } });
    const here = stage.fleet();
    await here.finish();
    expect(stage.github.issue().labels).toContain('agent-blocked');
    const { holds } = await here.tick();
    expect(holds).toMatchObject([
      { code: 'agent-blocked', reason: expect.stringContaining('its last attempt asks: It is done') },
    ]);
    expect(await stage.until(answerIssue(here.engine, toIssue1('Go on, in blue.')))).toBe('next');
    expect(stage.github.issue().labels).not.toContain('agent-blocked');

    const { talk, alter } = aConversation();
    await stage.fleet('h2', alter).finish();
    expect(talk.prompts[0]).toContain('Answer: Go on, in blue.');
    expect(stage.github.issue().state).toBe('closed');
    expect(stage.github.story().slice(0, 5)).toEqual([
      'claim',
      'receipt:blocked',
      'release',
      'answer',
      'claim',
    ]);
  });

  it('has to be something', async () => {
    const stage = aStage();
    const { engine } = stage.fleet();
    await expect(stage.until(answerIssue(engine, toIssue1('Blue.')))).rejects.toMatchObject({
      code: 'nothing-asked',
    });
  });
});
