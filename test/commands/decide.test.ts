import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { decideCommand } from '../../src/commands/decide.ts';
import { explainCommand } from '../../src/commands/explain.ts';
import { graphCommand } from '../../src/commands/graph.ts';
import { nextCommand } from '../../src/commands/next.ts';
import type { Invocation } from '../../src/invocation.ts';
import { formatWorld } from '../../src/world-file.ts';
import { makeTempDir } from '../helpers/temp.ts';
import { aMultiWorld, anIssue, aRepo, aTarget, aWorld, blockedBy } from '../helpers/world.ts';

async function inDirectory(files: Readonly<Record<string, string>>) {
  const cwd = makeTempDir();
  for (const [name, text] of Object.entries(files)) await writeFile(path.join(cwd, name), text);
  const printed: string[] = [];
  const io: Invocation = {
    cwd,
    env: {},
    out: text => printed.push(text),
    err: () => {},
    columns: 100,
    isTerminal: false,
    isInteractive: false,
    useColor: false,
    signal: new AbortController().signal,
    exitNow: code => {
      throw new Error(`exited with ${code}`);
    },
  };
  return { io, printed: () => printed.join('') };
}

const world = formatWorld(
  aWorld({ issues: [anIssue(5), anIssue(6, blockedBy('acme/lib#9'))], references: { 'acme/lib#9': 'open' } }),
);

describe('harness decide', () => {
  test('prints the decision as JSON', async () => {
    const { io, printed } = await inDirectory({ 'world.json': world });
    expect(await decideCommand({ world: 'world.json', json: true }, io)).toBe(0);
    expect(JSON.parse(printed())).toEqual({
      actions: [
        { kind: 'IMPL', repo: 'acme/widget', issue: 5, reason: 'ready: nothing blocks it, priority 3' },
      ],
      holds: [
        {
          repo: 'acme/widget',
          issue: 6,
          code: 'blocked',
          blockers: ['acme/lib#9'],
          reason: 'waits for acme/lib#9 (open)',
          until: 'acme/lib#9 closes',
        },
      ],
      units: [{ id: 'main', repo: 'acme/widget', stage: 'IMPL', complete: false, claimable: true }],
      findings: [],
    });
  });

  test('leaves the issue out of what concerns a whole unit', async () => {
    const planned = aWorld({ config: { HARNESS_MODE: 'planned' }, specHash: 'now' });
    const held = { ...planned, specHash: null };
    const { io, printed } = await inDirectory({
      'plan.json': formatWorld(planned),
      'held.json': formatWorld(held),
    });
    await decideCommand({ world: 'plan.json', json: true }, io);
    expect(JSON.parse(printed()).actions).toEqual([
      { kind: 'PLAN', repo: 'acme/widget', reason: expect.any(String) },
    ]);
    const second = await inDirectory({ 'held.json': formatWorld(held) });
    await decideCommand({ world: 'held.json', json: true }, second.io);
    expect(Object.keys(JSON.parse(second.printed()).holds[0])).not.toContain('issue');
  });

  test('says it in words', async () => {
    const { io, printed } = await inDirectory({ 'world.json': world });
    await decideCommand({ world: path.join(io.cwd, 'world.json'), json: false }, io);
    expect(printed()).toBe(
      [
        'Would do',
        '  IMPL  acme/widget#5  ready: nothing blocks it, priority 3',
        '',
        'Waits',
        '  acme/widget#6  blocked  waits for acme/lib#9 (open)',
        '',
        'Units',
        '  main  acme/widget  IMPL  claimable',
        '',
      ].join('\n'),
    );
  });

  test('says in words that there is nothing', async () => {
    const { io, printed } = await inDirectory({ 'world.json': formatWorld(aMultiWorld([], {})) });
    await decideCommand({ world: 'world.json', json: false }, io);
    expect(printed()).toContain('Nothing.');
    expect(printed()).toContain('Nothing waits.');
    expect(printed()).toContain('There are no units.');
  });

  test('does not let a world steer the terminal', async () => {
    const evil = aWorld({ issues: [anIssue(5, { lastEditor: 'eve\u001b]0;pwned\u0007\n' })] });
    const { io, printed } = await inDirectory({ 'world.json': formatWorld(evil) });
    await decideCommand({ world: 'world.json', json: false }, io);
    expect(printed()).not.toContain('\u001b');
  });

  test.each([
    ['that is not there', 'missing.json', "the world file can't be read"],
    ['that is no JSON', 'broken.json', 'the file is not valid JSON'],
    ['that is no world', 'empty.json', 'version: is required'],
    ['that never ends', '/dev/zero', 'longer than 64 MB'],
  ])('refuses a file %s', async (_what, file, message) => {
    const { io } = await inDirectory({ 'broken.json': '{', 'empty.json': '{}' });
    await expect(decideCommand({ world: file, json: true }, io)).rejects.toThrow(
      expect.objectContaining({ code: 'world-invalid', exit: 2, message: expect.stringContaining(message) }),
    );
  });
});

describe('the other commands on a world file', () => {
  test('explain goes through the gates of one issue, or tells all', async () => {
    const { io, printed } = await inDirectory({ 'world.json': world });
    await explainCommand({ world: 'world.json', issue: '6' }, io);
    expect(printed()).toContain('Held (blocked): waits for acme/lib#9 (open)\nUntil acme/lib#9 closes.');
    expect(printed()).toContain('✗  Are all its blockers done?');
    const all = await inDirectory({ 'world.json': world });
    await explainCommand({ world: 'world.json' }, all.io);
    expect(all.printed()).toContain('acme/widget#5  IMPL');
    const two = aMultiWorld([aTarget('a'), aTarget('b')], { 'acme/a': aRepo([]), 'acme/b': aRepo([]) });
    const none = await inDirectory({ 'world.json': formatWorld(two) });
    await explainCommand({ world: 'world.json' }, none.io);
    expect(none.printed()).toBe('No open issue is a child, a PRD or a bug of a trusted author.\n');
  });

  test('next names the decisions', async () => {
    const { io, printed } = await inDirectory({ 'world.json': world });
    await nextCommand({ world: 'world.json' }, io);
    expect(printed()).toContain(
      'acme/lib#9: the fleet does not work on it: is it done?\n  moves 1 (acme/widget#6)',
    );
    expect(printed()).toContain('  gh issue close 9 -R acme/lib\n');
    const idle = await inDirectory({ 'world.json': formatWorld(aWorld()) });
    await nextCommand({ world: 'world.json' }, idle.io);
    expect(idle.printed()).toBe('Nothing waits for a person.\n');
  });

  test('graph draws what waits for what', async () => {
    const { io, printed } = await inDirectory({ 'world.json': world });
    await graphCommand({ world: 'world.json', json: true }, io);
    expect(JSON.parse(printed()).edges).toEqual([
      { from: 'acme/lib#9', to: 'acme/widget#6', kind: 'blocks' },
    ]);
    const drawn = await inDirectory({ 'world.json': world });
    await graphCommand({ world: 'world.json', mermaid: true }, drawn.io);
    expect(drawn.printed()).toMatch(/^flowchart LR\n/);
  });
});
