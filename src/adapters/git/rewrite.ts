import type { MessagesToRewrite, Oid } from '../../ports.ts';
import { pin } from './fetch.ts';
import type { Git } from './run-git.ts';

/**
 * Makes the commits from `base` to `head` anew where one of them gets another message: tree, names and dates stay, a
 * signature of what is no longer the same goes. The same messages always become the same commits.
 */
export async function rewriteMessages(
  git: Git,
  gitDir: string,
  { base, head, messages }: MessagesToRewrite,
): Promise<Oid> {
  const args = ['rev-list', '--reverse', '--topo-order', `${base}..${head}`];
  const oids = (await git.line({ gitDir, args })).split('\n').filter(oid => oid !== '');
  const made = new Map<Oid, Oid>();
  for (const oid of oids) {
    // Byte by byte: names need not be UTF-8.
    const stored = await git.read({ gitDir, args: ['cat-file', 'commit', oid], encoding: 'latin1' });
    const message = messages[oid] === undefined ? null : Buffer.from(messages[oid]);
    const commit = rewritten(stored, { made, message });
    if (commit === null) continue;
    const args = ['hash-object', '-t', 'commit', '-w', '--stdin'];
    made.set(oid, await git.line({ gitDir, args, input: commit }));
  }
  const tip = made.get(head) ?? head;
  if (tip !== head) await pin(git, gitDir, { name: `messages ${tip}`, tip });
  return tip;
}

/** The commit as it is to be stored; null when nothing about it changes. */
function rewritten(
  stored: string,
  { made, message }: { readonly made: ReadonlyMap<Oid, Oid>; readonly message: Buffer | null },
): Buffer | null {
  const end = stored.indexOf('\n\n');
  // A line that begins with a blank goes on with the one before.
  const headers = stored.slice(0, end).split(/\n(?! )/);
  const isNew = message !== null || headers.some(line => parentAfter(line, made) !== line);
  if (!isNew) return null;
  const kept = headers
    .filter(line => !/^(?:gpgsig|mergetag)/.test(line))
    .map(line => parentAfter(line, made));
  const text = message ?? Buffer.from(stored.slice(end + 2), 'latin1');
  return Buffer.concat([Buffer.from(`${kept.join('\n')}\n\n`, 'latin1'), text]);
}

function parentAfter(header: string, made: ReadonlyMap<Oid, Oid>): string {
  const [, parent = ''] = /^parent (\S+)$/.exec(header) ?? [];
  const now = made.get(parent);
  return now === undefined ? header : `parent ${now}`;
}
