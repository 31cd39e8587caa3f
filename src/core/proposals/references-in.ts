import { readBody } from '../grammar/body.ts';
import type { FiledIssue } from './proposal.ts';

/** What an issue of a file waits for: what its fields say, and what a person wrote in its text. */
export function waitsOf(
  { body, blockedBy }: Pick<FiledIssue, 'body' | 'blockedBy'>,
  repo: string,
): readonly string[] {
  const said = readBody({ body, state: 'open' }, { repo, hosts: new Set(['github.com']) }).blockedBy;
  return [...new Set([...blockedBy, ...said.references.map(one => `${one.repo}#${one.number}`)])];
}
