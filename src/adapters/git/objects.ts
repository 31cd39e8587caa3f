import { HarnessError } from '../../errors.ts';
import type { Oid } from '../../ports.ts';
import type { Git } from './run-git.ts';

/** Sizes of objects in bytes. Throws when one is not in the clone. */
export async function sizesOf(
  git: Git,
  gitDir: string,
  oids: readonly Oid[],
): Promise<ReadonlyMap<Oid, number>> {
  const wanted = [...new Set(oids)];
  const input = wanted.map(oid => `${oid}\n`).join('');
  const listed = await git.read({
    gitDir,
    args: ['cat-file', '--batch-check=%(objectname) %(objectsize)'],
    input,
  });
  const sizes = new Map<Oid, number>();
  for (const text of listed.split('\n').slice(0, wanted.length)) {
    const [oid = '', size = ''] = text.split(' ');
    if (!/^\d+$/.test(size)) throw missing(oid);
    sizes.set(oid, Number(size));
  }
  return sizes;
}

/** Contents of objects as text. Throws when one is not in the clone. */
export async function contentsOf(
  git: Git,
  gitDir: string,
  oids: readonly Oid[],
): Promise<ReadonlyMap<Oid, string>> {
  const wanted = [...new Set(oids)];
  const args = ['cat-file', '--batch=%(objectname) %(objectsize)'];
  const input = wanted.map(oid => `${oid}\n`).join('');
  // As bytes: a size counts them.
  const bytes = await git.read({ gitDir, args, input, encoding: 'latin1' });
  const contents = new Map<Oid, string>();
  let at = 0;
  for (const name of wanted) {
    const end = bytes.indexOf('\n', at);
    const [oid = '', size = ''] = bytes.slice(at, end).split(' ');
    if (oid !== name || !/^\d+$/.test(size)) throw missing(name);
    const start = end + 1;
    contents.set(oid, Buffer.from(bytes.slice(start, start + Number(size)), 'latin1').toString());
    at = start + Number(size) + 1;
  }
  return contents;
}

const missing = (oid: Oid) => new HarnessError('git-failed', `The object ${oid} is not in the clone.`);
