import * as z from 'zod';
import type {
  AdditionsProposal,
  ChildrenProposal,
  FiledProposal,
  JudgementProposal,
  PlanProposal,
  PrdsProposal,
  Proposal,
  ProposedChild,
  ProposedSlice,
  ReplanProposal,
  ReviewProposal,
  TriageProposal,
} from '../core/proposals/proposal.ts';
import type { StageKind } from '../core/world.ts';

const text = z.string();
const lines = z.array(text);

const child = z.strictObject({
  key: text,
  title: text,
  body: text,
  covers: lines,
  acceptance: lines,
  blockedBy: lines,
  scope: lines,
  size: z.enum(['small', 'medium', 'large']),
}) satisfies z.ZodType<ProposedChild>;

const slice = z.strictObject({ ...child.shape, unit: text.optional() }) satisfies z.ZodType<ProposedSlice>;

const plan = z.strictObject({ kind: z.literal('plan'), text }) satisfies z.ZodType<PlanProposal>;

const listOfPrds = z.array(
  z.strictObject({
    key: text,
    title: text,
    problem: text,
    boundaries: text,
    criteria: lines,
    qualityBar: text.optional(),
    blockedBy: lines,
    unit: text.optional(),
  }),
);

const prds = z.strictObject({
  kind: z.literal('prds'),
  prds: listOfPrds,
}) satisfies z.ZodType<PrdsProposal>;

const children = z.strictObject({
  kind: z.literal('children'),
  children: z.array(slice),
}) satisfies z.ZodType<ChildrenProposal>;

const review = z.strictObject({
  kind: z.literal('review'),
  criteria: z.array(
    z.strictObject({ id: text, verdict: z.enum(['met', 'unmet', 'unclear']), evidence: text }),
  ),
  gaps: z.array(slice),
  contest: z.array(z.strictObject({ task: text, ours: text, reference: text })).optional(),
}) satisfies z.ZodType<ReviewProposal>;

const replan = z.strictObject({
  kind: z.literal('replan'),
  number: z.int().positive(),
  parts: z.array(child),
  rewrite: child,
}) satisfies z.ZodType<ReplanProposal>;

const judgement = z.strictObject({
  kind: z.literal('judgement'),
  tasks: z.array(z.strictObject({ task: text, better: z.enum(['A', 'B', 'equal']), reason: text })),
}) satisfies z.ZodType<JudgementProposal>;

const triage = z.strictObject({
  kind: z.literal('triage'),
  verdict: z.enum(['bug', 'not-a-bug', 'duplicate', 'needs-information']),
  cause: text,
  body: text,
  acceptance: lines,
  scope: lines,
  duplicateOf: text.optional(),
  question: text.optional(),
}) satisfies z.ZodType<TriageProposal>;

const number = z.int().positive();

const additions = z.strictObject({
  kind: z.literal('additions'),
  prds: listOfPrds,
  issues: z.array(z.strictObject({ ...slice.shape, parent: number.nullable() })),
  reopen: z.array(number),
}) satisfies z.ZodType<AdditionsProposal>;

const filed = z.strictObject({
  kind: z.literal('filed'),
  issues: z.array(z.strictObject({ key: text, title: text, body: text, labels: lines, blockedBy: lines })),
}) satisfies z.ZodType<FiledProposal>;

/** What ends with a proposal: sessions of some stages, and the filing of a file, which has no session. */
export type ProposalSource = StageKind | 'FILE';

const SCHEMAS: Partial<Record<ProposalSource, z.ZodType<Proposal>>> = {
  PLAN: plan,
  PRD: prds,
  DECOMPOSE: children,
  REVIEW: review,
  JUDGE: judgement,
  REPLAN: replan,
  TRIAGE: triage,
  INJECT: additions,
  FILE: filed,
};

/** A session's proposal, or why it can't be read, in words for the agent. */
export type ParsedProposal =
  | { readonly kind: 'valid'; readonly proposal: Proposal }
  | { readonly kind: 'invalid'; readonly problems: readonly string[] };

/** Whether the sessions of a stage end with a proposal; those of the others end with commits. */
export const endsWithProposal = (kind: ProposalSource) => SCHEMAS[kind] !== undefined;

/** Reads the `proposal` of an outcome as the stage's own kind; unknown fields are refused. */
export function parseProposal(kind: ProposalSource, value: unknown): ParsedProposal {
  const schema = SCHEMAS[kind];
  if (!schema) return { kind: 'invalid', problems: [`proposal: a session of ${kind} makes none`] };
  if (value === undefined)
    return { kind: 'invalid', problems: [`proposal: a session of ${kind} ends with one`] };
  const parsed = schema.safeParse(value);
  if (parsed.success) return { kind: 'valid', proposal: parsed.data };
  const problems = parsed.error.issues.map(
    issue => `${['proposal', ...issue.path].join('.')}: ${issue.message}`,
  );
  return { kind: 'invalid', problems: problems.slice(0, MOST_PROBLEMS) };
}

const MOST_PROBLEMS = 50;
