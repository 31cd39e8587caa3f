import { describe, expect, it } from 'vitest';
import type { IssueRecord, SnapshotDocument } from '../../../src/adapters/snapshots/document.ts';
import { mergeIssueRecord, mergeRefresh, type Refreshed } from '../../../src/adapters/snapshots/merge.ts';

const STARTED = Date.parse('2026-01-01T12:00:00Z');
const MINUTE = 60_000;

function anIssue(
  number: number,
  options: { second?: number; title?: string; readAloneAt?: number } = {},
): IssueRecord {
  const { second = 0, title = `issue ${number}`, readAloneAt = 0 } = options;
  const issue = {
    number,
    title,
    state: 'open' as const,
    stateReason: null,
    labels: [],
    body: '',
    author: 'me',
    lastEditor: null,
    createdAt: '2026-01-01T00:00:00Z',
    updatedAt: `2026-01-01T00:00:${String(second).padStart(2, '0')}Z`,
    blockedBy: [],
    parent: null,
    comments: [],
  };
  return { issue, dependencies: 0, editorKnown: true, readAloneAt };
}

function aRefresh(change: Partial<Refreshed>): Refreshed {
  return {
    startedAt: STARTED,
    isAll: false,
    issues: [],
    pulls: [],
    watermark: null,
    etags: {},
    defaultBranch: null,
    checks: null,
    plan: null,
    workflow: null,
    branches: null,
    rules: null,
    heads: null,
    ...change,
  };
}

const aSnapshot = (...issues: IssueRecord[]): SnapshotDocument =>
  mergeRefresh('acme/app', null, aRefresh({ isAll: true, issues, watermark: '2026-01-01T00:00:30Z' }));

const titles = (document: SnapshotDocument | null) => document?.issues.map(({ issue }) => issue.title);

describe('mergeRefresh', () => {
  it('is the same snapshot when nothing is new', () => {
    const known = aSnapshot(anIssue(1));
    expect(mergeRefresh('acme/app', known, aRefresh({}))).toBe(known);
    expect(mergeRefresh('acme/app', known, aRefresh({ isAll: true, issues: known.issues }))).toBe(known);
  });

  it('takes what is newer and keeps what a stale list shows older', () => {
    const known = aSnapshot(
      anIssue(1, { second: 5, title: 'known' }),
      anIssue(2, { second: 5, title: 'known' }),
    );
    const issues = [anIssue(1, { second: 6, title: 'newer' }), anIssue(2, { second: 4, title: 'older' })];
    expect(titles(mergeRefresh('acme/app', known, aRefresh({ issues })))).toEqual(['newer', 'known']);
  });

  it('prefers what was read alone in the same second', () => {
    const known = aSnapshot(anIssue(1, { title: 'written', readAloneAt: STARTED - 1 }));
    const listed = aRefresh({ issues: [anIssue(1, { title: 'listed' })] });
    expect(titles(mergeRefresh('acme/app', known, listed))).toEqual(['written']);
    const alone = aRefresh({ issues: [anIssue(1, { title: 'read again', readAloneAt: STARTED })] });
    expect(titles(mergeRefresh('acme/app', known, alone))).toEqual(['read again']);
  });

  it('drops what a complete list no longer has, but not what was read alone a moment ago', () => {
    const known = aSnapshot(
      anIssue(1),
      anIssue(2),
      anIssue(3, { readAloneAt: STARTED - 2 * MINUTE }),
      anIssue(4, { readAloneAt: STARTED - 11 * MINUTE }),
    );
    const all = aRefresh({ isAll: true, issues: [anIssue(1)], watermark: '2026-01-01T01:00:00Z' });
    const merged = mergeRefresh('acme/app', known, all);
    expect(merged.issues.map(({ issue }) => issue.number)).toEqual([1, 3]);
    expect(merged.changes).toBe(2);
    const some = aRefresh({ issues: [anIssue(1)] });
    expect(mergeRefresh('acme/app', known, some).issues).toHaveLength(4);
  });

  it('keeps for a while what a complete list from a lagging replica does not show', () => {
    const known = aSnapshot(anIssue(1), anIssue(2, { second: 40 }));
    const lagging = aRefresh({ isAll: true, issues: [anIssue(1)], watermark: '2026-01-01T00:00:00Z' });
    expect(mergeRefresh('acme/app', known, lagging)).toMatchObject({
      issues: [{ issue: { number: 1 } }, { issue: { number: 2 } }],
      changes: 2,
    });
    const later = aRefresh({ isAll: true, issues: [anIssue(1)], watermark: '2026-01-01T00:20:00Z' });
    expect(mergeRefresh('acme/app', known, later).issues).toHaveLength(1);
  });

  it('counts what has changed since the last complete list', () => {
    const known = aSnapshot(anIssue(1), anIssue(2));
    expect(known.changes).toBe(0);
    const same = mergeRefresh('acme/app', known, aRefresh({ watermark: known.watermark }));
    expect(same.changes).toBe(0);
    const [first] = known.issues;
    const issues = [first, anIssue(2, { second: 31 }), anIssue(3, { second: 31 })] as IssueRecord[];
    const changed = mergeRefresh('acme/app', known, aRefresh({ issues, watermark: '2026-01-01T00:00:31Z' }));
    expect(changed).toMatchObject({ changes: 2, watermark: '2026-01-01T00:00:31Z' });
    const ours = mergeRefresh('acme/app', changed, aRefresh({ watermark: '2026-01-01T00:00:32Z' }));
    expect(ours.changes).toBe(3);
    const all = aRefresh({ isAll: true, issues: ours.issues });
    expect(mergeRefresh('acme/app', ours, all).changes).toBe(0);
  });

  it('never moves the watermark back', () => {
    const known = aSnapshot(anIssue(1));
    const older = mergeRefresh('acme/app', known, aRefresh({ watermark: '2026-01-01T00:00:01Z' }));
    expect(older.watermark).toBe('2026-01-01T00:00:30Z');
  });
});

describe('mergeIssueRecord', () => {
  it('leaves a repository unread that was never read: one issue is not all of them', () => {
    expect(mergeIssueRecord(null, anIssue(1), {})).toBeNull();
  });

  it('does not move the watermark, so that the list still shows what came before', () => {
    const known = aSnapshot(anIssue(1));
    const merged = mergeIssueRecord(known, anIssue(1, { second: 50, readAloneAt: STARTED }), {});
    expect(merged?.watermark).toBe(known.watermark);
    expect(merged?.issues[0]?.issue.updatedAt).toBe('2026-01-01T00:00:50Z');
  });
});
