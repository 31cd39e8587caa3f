import { openEngine, openProject, type Project } from '../context.ts';
import { foldJournal } from '../core/journal.ts';
import { unitsOf } from '../core/units.ts';
import { EXIT, HarnessError } from '../errors.ts';
import type { Invocation } from '../invocation.ts';
import { appendToLease, issueRef } from '../leases/lease.ts';
import { leaseFrom } from '../loop/conclude.ts';
import type { Engine } from '../loop/engine.ts';

export interface RetryOptions {
  readonly dir?: string | undefined;
  /** `7`, `#7` or `acme/app#7`. */
  readonly issue: string;
  readonly json?: boolean | undefined;
}

/**
 * A person's word that an issue is worth another try: its earlier failures no longer count, its delay is over.
 * Refused while somebody works on it; an issue that never failed needs no word.
 */
export async function retryCommand({ dir, issue, json }: RetryOptions, io: Invocation): Promise<number> {
  const project = await openProject(io, dir);
  const { repo, number } = parseIssue(project, issue);
  const name = `${repo}#${number}`;
  const forgiven = await forgive(await openEngine(project, io), repo, number);
  project.ring(`retry of ${name}`);
  if (json) io.out(`${JSON.stringify({ issue: name, forgiven })}\n`);
  else io.out(forgiven === 0 ? `${name} has no failures that hold it.\n` : describe(name, forgiven));
  return EXIT.ok;
}

/** Appends the person's word to the issue's journal; returns how many failures it takes away. */
async function forgive(engine: Engine, repo: string, number: number): Promise<number> {
  const name = `${repo}#${number}`;
  const { journals } = await engine.refs.read(repo);
  const journal = journals.find(({ ref }) => ref === issueRef(number));
  const state = foldJournal(journal?.entries ?? []);
  if (state.holder) {
    throw new HarnessError('already-running', `${name} is being worked on: attempt ${state.attempts}.`, {
      fix: 'Wait until that attempt has ended; `harness status` shows it.',
    });
  }
  const lease = journal ? leaseFrom(repo, journal) : null;
  if (!lease || state.failures.length === 0) return 0;
  const { fleet, host, boot, worker } = engine.host.identity;
  const pushed = await appendToLease(engine, lease, [{ op: 'retry', facts: { fleet, host, boot, worker } }]);
  if (pushed.kind === 'done') return state.failures.length;
  throw new HarnessError('engine-failed', `${name} could not be freed: ${pushed.reason}`, {
    fix: 'Somebody else moved it at the same moment; look with `harness explain`, then try again.',
  });
}

const describe = (name: string, forgiven: number) =>
  `${name} can be tried again: ${forgiven} failure${forgiven === 1 ? ' no longer counts' : 's no longer count'}.\n`;

function parseIssue({ settings }: Project, text: string): { readonly repo: string; readonly number: number } {
  const [unit] = unitsOf(settings, []);
  const [, repo, number] = /^(?:([\w.-]+\/[\w.-]+)?#)?([1-9]\d*)$/.exec(text) ?? [];
  if (number === undefined) {
    throw new HarnessError(
      'usage-invalid',
      `Not an issue: ${JSON.stringify(text)}; expected 7, #7 or owner/name#7.`,
    );
  }
  if (repo !== undefined && repo.toLowerCase() !== unit?.repo.toLowerCase()) {
    throw new HarnessError('usage-invalid', `${repo} is not the repository of this fleet, ${unit?.repo}.`);
  }
  return { repo: unit?.repo ?? '', number: Number(number) };
}
