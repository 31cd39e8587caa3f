import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { decide } from '../../src/core/decide.ts';
import { FINDING_CODES } from '../../src/core/decision.ts';
import { GATES } from '../../src/core/rules/gates.ts';
import type { World } from '../../src/core/world.ts';
import { formatWorld, parseWorld } from '../../src/world-file.ts';
import { blockersOf, complete, dispatches, findings, holds, repairs } from '../helpers/decided.ts';

const documentOf = (name: string) => readFileSync(new URL(`../../docs/${name}`, import.meta.url), 'utf8');
const rules = documentOf('rules.md');
const format = documentOf('world.md');

const blocksOf = (text: string, kind: string) =>
  [...text.matchAll(new RegExp(`^\`\`\`json ${kind}\\n([\\s\\S]*?)^\`\`\``, 'gm'))].map(([, json = '']) =>
    JSON.parse(json),
  );

interface Example {
  readonly issues: readonly Readonly<Record<string, unknown>>[];
  readonly config?: Readonly<Record<string, string>>;
  readonly plan?: unknown;
  readonly ci?: string;
  readonly expect: {
    readonly actions?: readonly string[];
    readonly engine?: readonly string[];
    readonly holds?: Readonly<Record<string, string>>;
    readonly blockers?: Readonly<Record<string, readonly string[]>>;
    readonly findings?: readonly string[];
    readonly complete?: boolean;
  };
}

/** The world that an example shows a part of. */
function worldOf({ issues, config, plan = {}, ci = 'unknown', expect: _said, ...rest }: Example): World {
  const repo = { issues: issues.map(issue => ({ author: 'me', ...issue })), plan, ci };
  const file = {
    version: 1,
    now: '2026-01-01T00:00:00Z',
    login: 'me',
    config: { HARNESS_REPO: 'acme/widget', ...config },
    repos: { 'acme/widget': repo },
    ...rest,
  };
  return parseWorld(JSON.stringify(file), file.now);
}

const titles = [...rules.matchAll(/^## (.+)$|^```json example$/gm)].reduce<{ at: string; found: string[] }>(
  ({ at, found }, [, title]) => (title ? { at: title, found } : { at, found: [...found, at] }),
  { at: 'The rules', found: [] },
).found;

describe('docs/rules.md', () => {
  const examples: readonly Example[] = blocksOf(rules, 'example');

  test.each(examples.map((example, index) => [titles[index], example] as const))('%s', (_title, example) => {
    const world = worldOf(example);
    const said = example.expect;
    expect(dispatches(world)).toEqual(said.actions ?? []);
    expect(repairs(world)).toEqual(said.engine ?? []);
    if (said.holds) expect(holds(world)).toEqual(said.holds);
    for (const [issue, blockers] of Object.entries(said.blockers ?? {})) {
      expect(blockersOf(world, Number(issue))).toEqual(blockers);
    }
    if (said.findings) expect(findings(world)).toEqual(said.findings);
    if (said.complete !== undefined) expect(complete(world)).toEqual(said.complete ? ['main'] : []);
  });

  test('has an example for every rule', () => {
    const sections = [...rules.matchAll(/^## (.+)$/gm)].map(([, title]) => title);
    expect(sections.filter(title => title !== 'Holds' && !titles.includes(title as string))).toEqual([]);
  });

  test('lists every code of a hold in the order in which they are looked at', () => {
    const table = rules.slice(rules.indexOf('## Holds'), rules.indexOf('## Findings'));
    const listed = [...table.matchAll(/^\| (`.+?`) \|/gm)].flatMap(([, codes = '']) =>
      codes.split(', ').map(code => code.replaceAll('`', '')),
    );
    expect(listed).toEqual([...GATES.map(({ code }) => code), 'no-spec', 'no-slot', 'waiting-for-children']);
  });
});

test('docs/rules.md lists every code of a finding in the order in which they are told', () => {
  const table = rules.slice(rules.indexOf('## Findings'));
  expect([...table.matchAll(/^\| `(.+?)` \|/gm)].map(([, code]) => code)).toEqual(FINDING_CODES);
});

describe('docs/world.md', () => {
  test('shows a world that is read as it stands', () => {
    const [world] = blocksOf(format, 'world');
    const parsed = parseWorld(JSON.stringify(world), '2027-01-01T00:00:00Z');
    expect(JSON.parse(formatWorld(parsed))).toEqual(world);
    expect(decide(parsed).units).toHaveLength(1);
  });

  test('shows a decision with the keys that decisions have', () => {
    const [shown] = blocksOf(format, 'decision');
    const issues = [
      { labels: ['ready-for-agent'], number: 5 },
      { labels: ['ready-for-agent'], number: 6, body: '## Blocked by\n#404' },
    ];
    const decision = decide(worldOf({ issues, expect: {} }));
    for (const part of ['actions', 'holds', 'units', 'findings'] as const) {
      expect(Object.keys(shown[part][0])).toEqual(Object.keys(decision[part][0] ?? {}));
    }
  });
});
