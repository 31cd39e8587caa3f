import type { TriageProposal } from '../core/proposals/proposal.ts';
import { blockerOf } from '../core/proposals/references.ts';
import { isRefinedBy, triagedBody, triageKey } from '../core/proposals/triaged-body.ts';
import type { Settings } from '../core/settings.ts';
import { cutTo, neutralise } from '../core/text.ts';
import type { Lease } from '../leases/lease.ts';
import type { IssueChange } from '../ports.ts';
import { type Builder, requireProof } from './create-issues.ts';

/** An accepted triage of a bug. */
export interface Triaged {
  readonly lease: Lease;
  readonly proposal: TriageProposal;
  /** The bug. */
  readonly issue: number;
  /** Names the attempt. */
  readonly origin: string;
}

/** Makes a triage real and returns what came of it, for people. Safe to begin again. */
export async function makeTriage(
  builder: Builder & { readonly settings: Settings },
  { lease, proposal, issue: number, origin }: Triaged,
): Promise<string> {
  const { repo } = lease;
  const cause = quoted(proposal.cause);
  const close = (stateReason: 'not_planned' | 'duplicate') =>
    updateOpen(builder, lease, number, () => ({ state: 'closed', stateReason }));
  switch (proposal.verdict) {
    case 'bug': {
      const triaged = builder.settings.HARNESS_LABEL_BUG_TRIAGED;
      await updateOpen(builder, lease, number, ({ labels, body }) => ({
        labels: [...labels.filter(label => label.toLowerCase() !== triaged.toLowerCase()), triaged],
        ...(isRefinedBy(body, number, origin)
          ? {}
          : { body: triagedBody(proposal, triageKey(number, origin), body) }),
      }));
      return `It is a bug; its text says what was found, and it is to be fixed.\n\n${cause}`;
    }
    case 'not-a-bug':
      await close('not_planned');
      return `It is no bug:\n\n${cause}\n\nOpen it again if that is wrong.`;
    case 'duplicate': {
      await close('duplicate');
      return `It is a duplicate of ${nameOf(proposal.duplicateOf ?? '', repo)}:\n\n${cause}\n\nOpen it again if that is wrong.`;
    }
    case 'needs-information':
      return [
        'It can be neither confirmed nor ruled out:',
        cause,
        'The question:',
        quoted(proposal.question ?? ''),
        `Answer with \`harness answer ${number} "…"\`, or mend the text and say \`harness retry ${number}\`.`,
      ].join('\n\n');
    default:
      return proposal.verdict satisfies never;
  }
}

async function updateOpen(
  builder: Builder,
  lease: Lease,
  number: number,
  changeOf: (issue: { readonly labels: readonly string[]; readonly body: string }) => IssueChange,
): Promise<void> {
  const issue = await builder.board.issue(lease.repo, number);
  if (issue.state === 'closed') return;
  requireProof(builder, lease);
  await builder.board.updateIssue(lease.repo, number, changeOf(issue));
}

/** The reference was checked, so it is safe to publish, and is to be followed. */
function nameOf(text: string, repo: string): string {
  const original = blockerOf(text, repo);
  if (original.kind !== 'issue') return text;
  const isOwn = original.repo.toLowerCase() === repo.toLowerCase();
  return `${isOwn ? '' : original.repo}#${original.number}`;
}

const quoted = (text: string) =>
  cutTo(neutralise(text), 4_000)
    .trim()
    .split('\n')
    .map(line => `> ${line}`)
    .join('\n');
