import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { decide } from '../../src/core/decide.ts';
import type { Action, Decision } from '../../src/core/decision.ts';
import { HarnessError } from '../../src/errors.ts';
import { parseWorld } from '../../src/world-file.ts';

interface Case {
  readonly id: string;
  readonly world: { readonly repos: Readonly<Record<string, unknown>> };
  readonly expect: {
    readonly actions?: readonly string[];
    readonly actionSet?: readonly string[];
    readonly hasAction?: string;
    readonly alsoHas?: string;
    readonly noAction?: string;
    readonly anyActionOn?: number;
    readonly blockers?: Readonly<Record<string, readonly string[]>>;
    readonly holdCode?: Readonly<Record<string, string>>;
    readonly complete?: boolean;
    readonly claimable?: readonly string[];
    readonly unitRepo?: Readonly<Record<string, string>>;
    readonly finding?: boolean;
    readonly error?: boolean;
  };
  readonly why?: string;
}

const cases: readonly Case[] = JSON.parse(
  readFileSync(new URL('./cases/decide.json', import.meta.url), 'utf8'),
);

const decideCase = ({ world }: Case): Decision =>
  decide(parseWorld(JSON.stringify(world), '2026-01-01T00:00:00Z'));

const COMPARED: ReadonlySet<string> = new Set<Action['kind']>([
  'PLAN',
  'PRD',
  'DECOMPOSE',
  'IMPL',
  'REVIEW',
  'CLOSE_PRD',
  'TRIAGE',
  'FIX',
]);

function comparedActions(one: Case): readonly string[] {
  const isOneRepo = Object.keys(one.world.repos).length === 1;
  return decideCase(one)
    .actions.filter(({ kind }) => COMPARED.has(kind))
    .map(({ kind, repo, issue }) =>
      issue === null ? kind : `${kind} ${isOneRepo ? '' : `${repo}#`}${issue}`,
    );
}

const holdOn = (one: Case, issue: string) => decideCase(one).holds.find(hold => String(hold.issue) === issue);

const pairs = (map: Readonly<Record<string, unknown>> = {}) => Object.entries(map);

describe('the recorded decisions', () => {
  test.each(cases.map(one => [`${one.id}${one.why ? `: ${one.why}` : ''}`, one] as const))(
    '%s',
    (_title, one) => {
      const wanted = one.expect;
      if (wanted.error) {
        expect(() => decideCase(one)).toThrow(HarnessError);
        return;
      }
      const actions = comparedActions(one);
      if (wanted.actions) expect(actions).toEqual(wanted.actions);
      if (wanted.actionSet) expect([...actions].sort()).toEqual([...wanted.actionSet].sort());
      for (const action of [wanted.hasAction, wanted.alsoHas]) if (action) expect(actions).toContain(action);
      if (wanted.noAction) expect(actions).not.toContain(wanted.noAction);
      if (wanted.anyActionOn) {
        expect(decideCase(one).actions.map(({ issue }) => issue)).toContain(wanted.anyActionOn);
      }
      for (const [issue, blockers] of pairs(wanted.blockers))
        expect(holdOn(one, issue)?.blockers).toEqual(blockers);
      for (const [issue, code] of pairs(wanted.holdCode)) expect(holdOn(one, issue)?.code).toBe(code);
      const { units, findings } = decideCase(one);
      if (wanted.complete !== undefined) expect(units[0]?.complete).toBe(wanted.complete);
      if (wanted.claimable) {
        expect(units.filter(({ claimable }) => claimable).map(({ id }) => id)).toEqual(wanted.claimable);
      }
      for (const [id, repo] of pairs(wanted.unitRepo))
        expect(units.find(unit => unit.id === id)?.repo).toBe(repo);
      if (wanted.finding) expect(findings).not.toEqual([]);
    },
  );
});
