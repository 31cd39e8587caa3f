/**
 * Whether a symbolic link at `path` may lead out of the tree, or into `.git`. Only what can be told from the target's
 * text counts: after its first name a `..` may go up from wherever another link has led, so it is not believed.
 */
export function leavesTree(path: string, target: string): boolean {
  if (target === '' || /^[/\\]|^[a-z]:/i.test(target)) return true;
  const names = target.split(/[/\\]+/).filter(name => name !== '' && name !== '.');
  const ups = names.findIndex(name => name !== '..');
  const below = ups === -1 ? [] : names.slice(ups);
  const depth = path.split('/').length - 1;
  if ((ups === -1 ? names.length : ups) > depth) return true;
  return below.includes('..') || below.some(name => name.toLowerCase() === '.git');
}
