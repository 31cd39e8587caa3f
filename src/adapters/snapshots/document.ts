import * as z from 'zod';
import { type LineFormat, oneLine } from './lines.ts';
import { Spending } from './spending.ts';

/** Grows when an older engine could no longer read the file; it is part of the file's name. */
export const SNAPSHOT_VERSION = 1;

const Text = z.string().nullable();

const Verdict = z.enum(['pass', 'fail', 'pending', 'unknown']);

const IssueShape = z.object({
  number: z.int().positive(),
  title: z.string(),
  state: z.enum(['open', 'closed']),
  stateReason: z.enum(['completed', 'not_planned', 'duplicate', 'reopened']).nullable(),
  labels: z.array(z.string()),
  body: z.string(),
  author: z.string(),
  lastEditor: Text,
  createdAt: Text,
  updatedAt: Text,
  blockedBy: z.array(z.string()),
  parent: Text,
  comments: z.array(z.object({ author: z.string(), body: z.string(), createdAt: Text })),
});

const PullShape = z.object({
  number: z.int().positive(),
  head: z.string(),
  headSha: z.string(),
  base: z.string(),
  state: z.enum(['open', 'closed']),
  merged: z.boolean(),
  checks: Verdict,
  review: z.enum(['approved', 'changes_requested', 'required', 'none']),
  closes: z.array(z.int()),
});

const IssueRecord = z.object({
  issue: IssueShape,
  /** Open and closed issues that GitHub's own dependencies say this one waits for. */
  dependencies: z.int(),
  /** Whether `issue.lastEditor` was asked for; where it was not, null means nothing. */
  editorKnown: z.boolean(),
  /** Milliseconds since the epoch of the read or write of this one issue; 0 when a list brought it. */
  readAloneAt: z.number(),
});
export type IssueRecord = Readonly<z.infer<typeof IssueRecord>>;

const PullRecord = z.object({ pull: PullShape, updatedAt: z.string() });
export type PullRecord = Readonly<z.infer<typeof PullRecord>>;

const PullHead = z.object({
  /** The commit that all of this is about. */
  sha: z.string(),
  /** Verdicts of its statuses and of its check runs, and the ETags that they were read under. */
  status: Verdict,
  runs: Verdict,
  etags: z.record(z.string(), z.string()),
  review: PullShape.shape.review,
  /** The last deciding review of each person who may write. */
  reviews: z
    .array(
      z.object({
        by: z.string(),
        sha: z.string(),
        verdict: z.enum(['approved', 'changes_requested']),
        body: z.string(),
      }),
    )
    .default([]),
  /** Its place in the merge queue; not in the files of early versions. */
  queued: z.int().nullable().default(null),
  /** `updatedAt` of the pull request that the review was read for. */
  reviewedAt: z.string(),
});
export type PullHead = Readonly<z.infer<typeof PullHead>>;

const Header = z.object({
  version: z.literal(SNAPSHOT_VERSION),
  repo: z.string(),
  defaultBranch: z.string(),
  /** Newest `updated_at` that a list has shown; a read by itself does not move it. */
  watermark: z.string(),
  /** How many issues and pull requests lists have shown as changed since the last complete one. */
  changes: z.int(),
  /** ETags by what they belong to; saved only together with what was read under them. */
  etags: z.record(z.string(), z.string()),
  /** Verdicts of the default branch's statuses and of its check runs. */
  checks: z.object({ status: Verdict, runs: Verdict }),
  /** Branches of issues. */
  branches: z.array(z.object({ name: z.string(), head: z.string() })),
  /** Heads of the pull requests that are being landed, by number. */
  heads: z.record(z.string(), PullHead),
  /** As read at this head of the default branch; empty when it was never read. */
  plan: z.object({
    head: z.string(),
    exists: z.boolean(),
    markerHash: Text,
    /** Not in the files of early versions. */
    id: Text.default(null),
    specHash: Text.default(null),
    /** Where the specification was looked for. */
    spec: z.string().default(''),
  }),
  /** As read at this head of that branch; not in the files of early versions. */
  workflow: z
    .object({
      head: z.string(),
      /** The last that was valid. */
      text: Text,
      problem: Text,
    })
    .default({ head: '', text: null, problem: null }),
  /** What this branch asks of merges, by classic protection and by rulesets; not in the files of early versions. */
  rules: z
    .object({
      branch: z.string(),
      classic: z.object({
        signatures: z.boolean(),
        linear: z.boolean(),
        queue: z.boolean(),
        pulls: z.boolean(),
        methods: z.array(z.string()).nullable(),
      }),
      ruled: z.array(
        z.object({
          type: z.string(),
          parameters: z.object({ allowed_merge_methods: z.array(z.string()).nullish() }).nullish(),
        }),
      ),
    })
    .nullable()
    .default(null),
});

const CountedHeader = Header.extend({ counts: z.tuple([z.int(), z.int()]) });

/** What is known of one repository: the content of a snapshot file. */
export interface SnapshotDocument extends Readonly<z.infer<typeof Header>> {
  /** By number, ascending. */
  readonly issues: readonly IssueRecord[];
  readonly pulls: readonly PullRecord[];
}

const Reading = z.object({
  version: z.literal(SNAPSHOT_VERSION),
  /** Epoch milliseconds of the last read that succeeded, and of the last one at all; 0 is never. */
  readAt: z.number(),
  triedAt: z.number(),
  isMissing: z.boolean(),
  problem: Text,
  /** Who read last, for people. */
  by: z.string(),
  /** When the last conditional probe began, the last complete list, the last one behind the first page, and so on. */
  times: z.object({
    probe: z.number(),
    all: z.number(),
    deep: z.number(),
    checks: z.number(),
    heads: z.number(),
    plan: z.number(),
  }),
  /** What a sweep over many repositories said of this one before what was read; empty where that proves nothing. */
  mark: z.string(),
  spending: Spending,
});

/** When and how a repository was read last: the small file beside the snapshot, rewritten at every read. */
export type ReadingRecord = Readonly<z.infer<typeof Reading>>;
export type ReadTimes = ReadingRecord['times'];

/** A repository that was never read. */
export const NEVER_READ: ReadingRecord = {
  version: SNAPSHOT_VERSION,
  readAt: 0,
  triedAt: 0,
  isMissing: false,
  problem: null,
  by: '',
  times: { probe: 0, all: 0, deep: 0, checks: 0, heads: 0, plan: 0 },
  mark: '',
  spending: [],
};

/** One line about the repository, then one for each issue and each pull request. */
export const documentFormat: LineFormat<SnapshotDocument> = {
  *encode({ issues, pulls, ...header }) {
    yield { ...header, counts: [issues.length, pulls.length] };
    yield* issues;
    yield* pulls;
  },
  decode(lines) {
    const records = lines[Symbol.iterator]();
    const first = CountedHeader.safeParse(records.next().value);
    if (!first.success) return null;
    const { counts, ...header } = first.data;
    const take = <T>(shape: z.ZodType<T>, count: number): T[] =>
      Array.from({ length: count }, () => shape.parse(records.next().value));
    const issues = take(IssueRecord, counts[0]);
    const pulls = take(PullRecord, counts[1]);
    return records.next().done ? { ...header, issues, pulls } : null;
  },
};

export const readingFormat: LineFormat<ReadingRecord> = oneLine(Reading);
