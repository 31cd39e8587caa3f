import { describe, expect, it } from 'vitest';
import { closedBy } from '../../../src/adapters/github/closing.ts';
import { nextLink } from '../../../src/adapters/github/pages.ts';
import { IssueRow, issueOf, PullRow, pullOf, referenceOf } from '../../../src/adapters/github/rows.ts';

const row = IssueRow.parse({
  number: 7,
  title: 'x',
  state: 'closed',
  state_reason: 'not_planned',
  labels: ['b', { name: 'a' }, { name: null }],
  body: null,
  user: null,
  created_at: '2026-01-01T00:00:00Z',
  updated_at: '2026-01-01T00:00:00Z',
  parent_issue_url: 'https://api.github.com/repos/acme/app/issues/5',
});

const pull = PullRow.parse({
  number: 8,
  title: 'x',
  body: 'Closes #7',
  state: 'open',
  merged_at: null,
  merge_commit_sha: 'trial',
  updated_at: '2026-01-01T00:00:00Z',
  head: { ref: 'issue/7', sha: 'abc', repo: { full_name: 'Acme/App' } },
  base: { ref: 'main', repo: { full_name: 'Acme/App' } },
});

describe('issueOf', () => {
  it('turns what GitHub leaves out into empty text', () => {
    expect(issueOf(row)).toMatchObject({ body: '', author: '', lastEditor: null, comments: [] });
  });

  it('names labels in order and the parent as a reference', () => {
    expect(issueOf(row)).toMatchObject({ labels: ['', 'a', 'b'], parent: 'acme/app#5' });
  });

  it('keeps the reasons that it knows, and no others', () => {
    expect(issueOf(row).stateReason).toBe('not_planned');
    expect(issueOf({ ...row, state_reason: 'something new' }).stateReason).toBeNull();
  });
});

describe('pullOf', () => {
  it('knows our own branch, also after the repository was renamed', () => {
    expect(pullOf(pull).head).toBe('issue/7');
  });

  it("never takes a fork's branch for ours, nor one of a fork that is gone", () => {
    expect(pullOf({ ...pull, head: { ...pull.head, repo: { full_name: 'eve/app' } } }).head).toBe('');
    expect(pullOf({ ...pull, head: { ...pull.head, repo: null } }).head).toBe('');
  });

  it('names the merge commit only after the merge', () => {
    expect(pullOf(pull)).toMatchObject({ merged: false, mergeCommit: null });
    const merged = pullOf({ ...pull, merged_at: '2026-01-01T00:00:00Z', merge_commit_sha: 'def' });
    expect(merged).toMatchObject({ merged: true, mergeCommit: 'def' });
  });
});

describe('closedBy', () => {
  it.each([
    ['Closes #7', [7]],
    ['fixes: #7 and Resolves acme/app#8', [7, 8]],
    ['closed https://github.com/Acme/App/issues/9', [9]],
    ['closes other/repo#7', []],
    ['encloses #7, closes#7, see #7', []],
    ['Closes #7\nCloses #7', [7]],
  ])('reads %j as %j', (body, numbers) => {
    expect(closedBy(body, 'acme/app')).toEqual(numbers);
  });
});

describe('nextLink', () => {
  it.each([
    ['<https://x/a?page=2>; rel="next", <https://x/a?page=9>; rel="last"', 'https://x/a?page=2'],
    ['<https://x/a?page=1>; rel="prev",<https://x/a?after=b,c>;rel=next', 'https://x/a?after=b,c'],
    ['<https://x/a?page=1>; rel="prev"', null],
    [undefined, null],
  ])('finds the next page in %j', (header, next) => {
    expect(nextLink(header)).toBe(next);
  });
});

describe('referenceOf', () => {
  it('reads addresses of issues and pull requests, and nothing else', () => {
    expect(referenceOf('https://github.com/o/r/issues/3')).toBe('o/r#3');
    expect(referenceOf('https://ghe.example/api/v3/repos/o/r/issues/3')).toBe('o/r#3');
    expect(referenceOf('https://github.com/o/r/pull/4')).toBe('o/r#4');
    expect(referenceOf('https://github.com/o/r')).toBeNull();
  });
});
