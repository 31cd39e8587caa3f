import type { Oid } from '../../ports.ts';
import { type Git, READ_LIMIT_MS } from './run-git.ts';

/** Asks a remote where refs of these names, or of patterns of names, point; those that are missing are left out. */
export async function listRefs(
  git: Git,
  {
    repo,
    gitDir,
    names,
  }: { readonly repo: string; readonly gitDir: string; readonly names: readonly string[] },
): Promise<ReadonlyMap<string, Oid>> {
  const listed = await git.line({
    gitDir,
    args: ['ls-remote', '--refs', '--quiet', git.options.remoteUrl(repo), ...names],
    remote: repo,
    limitMs: READ_LIMIT_MS,
  });
  return new Map(
    listed.split('\n').flatMap(text => {
      const [tip = '', ref = ''] = text.split('\t');
      return ref === '' ? [] : [[ref, tip] as const];
    }),
  );
}
