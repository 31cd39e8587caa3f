// Pushes by itself, to the base, to a branch, and to the refs that leases are made of.
import { doTheWork, failureOf, finish, git, ISSUE, told } from '../kit.mjs';

const REFS = ['main', 'pushed', `refs/harness/issues/${ISSUE}`, 'refs/harness/landing/main'];

export function misbehave() {
  doTheWork();
  const target = told('git');
  const failures = REFS.map(ref => failureOf(() => git('push', '--force', target, `HEAD:${fullName(ref)}`)));
  const done = REFS.filter((_ref, at) => failures[at] === '');
  finish({ status: 'failed', summary: `pushed ${done.length === 0 ? 'nothing' : done.join(', ')}` });
}

const fullName = ref => (ref.startsWith('refs/') ? ref : `refs/heads/${ref}`);
