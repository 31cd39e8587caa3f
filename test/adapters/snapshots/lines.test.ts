import { readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { documentFormat, type IssueRecord } from '../../../src/adapters/snapshots/document.ts';
import { readLines, writeLines } from '../../../src/adapters/snapshots/lines.ts';
import { mergeRefresh } from '../../../src/adapters/snapshots/merge.ts';
import { makeTempDir } from '../../helpers/temp.ts';

const aPath = () => join(makeTempDir(), 'file.jsonl');

function aRecord(number: number, body: string): IssueRecord {
  const issue = {
    number,
    title: `issue ${number}`,
    state: 'open' as const,
    stateReason: null,
    labels: ['a'],
    body,
    author: 'me',
    lastEditor: null,
    createdAt: '2026-01-01T00:00:00Z',
    updatedAt: '2026-01-01T00:00:00Z',
    blockedBy: [],
    parent: null,
    comments: [],
  };
  return { issue, dependencies: 0, editorKnown: true, readAloneAt: 0 };
}

const aDocument = (issues: readonly IssueRecord[]) =>
  mergeRefresh('acme/app', null, {
    startedAt: 0,
    isAll: true,
    issues,
    pulls: [],
    watermark: '2026-01-01T00:00:00Z',
    etags: { probe: '"x"' },
    defaultBranch: 'main',
    checks: null,
    plan: null,
    workflow: null,
    branches: null,
    rules: null,
    heads: null,
  });

describe('lines of JSON', () => {
  it('come back as they were, also where a character lies across two chunks', () => {
    const path = aPath();
    const lines = [
      { text: '🙂'.repeat(100_000) },
      { text: 'line\nbreak' },
      ...Array(3_000).fill({ text: 'é' }),
    ];
    writeLines(path, lines);
    expect([...readLines(path)]).toEqual(lines);
  });

  it('leave the file as it was when they cannot all be written', () => {
    const path = aPath();
    writeLines(path, ['old']);
    const failing = function* () {
      yield 'new';
      throw new Error('half-way');
    };
    expect(() => writeLines(path, failing())).toThrow('half-way');
    expect([...readLines(path)]).toEqual(['old']);
    expect(readdirSync(dirname(path))).toEqual(['file.jsonl']);
  });

  it('are refused when the end is missing', () => {
    const path = aPath();
    writeFileSync(path, '{"a":1}\n{"a":2');
    expect(() => [...readLines(path)]).toThrow(/no end/);
  });
});

describe('a snapshot file', () => {
  const issues = [aRecord(1, 'one\ntwo'), aRecord(2, '')];

  it('comes back as it was', () => {
    const path = aPath();
    const document = aDocument(issues);
    writeLines(path, documentFormat.encode(document));
    expect(documentFormat.decode(readLines(path))).toEqual(document);
  });

  it('is nothing when a line is missing, too many or wrong', () => {
    const path = aPath();
    writeLines(path, documentFormat.encode(aDocument(issues)));
    const text = readFileSync(path, 'utf8');
    const decode = (changed: string) => {
      writeFileSync(path, changed);
      try {
        return documentFormat.decode(readLines(path));
      } catch {
        return null;
      }
    };
    expect(decode(text)).not.toBeNull();
    expect(decode(text.split('\n').slice(0, 2).join('\n').concat('\n'))).toBeNull();
    expect(decode(`${text}{}\n`)).toBeNull();
    expect(decode(text.replace('"state":"open"', '"state":"ajar"'))).toBeNull();
    expect(decode(text.replace('"version":1', '"version":2'))).toBeNull();
    truncateSync(path, 0);
    expect(decode('')).toBeNull();
  });
});
