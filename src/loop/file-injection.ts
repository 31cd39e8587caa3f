import type { UnitBoard } from '../core/board.ts';
import { FILE_SCOPE, keyIn } from '../core/markers.ts';
import type { FiledIssue, FiledProposal } from '../core/proposals/proposal.ts';
import { sha256 } from '../leases/digest.ts';
import type { Engine } from './engine.ts';
import { type Injection, unitNow } from './inject.ts';

/** An issue as a person's file has it. */
export interface FileIssue extends Omit<FiledIssue, 'key'> {
  /** By which others in the file name it; null when none does. */
  readonly key: string | null;
}

/** What is to be filed of a file, and what of it was filed before. */
export interface FilePlan {
  readonly proposal: FiledProposal;
  readonly filed: readonly { readonly number: number; readonly title: string }[];
}

/** Compares a file with the issues as they are now. */
export async function planFile(engine: Engine, repo: string, texts: readonly FileIssue[]): Promise<FilePlan> {
  const unit = await unitNow(engine, repo);
  return planOfFile(texts, filedBefore(unit, await engine.board.login()));
}

/** The injection of what is new in a file. */
export const injectionOfFile = (
  { repo, unit }: Pick<Injection, 'repo' | 'unit'>,
  { proposal }: FilePlan,
  { clock }: Engine,
): Injection => ({
  repo,
  unit,
  kind: 'FILE',
  value: proposal,
  seen: null,
  asked: sha256(JSON.stringify(proposal)),
  nonce: clock.nonce(),
  base: null,
  usage: null,
  log: null,
});

/**
 * An issue is known again by its title: each is filed once, whatever became of it since. What was filed before is named
 * by its number where others wait for it.
 */
function planOfFile(texts: readonly FileIssue[], known: ReadonlyMap<string, number>): FilePlan {
  const keyOf = new Map(texts.flatMap(text => (text.key === null ? [] : [[text.key, fileKey(text.title)]])));
  const nameOf = (blocker: string) => {
    const key = keyOf.get(blocker);
    const number = key === undefined ? undefined : known.get(key);
    return number === undefined ? (key ?? blocker) : `#${number}`;
  };
  const issues = texts.map(
    ({ title, body, labels, blockedBy }): FiledIssue => ({
      key: fileKey(title),
      title: title.trim(),
      body,
      labels,
      blockedBy: blockedBy.map(nameOf),
    }),
  );
  return {
    proposal: { kind: 'filed', issues: issues.filter(({ key }) => !known.has(key)) },
    filed: issues.flatMap(({ key, title }) => {
      const number = known.get(key);
      return number === undefined ? [] : [{ number, title }];
    }),
  };
}

/** A short name that is legible, and the same for the same title in every run. */
function fileKey(title: string): string {
  const name = title.trim().replaceAll(/\s+/g, ' ').toLowerCase();
  const words = name.replaceAll(/[^a-z0-9]+/g, '-').replaceAll(/^-+|-+$/g, '');
  return `${words.slice(0, 24) || 'issue'}-${sha256(name).slice(0, 12)}`;
}

/** Numbers of the issues that our login has filed from files, by key. */
const filedBefore = ({ repo }: UnitBoard, login: string): ReadonlyMap<string, number> =>
  new Map(
    repo.issues.flatMap(({ body, author, number }) => {
      const key = author.toLowerCase() === login.toLowerCase() ? keyIn(body) : null;
      return key?.scope === FILE_SCOPE ? [[key.key, number] as const] : [];
    }),
  );
