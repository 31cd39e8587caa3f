import { describe, expect, it } from 'vitest';
import { readWorkflow, renderWorkflow, type WorkflowValues } from '../../src/core/workflow/workflow.ts';

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
      workflow: {
        body: [{ kind: 'text', text: 'Be kind.\n\n---\n\nTest it.' }],
        stages: ['IMPL', 'FIX'],
        ignored: [],
      },
    });
    expect(readWorkflow('')).toMatchObject({ kind: 'valid', workflow: { body: [] } });
  });

  it('may have the front matter of Symphony, and says of it what has no effect', () => {
    expect(readWorkflow(`${FULL}---\r\nBe kind.\r\n`)).toMatchObject({
      kind: 'valid',
      workflow: { body: [{ text: 'Be kind.' }], ignored: ['tracker', 'hooks'] },
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

  it('may tell Codex what this engine has never heard of', () => {
    expect(
      problemOf(withFront('codex:\n  model: gpt-5.5\n  turn_sandbox_policy:\n    type: none')),
    ).toBeNull();
  });

  it.each([
    [
      'a name that there is not',
      'a\n{{ issue.titel }}',
      'line 2: there is no issue.titel; known are issue.id,',
    ],
    ['a word of every object', '{{ constructor }}', 'line 1: there is no constructor'],
    ['a field of a text', '{{ issue.title.size }}', 'line 1: there is no issue.title.size'],
    ['an object as a whole', '{{ issue }}', 'line 1: there is no issue; known are'],
    [
      'a filter that there is not',
      '{{ attempt | plus: 1 }}',
      'line 1: there is no filter "plus: 1"; known are default,',
    ],
    ['a placeholder without an end', 'a\n\n{{ attempt', 'line 3: a placeholder has no end'],
    [
      'a tag that there is not',
      'a\n{% include "b" %}',
      'line 2: there is no {% include "b" %}; known are if,',
    ],
    ['a condition without an end', 'a\n{% if attempt %}b', 'line 2: {% if %} has no end'],
    ['an end of nothing', 'a\n\n{% endif %}', 'line 3: {% endif %} ends nothing'],
    [
      'a branch after else',
      '{% if attempt %}{% else %}{% elsif attempt %}{% endif %}',
      'line 1: {% if %} has no end',
    ],
    ['a condition on nothing', '{% if %}a{% endif %}', 'line 1: there is no empty name'],
    [
      'a loop over no list',
      '{% for one in issue.title %}{% endfor %}',
      'lists are issue.labels, issue.blocked_by',
    ],
    [
      'a name out of its loop',
      '{% for one in issue.labels %}{% endfor %}{{ one }}',
      'there is no one; known',
    ],
  ])('is refused for %s', (_what, body, message) => {
    expect(problemOf(body)).toContain(message);
    // Lines are those of the file.
    expect(problemOf(`---\n---\n\n${body}`)).toContain(
      message.replace(/line (\d)/, (_all, n) => `line ${Number(n) + 3}`),
    );
  });

  it('is refused when it is too long', () => {
    expect(problemOf('x'.repeat(50_001))).toContain('at most 50000 are read');
  });

  const values: WorkflowValues = {
    issue: {
      id: '7',
      identifier: 'acme/app#7',
      title: { foreign: '{{ attempt }} of {% if %}' },
      description: null,
      priority: 1,
      state: 'open',
      branch_name: 'issue/7',
      url: 'https://github.com/acme/app/issues/7',
      labels: [{ foreign: 'Ready' }, { foreign: 'Size S' }],
      blocked_by: [{ id: '5', identifier: 'acme/app#5', state: 'closed' }],
      created_at: null,
      updated_at: null,
    },
    attempt: null,
  };
  const rendered = (body: string, facts: Partial<WorkflowValues> = {}) => {
    const read = readWorkflow(body);
    if (read.kind !== 'valid') throw new Error(read.problem);
    return renderWorkflow(read.workflow, { ...values, ...facts }, text => `<<${text}>>`);
  };

  it('is rendered as Symphony describes it', () => {
    const body = [
      'On `{{ issue.identifier }}`',
      '{%- if attempt %}, retry {{ attempt }}{% endif %}:',
      '{% if issue.description %}{{ issue.description }}{% else %}No description.{% endif %}',
      '{% unless attempt %}Begin.{% endunless %}{% comment %}{{ nothing }}{% endcomment %}',
    ].join('\n');
    expect(rendered(body)).toBe('On `acme/app#7`:\nNo description.\nBegin.');
    const facts = { issue: { ...values.issue, description: { foreign: 'Do it.' } }, attempt: 2 };
    expect(rendered(body, facts)).toBe('On `acme/app#7`, retry 2:\n\n<<Do it.>>');
  });

  it('shows what others wrote between fences alone, and never looks at it again', () => {
    expect(rendered('Title: {{ issue.title }}')).toBe('Title: \n<<{{ attempt }} of {% if %}>>');
    expect(rendered('{{ issue.title | upcase }}')).toBe('<<{{ ATTEMPT }} OF {% IF %}>>');
    expect(rendered('{{ issue.labels | join: " + " }}')).toBe('<<Ready + Size S>>');
    expect(rendered('{{ issue.labels }}')).toBe('<<Ready, Size S>>');
    expect(rendered('{% for one in issue.labels %}{{ one }}{% endfor %}')).toBe('<<Ready>>\n\n<<Size S>>');
  });

  it.each([
    ['issue.priority < 2 and issue.state == "open"', true],
    ['issue.state != "open" or attempt', false],
    ['issue.labels contains "Size S"', true],
    ['issue.title contains "and x"', false],
    ['issue.description == nil', true],
    ['attempt > 1', false],
  ])('decides on %s', (condition, isTrue) => {
    expect(rendered(`{% if ${condition} %}yes{% else %}no{% endif %}`)).toBe(isTrue ? 'yes' : 'no');
  });

  it('counts, names and loops, and leaves raw text alone', () => {
    expect(rendered('{{ issue.labels | size }} {{ attempt | default: "first" }}')).toBe('2 first');
    expect(
      rendered('{% for one in issue.blocked_by %}- {{ one.identifier }}: {{ one.state }}{% endfor %}'),
    ).toBe('- acme/app#5: closed');
    expect(rendered('{% raw %}{{ secrets.KEY }} {% if %}{% endraw %}')).toBe('{{ secrets.KEY }} {% if %}');
  });
});
