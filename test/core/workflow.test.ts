import { describe, expect, it } from 'vitest';
import { readWorkflow, renderWorkflow } from '../../src/core/workflow/workflow.ts';

const FULL = `---
# Written for Symphony.
tracker:
  kind: linear
  project_slug: "app-1"
  active_states:
    - Todo
    - In Progress
  terminal_states: [Done, 'Closed']
hooks:
  timeout_ms: 900000
  after_create: |
    set -eu

    git fetch: # no comment
`;

const problemOf = (text: string) => {
  const read = readWorkflow(text);
  return read.kind === 'invalid' ? read.problem : null;
};

const withFront = (front: string, body = 'Be kind.') => `---\n${front}\n---\n${body}\n`;

describe('WORKFLOW.md', () => {
  it('may be a body alone, which comes in the prompts of the stages that change code', () => {
    expect(readWorkflow('\nBe kind.\n\n---\n\nTest it.\n')).toEqual({
      kind: 'valid',
      workflow: { body: 'Be kind.\n\n---\n\nTest it.', stages: ['IMPL', 'FIX'], ignored: [] },
    });
    expect(readWorkflow('')).toMatchObject({ kind: 'valid', workflow: { body: '' } });
  });

  it('may have the front matter of Symphony, and says of it what has no effect', () => {
    expect(readWorkflow(`${FULL}---\r\nBe kind.\r\n`)).toMatchObject({
      kind: 'valid',
      workflow: { body: 'Be kind.', ignored: ['tracker', 'hooks'] },
    });
  });

  it('names the stages whose prompts it is part of', () => {
    const stages = (front: string) => readWorkflow(withFront(`harness:\n${front}`));
    for (const front of ['  stages: [plan, IMPL]', '  stages:\n  - plan\n  - impl', '  stages: plan, impl']) {
      expect(stages(front)).toMatchObject({ workflow: { stages: ['PLAN', 'IMPL'], ignored: [] } });
    }
  });

  it.each([
    [
      'an unknown section',
      'traker:\n  kind: linear',
      'line 2: there is no traker; known are tracker, polling',
    ],
    [
      'an unknown key',
      'polling:\n  interval: 5',
      'line 3: there is no polling.interval; known are interval_ms',
    ],
    ['a word of every object', 'constructor:\n  a: 5', 'line 2: there is no constructor'],
    [
      'a value of the wrong kind',
      'polling:\n  interval_ms: soon',
      'line 3: polling.interval_ms is no whole number',
    ],
    ['a list where a map belongs', '- a', 'line 2: the front matter is no map'],
    ['a text where a map belongs', 'polling: 5', 'line 2: polling is no map'],
    [
      'an unknown stage',
      'harness:\n  stages:\n    - impl\n    - judge',
      'line 5: there is no stage "judge"; known are plan',
    ],
    [
      'a key that is there twice',
      'polling:\n  interval_ms: 5\n\npolling:\n  interval_ms: 6',
      'line 5: polling is there twice',
    ],
    [
      'an indentation that fits nothing',
      'polling:\n    interval_ms: 5\n  a: 5',
      'line 4: its indentation fits nothing above it',
    ],
    ['a tab', 'polling:\n\tinterval_ms: 5', 'line 3: it is indented with a tab'],
    ['a line without a key', 'polling', 'line 2: it is no `key: value`'],
    ['an anchor', 'tracker:\n  kind: &a linear', 'line 3: "&a linear" is YAML that is not read here'],
    ['a map within braces', 'agent: {}', 'line 2: "{}" is YAML that is not read here'],
    [
      'a list of maps',
      'tracker:\n  active_states:\n    - name: Todo',
      'line 4: "name: Todo" is YAML that is not read here',
    ],
  ])('is refused for %s, with the line', (_what, front, message) => {
    expect(problemOf(withFront(front))).toContain(`WORKFLOW.md, ${message}`);
  });

  it('is refused for front matter without an end', () => {
    expect(problemOf('---\npolling:\n')).toContain('line 1: the front matter has no end');
    expect(problemOf(FULL)).toContain('has no end');
  });

  it('is refused for what it takes a template engine for, and for the texts of others', () => {
    expect(problemOf('a\n{% if attempt %}')).toContain('line 2: {% if attempt %}: tags are not read here');
    expect(problemOf(withFront('polling:', '{{ issue.title }}'))).toContain('line 2: polling is no map');
    expect(problemOf('---\n---\nOn {{ issue.title }}')).toContain(
      'line 3: there is no {{ issue.title }}; known are issue.identifier, issue.branch_name, attempt',
    );
    expect(problemOf('{{ attempt | plus: 1 }}')).toContain('line 1: there is no {{ attempt | plus: 1 }}');
    expect(problemOf('a {{ attempt')).toContain('line 1: a placeholder has no end');
  });

  it('is refused when it is too long', () => {
    expect(problemOf('x'.repeat(50_001))).toContain('at most 50000 are read');
  });

  it('has its placeholders filled, and the values are never looked at again', () => {
    const read = readWorkflow('{{issue.identifier}} on {{ issue.branch_name }}, attempt {{ attempt }}');
    if (read.kind !== 'valid') throw new Error(read.problem);
    const values = { 'issue.identifier': '{{ attempt }}', 'issue.branch_name': 'issue/7', attempt: '2' };
    expect(renderWorkflow(read.workflow, values)).toBe('{{ attempt }} on issue/7, attempt 2');
  });
});
