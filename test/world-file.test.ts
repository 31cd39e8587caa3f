import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decide } from '../src/core/decide.ts';
import { faultOfSize, formatWorld, parseWorld, WORLD_LIMIT } from '../src/world-file.ts';
import { processorMs } from './helpers/processor.ts';
import { aLease, anIssue, aSession, aWorld, blockedBy } from './helpers/world.ts';

const NOW = '2026-02-03T04:05:06Z';
const parse = (world: unknown) => parseWorld(JSON.stringify(world), NOW);
const minimal = { version: 1, config: { HARNESS_REPO: 'acme/widget' } };
const withIssue = (issue: unknown) => ({ ...minimal, repos: { 'acme/widget': { issues: [issue] } } });

describe('a world file', () => {
  test('needs little: everything else has its default', () => {
    expect(
      parse({
        ...minimal,
        repos: { 'acme/widget': { issues: [{ number: 7 }], pulls: [{ number: 8 }] } },
        leases: [{}],
        host: { sessions: [{}] },
      }),
    ).toEqual({
      version: 1,
      now: NOW,
      login: '',
      config: { HARNESS_REPO: 'acme/widget' },
      targets: [],
      specHash: null,
      spentToday: null,
      repos: {
        'acme/widget': {
          read: 'fresh',
          issues: [
            {
              number: 7,
              title: '',
              state: 'open',
              stateReason: null,
              labels: [],
              body: '',
              author: '',
              lastEditor: null,
              createdAt: null,
              updatedAt: null,
              blockedBy: [],
              parent: null,
              comments: [],
            },
          ],
          plan: { exists: false, markerHash: null, prds: [] },
          workflow: null,
          ci: 'unknown',
          branches: [],
          pulls: [
            {
              number: 8,
              head: '',
              headSha: '',
              base: '',
              state: 'open',
              merged: false,
              checks: 'unknown',
              review: 'none',
              closes: [],
            },
          ],
        },
      },
      references: {},
      leases: [
        {
          scope: 'issue',
          repo: '',
          issue: null,
          holder: '',
          live: false,
          attempts: 0,
          failures: [],
          notBefore: null,
          spend: null,
          minutes: null,
          breaker: 'closed',
          breakerUntil: null,
          question: null,
          landing: null,
          replanned: [],
          contest: false,
          waits: null,
          review: false,
          gates: [],
        },
      ],
      host: {
        paused: false,
        capabilities: [],
        claims: [],
        sessions: [
          {
            kind: 'IMPL',
            repo: '',
            issue: null,
            startedAt: null,
            lastActivityAt: null,
            outcome: null,
            spend: null,
            question: null,
            ofChange: false,
          },
        ],
        agents: [],
      },
      unit: null,
      lane: 'pool',
    });
  });

  test('is read back as it was written', () => {
    const world = aWorld({
      issues: [
        anIssue(5, blockedBy(6)),
        anIssue(6, { comments: [{ author: 'me', body: 'x', createdAt: null }] }),
      ],
      references: { 'acme/lib#1': 'closed' },
      leases: [aLease(5, { landing: 'abc', failures: ['x'], spend: 1.5 })],
      host: { sessions: [aSession(5, { outcome: 'done' })] },
    });
    expect(parseWorld(formatWorld(world), NOW)).toEqual(world);
  });

  test('takes settings as numbers and booleans by their text', () => {
    const world = parse({
      version: 1,
      config: { HARNESS_REPO: 'a/b', HARNESS_CAP: 2, HARNESS_AUTONOMOUS: false },
    });
    expect(world.config).toEqual({ HARNESS_REPO: 'a/b', HARNESS_CAP: '2', HARNESS_AUTONOMOUS: 'false' });
  });

  test("takes a session's whole outcome for its status", () => {
    const world = parse({ ...minimal, host: { sessions: [{ outcome: { version: 1, status: 'blocked' } }] } });
    expect(world.host.sessions[0]?.outcome).toBe('blocked');
  });

  test('may begin with a byte order mark', () => {
    expect(parseWorld(`\ufeff${JSON.stringify(minimal)}`, NOW).version).toBe(1);
  });

  test.each([
    ['version', { config: {} }, 'version: is required'],
    ['another version', { version: 2, config: {} }, 'version: expected 1, the only version so far'],
    ['config', { version: 1 }, 'config: is required'],
    ["an issue's number", withIssue({}), 'repos["acme/widget"].issues[0].number: is required'],
    ["a target's repository", { ...minimal, targets: [{ id: 'a' }] }, 'targets[0].repo: is required'],
    ['a list', [], 'the world: expected an object'],
    ['null', null, 'the world: expected an object'],
    ['an unknown key', { ...minimal, issues: [] }, 'issues: unknown key'],
    [
      'a misspelt key',
      withIssue({ number: 1, lables: [] }),
      'repos["acme/widget"].issues[0].lables: unknown key',
    ],
    [
      'a wrong word',
      withIssue({ number: 1, state: 'OPEN' }),
      'repos["acme/widget"].issues[0].state: expected "open" or "closed"',
    ],
    [
      'a wrong type',
      withIssue({ number: 1, body: 7 }),
      'repos["acme/widget"].issues[0].body: expected a string',
    ],
    [
      'a null text',
      withIssue({ number: 1, title: null }),
      'repos["acme/widget"].issues[0].title: expected a string',
    ],
    [
      'labels that are none',
      withIssue({ number: 1, labels: [{ name: 'x' }] }),
      'repos["acme/widget"].issues[0].labels[0]: expected a string',
    ],
    [
      'issue zero',
      withIssue({ number: 0 }),
      'repos["acme/widget"].issues[0].number: expected a whole number from 1',
    ],
    [
      'half an issue',
      withIssue({ number: 1.5 }),
      'repos["acme/widget"].issues[0].number: expected a whole number from 1',
    ],
    [
      'a number as text',
      withIssue({ number: '1' }),
      'repos["acme/widget"].issues[0].number: expected a whole number from 1',
    ],
    [
      'a duplicate number',
      { ...minimal, repos: { 'acme/widget': { issues: [{ number: 7 }, { number: 8 }, { number: 7 }] } } },
      'repos["acme/widget"].issues[2].number: duplicate issue number 7, first at [0]',
    ],
    [
      'two spellings of a repository',
      { ...minimal, repos: { 'a/b': {}, 'A/b': {} } },
      'repos["A/b"]: the same as "a/b"',
    ],
    [
      'a bare repository',
      { ...minimal, repos: { widget: {} } },
      'repos.widget: expected a repository such as "acme/widget"',
    ],
    [
      'a bad reference',
      { ...minimal, references: { '#5': 'open' } },
      'references["#5"]: expected a reference such as "acme/lib#3"',
    ],
    [
      'a bad state of one',
      { ...minimal, references: { 'a/b#5': 'done' } },
      'references["a/b#5"]: expected "open", "closed",',
    ],
    [
      'a bad dependency',
      withIssue({ number: 1, blockedBy: ['#5'] }),
      'repos["acme/widget"].issues[0].blockedBy[0]: expected a reference',
    ],
    ['a time that is none', { ...minimal, now: 'yesterday' }, 'now: expected a time such as'],
    [
      'a day that is none',
      { ...minimal, leases: [{ notBefore: '2026-13-40T00:00:00Z' }] },
      'leases[0].notBefore: expected a time',
    ],
    ['an unknown lane', { ...minimal, lane: 'fast' }, 'lane: expected "pool" or "bugs"'],
    [
      'an unknown session',
      { ...minimal, host: { sessions: [{ kind: 'NAP' }] } },
      'host.sessions[0].kind: expected',
    ],
    [
      'an outcome that is none',
      { ...minimal, host: { sessions: [{ outcome: {} }] } },
      'host.sessions[0].outcome: expected an outcome',
    ],
    [
      'a setting that is a list',
      { version: 1, config: { HARNESS_CAP: [] } },
      'config.HARNESS_CAP: expected a string',
    ],
    [
      'an unknown setting',
      { version: 1, config: { HARNESS_CAPP: '1' } },
      'config.HARNESS_CAPP: unknown setting (did you mean HARNESS_CAP?)',
    ],
    ['no setting at all', { version: 1, config: { PATH: '1' } }, 'config.PATH: unknown setting'],
    [
      'a bad value',
      { version: 1, config: { HARNESS_CAP: '0' } },
      'config.HARNESS_CAP: expected a whole number',
    ],
    [
      'a mode that is none',
      { version: 1, config: { HARNESS_MODE: 'bogus' } },
      'config.HARNESS_MODE: expected one of issue-only, prd, planned',
    ],
  ])('is refused with %s', (_what, world, message) => {
    expect(() => parse(world)).toThrow(
      expect.objectContaining({ exit: 2, message: expect.stringContaining(message) }),
    );
  });

  test.each([
    [
      'config',
      '{"version":1,"config":{"__proto__":{"HARNESS_CAP":"9"}}}',
      'config.__proto__: unknown setting',
    ],
    ['config', '{"version":1,"config":{"constructor":"x"}}', 'config.constructor: unknown setting'],
    ['world', '{"version":1,"config":{},"__proto__":{"lane":"bugs"}}', '__proto__: unknown key'],
    ['world', '{"version":1,"config":{},"constructor":{}}', 'constructor: unknown key'],
    ['repos', '{"version":1,"config":{},"repos":{"__proto__":{}}}', 'repos.__proto__: expected a repository'],
    [
      'issue',
      '{"version":1,"config":{},"repos":{"a/b":{"issues":[{"number":1,"__proto__":{}}]}}}',
      '__proto__: unknown key',
    ],
  ])("refuses keys that reach into an object's prototype (%s)", (_where, json, message) => {
    expect(() => parseWorld(json, NOW)).toThrow(
      expect.objectContaining({ message: expect.stringContaining(message) }),
    );
  });

  test.each(['', 'null', '{', '{"version":1,}', 'not JSON', '['.repeat(100_000)])(
    'refuses text that is no world: %.20s',
    json => {
      expect(() => parseWorld(json, NOW)).toThrow(
        expect.objectContaining({ code: 'world-invalid', exit: 2 }),
      );
    },
  );

  test('tells settings from the rest by the code', () => {
    expect(() => parse({ version: 1, config: { HARNESS_MODE: 'x' } })).toThrow(
      expect.objectContaining({ code: 'config-invalid' }),
    );
    expect(() => parse({ version: 1, config: { X: '' } })).toThrow(
      expect.objectContaining({ code: 'config-invalid' }),
    );
    expect(() => parse({ ...minimal, lane: 1 })).toThrow(expect.objectContaining({ code: 'world-invalid' }));
  });

  test('is refused when it is too long, before it is read', () => {
    expect(faultOfSize(WORLD_LIMIT)).toBeNull();
    expect(faultOfSize(100_000_000)?.message).toBe('the file is longer than 64 MB, the most that is read.');
    const long = ' '.repeat(100_000_000);
    const tookMs = processorMs(() => expect(() => parseWorld(long, NOW)).toThrow(/longer than 64 MB/));
    expect(tookMs).toBeLessThan(500);
  });

  test('never makes anything but a world or a HarnessError of any JSON', () => {
    fc.assert(
      fc.property(fc.json(), json => {
        expect(() => decide(parseWorld(json, NOW))).toThrow(expect.objectContaining({ exit: 2 }));
      }),
    );
  });
});
