import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decide } from '../../src/core/decide.ts';
import type { Action, Decision } from '../../src/core/decision.ts';
import type { Issue, StageKind, World } from '../../src/core/world.ts';
import { formatWorld, parseWorld } from '../../src/world-file.ts';
import { anyWorld } from '../helpers/any-world.ts';
import { anIssue, closed } from '../helpers/world.ts';

const AGENT: ReadonlySet<string> = new Set<StageKind>([
  'PLAN',
  'PRD',
  'DECOMPOSE',
  'IMPL',
  'REVIEW',
  'JUDGE',
  'REPLAN',
  'TRIAGE',
  'FIX',
]);

const isAgentAction = ({ kind }: Action) => AGENT.has(kind);
const isDispatch = (action: Action) => isAgentAction(action) || action.kind === 'CLOSE_PRD';
const keyOf = ({ repo, issue }: { readonly repo: string; readonly issue: number | null }) =>
  `${repo}#${issue}`;

function holdsOfAll(check: (world: World, decision: Decision) => void): void {
  fc.assert(
    fc.property(anyWorld, world => check(world, decide(world))),
    { numRuns: 1000 },
  );
}

const issueOf = (world: World, { repo, issue }: Action): Issue =>
  world.repos[repo]?.issues.find(({ number }) => number === issue) as Issue;

const find = (world: World, name: string): Issue | undefined => {
  const [repo = '', number = ''] = name.split('#');
  return world.repos[repo]?.issues.find(issue => issue.number === Number(number));
};

/** The references in a section of an issue of `anyWorld`, which has one in each bullet. */
const namedUnder = (title: string, { body }: Issue, repo: string): readonly string[] =>
  (body.split(`## ${title}\n\n`)[1] ?? '')
    .split('\n\n', 1)
    .flatMap(bullets => bullets.split('\n'))
    .map(bullet => bullet.slice('- '.length))
    .filter(name => name !== '')
    .map(name => (name.startsWith('#') ? `${repo}${name}` : name));

const blockersOf = (issue: Issue, repo: string) => [
  ...namedUnder('Blocked by', issue, repo),
  ...issue.blockedBy,
];

function isDone(world: World, name: string): boolean {
  const found = find(world, name);
  if (found) return found.state === 'closed' && [null, 'completed'].includes(found.stateReason);
  return ['closed', 'merged'].includes(world.references[name] ?? 'unknown');
}

describe('in any world', () => {
  test('agents never get more than the free slots of a unit', () => {
    holdsOfAll((world, { actions, units }) => {
      if (world.lane === 'bugs') return;
      for (const { repo } of units) {
        const busy = world.host.sessions.filter(
          session => session.repo === repo && session.outcome === null && session.kind !== 'FIX',
        );
        const started = actions.filter(
          action => (isAgentAction(action) || action.kind === 'CODE_REVIEW') && action.repo === repo,
        );
        expect(started.length).toBeLessThanOrEqual(
          Math.max(0, Number(world.config.HARNESS_CAP) - busy.length),
        );
      }
    });
  });

  test('nothing is dispatched that is closed, untrusted, leased or worked on', () => {
    holdsOfAll((world, { actions }) => {
      const allowed = [world.login, ...(world.config.HARNESS_AUTHOR_ALLOWLIST ?? '').split(',')].filter(
        name => name !== '',
      );
      const isTrusted = (login: string) => login !== '' && (allowed.includes('*') || allowed.includes(login));
      for (const action of actions.filter(one => isDispatch(one) && one.issue !== null)) {
        const { state, author, lastEditor } = issueOf(world, action);
        expect(state).toBe('open');
        expect(isTrusted(author)).toBe(true);
        expect(lastEditor === null || isTrusted(lastEditor)).toBe(true);
        const isHere = ({ repo, issue }: { repo: string; issue: number | null }) =>
          keyOf({ repo, issue }) === keyOf(action);
        expect(world.host.sessions.some(isHere)).toBe(false);
        expect(
          world.leases.some(lease => lease.scope === 'issue' && isHere(lease) && lease.holder !== ''),
        ).toBe(false);
      }
    });
  });

  test('nothing is dispatched that waits, by its text or in GitHub, for what is not done', () => {
    holdsOfAll((world, { actions }) => {
      for (const action of actions.filter(one => isDispatch(one) && one.issue !== null)) {
        for (const blocker of blockersOf(issueOf(world, action), action.repo)) {
          // Its own PRD never blocks a child.
          const isPrd = find(world, blocker)?.labels.includes('prd') ?? false;
          expect(isDone(world, blocker) || (isPrd && blocker.startsWith(`${action.repo}#`)), blocker).toBe(
            true,
          );
        }
      }
    });
  });

  test('no child is dispatched while its PRD waits for something', () => {
    holdsOfAll((world, { actions }) => {
      for (const action of actions.filter(({ kind }) => kind === 'IMPL')) {
        const [parent = ''] = namedUnder('Parent', issueOf(world, action), action.repo);
        const prd = parent.startsWith(`${action.repo}#`) ? find(world, parent) : undefined;
        const isItsPrd =
          prd?.state === 'open' && prd.author === 'me' && world.login === 'me' && prd.labels.includes('prd');
        if (!prd || !isItsPrd) continue;
        for (const blocker of blockersOf(prd, action.repo))
          expect(isDone(world, blocker), blocker).toBe(true);
      }
    });
  });

  test('nothing starts or closes in a fleet that is paused, or in a repository that was not read', () => {
    holdsOfAll((world, { actions }) => {
      for (const action of actions.filter(isDispatch)) {
        expect(world.host.paused).toBe(false);
        expect(world.repos[action.repo]?.read).toBe('fresh');
      }
    });
  });

  test('what has no dispatch has exactly one hold, and what has one has none', () => {
    holdsOfAll((world, { actions, holds, units }) => {
      const held = holds.filter(({ issue }) => issue !== null).map(keyOf);
      expect(new Set(held).size).toBe(held.length);
      const dispatched = new Set(actions.filter(isDispatch).map(keyOf));
      expect(held.filter(key => dispatched.has(key))).toEqual([]);
      const trusted = new Set([world.login, 'amy'].filter(login => login !== ''));
      const wanted = units.flatMap(({ repo }) =>
        (world.repos[repo]?.issues ?? [])
          .filter(({ state, author }) => state === 'open' && trusted.has(author) && author !== '')
          .filter(({ author }) => author === 'me' || (world.config.HARNESS_AUTHOR_ALLOWLIST ?? '') !== '')
          .filter(({ labels }) => counts(labels, world.lane))
          .map(({ number }) => keyOf({ repo, issue: number })),
      );
      for (const key of wanted) expect(held.includes(key) || dispatched.has(key), key).toBe(true);
    });
  });

  test('an issue is named by one dispatch at most', () => {
    holdsOfAll((_world, { actions }) => {
      const keys = actions.filter(isDispatch).map(keyOf);
      expect(new Set(keys).size).toBe(keys.length);
    });
  });

  test('the order in which issues are listed does not matter', () => {
    fc.assert(
      fc.property(anyWorld, fc.infiniteStream(fc.nat()), (world, numbers) => {
        const repos = Object.fromEntries(
          Object.entries(world.repos).map(([name, repo]) => [
            name,
            { ...repo, issues: shuffled(repo.issues, numbers) },
          ]),
        );
        expect(decide({ ...world, repos })).toEqual(decide(world));
      }),
      { numRuns: 500 },
    );
  });

  test('a closed issue that has nothing to do with anything changes nothing', () => {
    holdsOfAll((world, decision) => {
      const unrelated = anIssue(999, { labels: [], ...closed() });
      const repos = Object.fromEntries(
        Object.entries(world.repos).map(([name, repo]) => [
          name,
          { ...repo, issues: [...repo.issues, unrelated] },
        ]),
      );
      expect(decide({ ...world, repos })).toEqual(decision);
    });
  });

  test('deciding for one unit is what deciding for all says of it', () => {
    holdsOfAll((world, all) => {
      for (const { id, repo } of all.units) {
        const one = decide({ ...world, unit: id });
        const ofUnit = <T extends { readonly repo: string }>(facts: readonly T[]) =>
          facts.filter(fact => fact.repo === repo);
        expect(one.actions).toEqual(ofUnit(all.actions));
        expect(one.holds).toEqual(ofUnit(all.holds));
        expect(one.findings).toEqual(ofUnit(all.findings));
        expect(one.units).toEqual(all.units);
      }
    });
  });

  test('a world that went through a file decides the same', () => {
    holdsOfAll((world, decision) => {
      expect(decide(parseWorld(formatWorld(world), world.now))).toEqual(decision);
    });
  });
});

function counts(labels: readonly string[], lane: World['lane']): boolean {
  const lower = labels.map(label => label.toLowerCase());
  if (lower.includes('prd')) return true;
  if (lower.includes('bug') || lower.includes('bug-triaged')) return lane === 'bugs';
  return lower.includes('ready-for-agent');
}

function shuffled<T>(items: readonly T[], numbers: Iterator<number>): readonly T[] {
  return items
    .map(item => ({ item, at: Number(numbers.next().value) }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item);
}
