import * as z from 'zod';
import type {
  FailureClass,
  JournalEntry,
  JournalOp,
  MergeRefusal,
  Outcome,
  OutcomeStatus,
  Packet,
  PointAnswer,
  Review,
  ReviewRecord,
} from './core/contracts.ts';
import type { HostRecordBody, OutcomeFile, ReviewFile } from './ports.ts';

/** Largest file of an agent that is read, an outcome or a review, in bytes. */
export const OUTCOME_MAX_BYTES = 256 * 1024;

const line = z.string().min(1).max(1_000);
const prose = z.string().max(100_000);
const count = z.int().nonnegative();
const oid = z.string().regex(/^([0-9a-f]{40}|[0-9a-f]{64})$/, 'not a commit id');

const said = prose.regex(/\S/, 'must say something');

const pointAnswer = z.strictObject({
  id: line,
  answer: z.enum(['fix', 'skip']),
  reason: said,
}) satisfies z.ZodType<PointAnswer>;

/** What an agent leaves when it stops. Unknown fields are refused, so that a misspelt one is noticed. */
export const outcomeSchema = z.strictObject({
  version: z.literal(1),
  nonce: line,
  repo: line,
  issue: count,
  status: z.enum(sameNames<OutcomeStatus>({ done: 1, 'nothing-to-do': 1, blocked: 1, failed: 1 })),
  summary: prose.min(1),
  criteria: z.array(z.strictObject({ id: line, evidence: prose })),
  blockers: z.array(line),
  question: prose.optional(),
  discoveries: z.array(prose),
  answers: z.array(pointAnswer).optional(),
  proposal: z.unknown().optional(),
}) satisfies z.ZodType<Outcome>;

/** What a reviewer leaves. */
const reviewSchema = z.strictObject({
  version: z.literal(1),
  nonce: line,
  repo: line,
  issue: count,
  sha: oid,
  summary: said,
  criteria: z.array(
    z.strictObject({ id: line, verdict: z.enum(['pass', 'fail', 'unclear']), evidence: said }),
  ),
  findings: z.array(
    z.strictObject({
      id: line,
      weight: z.enum(['must', 'may']),
      path: line.nullable(),
      line: z.int().positive().nullable(),
      message: said,
    }),
  ),
  accepts: z.array(z.strictObject({ id: line, reason: said })),
}) satisfies z.ZodType<Review>;

const failureSchema = z.strictObject({
  class: z.enum(
    sameNames<FailureClass>({
      'outcome-invalid': 1,
      'no-outcome': 1,
      blocked: 1,
      'gave-up': 1,
      proposal: 1,
      substance: 1,
      verify: 1,
      conflict: 1,
      scope: 1,
      secrets: 1,
      weakened: 1,
      checks: 1,
      review: 1,
      refused: 1,
      timeout: 1,
      killed: 1,
      'agent-crash': 1,
      stalled: 1,
      quota: 1,
      authentication: 1,
      billing: 1,
      api: 1,
      question: 1,
      cancelled: 1,
      interrupted: 1,
      budget: 1,
      engine: 1,
    }),
  ),
  signature: z.string(),
  message: z.string(),
  resetsAt: z.iso.datetime({ offset: true }).optional(),
});

const amount = z.number().nonnegative().nullable();
/** Not in the journals of early versions. */
const laterAmount = amount.default(null);

const usageSchema = z.strictObject({
  seconds: amount,
  costUsd: amount,
  agentSeconds: laterAmount,
  activeSeconds: laterAmount,
  requests: laterAmount,
  tokens: z
    .array(
      z.strictObject({
        model: z.string(),
        input: z.number(),
        output: z.number(),
        cacheRead: z.number(),
        cacheWrite: z.number(),
      }),
    )
    .nullable()
    .default(null),
});

const gateSchema = z.strictObject({
  gate: line,
  verdict: z.enum(['pass', 'fail', 'unknown', 'skipped']),
  reason: z.string(),
  evidence: z.array(z.string()).optional(),
});

const reviewRecordSchema = z.strictObject({
  nonce: line,
  by: z.string(),
  verdict: z.enum(['pass', 'fail', 'none']),
  reason: z.string(),
  points: z.array(z.strictObject({ id: z.string(), text: z.string() })),
  accepts: z.array(z.string()),
}) satisfies z.ZodType<ReviewRecord>;

const mergeRefusalSchema = z.strictObject({
  reason: z.string(),
  needs: z.enum(['others', 'person', 'word']),
  seen: z.string(),
  since: z.iso.datetime({ offset: true }),
  at: z.iso.datetime({ offset: true }),
}) satisfies z.ZodType<MergeRefusal>;

/** One commit of a journal. */
export const journalEntrySchema = z.strictObject({
  v: z.literal(1),
  op: z.enum(
    sameNames<JournalOp>({
      claim: 1,
      takeover: 1,
      question: 1,
      landing: 1,
      review: 1,
      checkpoint: 1,
      receipt: 1,
      release: 1,
      approve: 1,
      answer: 1,
      retry: 1,
    }),
  ),
  epoch: count,
  seq: count,
  nonce: line,
  at: z.iso.datetime({ offset: true }),
  fleet: line,
  host: z.string(),
  boot: z.string(),
  worker: z.string(),
  attempt: count,
  session: z.string(),
  kind: z.string(),
  profile: z.string().optional(),
  policyDigest: z.string(),
  bodyHash: z.string(),
  base: oid.nullable(),
  head: oid.nullable(),
  gates: z.array(gateSchema),
  usage: usageSchema.nullable(),
  failure: failureSchema.optional(),
  landed: z.strictObject({ pull: count, commit: oid }).optional(),
  log: line.optional(),
  transcript: line.optional(),
  discoveries: z.array(prose).optional(),
  patchId: line.optional(),
  answers: z.array(pointAnswer).optional(),
  review: reviewRecordSchema.optional(),
  refusal: mergeRefusalSchema.optional(),
  queued: z.strictObject({ left: line.nullable(), gates: z.array(gateSchema) }).optional(),
  by: line.optional(),
  question: prose.optional(),
  answer: prose.optional(),
}) satisfies z.ZodType<JournalEntry>;

/** `packet.json` among a journal's attachments. */
const packetSchema = z.strictObject({
  v: z.literal(1),
  issue: count.nullable(),
  title: z.string(),
  attempt: count,
  profile: line.nullable(),
  promptDigest: z.string(),
  base: line,
  head: line,
  tree: line.nullable(),
  summary: prose.nullable(),
  criteria: z.array(z.strictObject({ id: line, evidence: prose })),
  gates: z.array(gateSchema),
  tests: z.array(z.string()),
  risks: z.array(z.string()),
  usage: usageSchema.nullable(),
}) satisfies z.ZodType<Packet>;

/** `issues/<n>.json` of the archive: a journal whose ref is gone. */
const archivedJournalSchema = z.strictObject({
  v: z.literal(1),
  tip: oid,
  entries: z.array(journalEntrySchema).min(1),
});

/** The message of a host record's commit. */
export const hostRecordSchema = z.strictObject({
  v: z.literal(1),
  fleet: line,
  host: z.string(),
  boot: z.string(),
  nonce: line,
  policyDigest: z.string(),
  leases: z.array(z.strictObject({ ref: line, epoch: count, worker: z.string() })),
  spend: z.strictObject({ day: z.iso.date(), costUsd: amount }).optional(),
}) satisfies z.ZodType<HostRecordBody>;

/** A record that was read, or why it could not be; a problem fits in one line. */
export type Parsed<T> =
  | { readonly kind: 'valid'; readonly value: T }
  | { readonly kind: 'invalid'; readonly problems: readonly string[] };

/** Reads one line of JSON as a journal entry. */
export const parseJournalEntry = (text: string): Parsed<JournalEntry> =>
  parseRecord(journalEntrySchema, text);

/** Reads the text of a packet. */
export const parsePacket = (text: string): Parsed<Packet> => parseRecord(packetSchema, text);

/** Reads a file of the archive. */
export const parseArchivedJournal = (
  text: string,
): Parsed<{ tip: string; entries: readonly JournalEntry[] }> => parseRecord(archivedJournalSchema, text);

/** Reads one line of JSON as a host record. */
export const parseHostRecord = (text: string): Parsed<HostRecordBody> => parseRecord(hostRecordSchema, text);

/** Judges the text of an outcome file; the problems are written for the agent that has to mend it. */
export function parseOutcome(text: string): OutcomeFile {
  const parsed = parseFile(outcomeSchema, text);
  return parsed.kind === 'valid' ? { kind: 'valid', outcome: parsed.value } : parsed;
}

/** Judges the text of a review file; the problems are written for the reviewer that has to mend it. */
export function parseReview(text: string): ReviewFile {
  const parsed = parseFile(reviewSchema, text);
  return parsed.kind === 'valid' ? { kind: 'valid', review: parsed.value } : parsed;
}

function parseFile<T>(schema: z.ZodType<T>, text: string): Parsed<T> {
  if (Buffer.byteLength(text) <= OUTCOME_MAX_BYTES) return parseRecord(schema, text);
  return { kind: 'invalid', problems: [`the file is larger than ${OUTCOME_MAX_BYTES / 1024} KB`] };
}

function parseRecord<T>(schema: z.ZodType<T>, text: string): Parsed<T> {
  const json = parseJson(text);
  if (!json) return { kind: 'invalid', problems: ['not valid JSON'] };
  if (isNewer(json.value)) return { kind: 'invalid', problems: ['written by a newer version of harness'] };
  const parsed = schema.safeParse(json.value);
  if (parsed.success) return { kind: 'valid', value: parsed.data };
  return { kind: 'invalid', problems: parsed.error.issues.map(describeIssue) };
}

function parseJson(text: string): { readonly value: unknown } | null {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return null;
  }
}

function isNewer(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const { v, version } = value as { readonly v?: unknown; readonly version?: unknown };
  return [v, version].some(stated => typeof stated === 'number' && stated > 1);
}

const describeIssue = ({ path, message }: { readonly path: PropertyKey[]; readonly message: string }) =>
  path.length === 0 ? message : `${path.map(String).join('.')}: ${message}`;

// Naming every member as a key makes the compiler refuse a schema that lacks one.
function sameNames<N extends string>(names: Readonly<Record<N, 1>>): { readonly [K in N]: K } {
  return Object.fromEntries(Object.keys(names).map(name => [name, name])) as { readonly [K in N]: K };
}
