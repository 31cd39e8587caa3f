import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { aTown, type Fleet, REPO, type Town } from './fleet.ts';

interface Row {
  readonly number: number;
  readonly title: string;
  readonly body: string;
  readonly labels: readonly { readonly name: string }[];
  readonly pull_request?: object;
}

const issuesOf = async (town: Town) =>
  (await town.api<readonly Row[]>('issues?state=all&direction=asc')).filter(row => !row.pull_request);

function write({ dir }: Fleet, name: string, text: string): string {
  const file = path.join(dir, name);
  writeFileSync(file, text);
  return file;
}

const FILE =
  '# Split words\nKey: words\n\nAll of them.\n\n# Count words\nLabels: later\nBlocked by: words, #1\n';

it('files the issues of a file once, and says who will take them up', async () => {
  const town = await aTown();
  town.issue('first');
  const fleet = await town.fleet('one');
  const file = write(fleet, 'new.md', FILE);

  const shown = await fleet.harness('issue', '--file', file, '--dry-run');
  expect(shown).toMatchObject({ exit: 0, err: '' });
  expect(shown.out).toBe(
    [
      'To be added to acme/app:',
      '  Split words  [ready-for-agent]',
      '  Count words  [later]  after "Split words", #1',
      'No worker runs on this host: `harness start` starts them.',
    ].join('\n'),
  );
  const asked = await fleet.harness('issue', '--file', file);
  expect(asked).toMatchObject({ exit: 2, err: expect.stringContaining('--yes') });
  expect(await issuesOf(town)).toHaveLength(1);

  const added = await fleet.harness('issue', '--file', file, '--yes');
  expect(added).toMatchObject({ exit: 0, err: '' });
  expect(added.out).toMatch(/added acme\/app#2 Split words\nadded acme\/app#3 Count words\nNo worker runs/);
  const [, words, count] = await issuesOf(town);
  expect(words?.labels.map(({ name }) => name)).toEqual(['ready-for-agent']);
  expect(words?.body).toMatch(/^<!-- harness:key file\/issues\/[\w-]+ -->\n\nAll of them\.$/m);
  expect(count?.body).toContain('## Blocked by\n\n- #2\n- #1');

  await fleet.harness('pause');
  write(fleet, 'new.md', `${FILE}\n# Say words\n`);
  const again = await fleet.harness('issue', '--file', file, '--yes', '--json');
  expect(JSON.parse(again.out)).toMatchObject({
    added: [{ number: 4, title: 'Say words' }],
    filed: [{ number: 2 }, { number: 3 }],
    pickUp: { workers: 0, paused: true, others: [] },
  });

  const wrong = write(
    fleet,
    'wrong.md',
    '# First\nBlocked by: #99\n\n# a\nKey: a\nBlocked by: b\n\n# b\nKey: b\nBlocked by: a\n',
  );
  const refused = await fleet.harness('issue', '--file', wrong, '--yes');
  expect(refused.exit).toBe(5);
  expect(refused.err).toMatch(
    /#1 has this title and is open[\s\S]*there is no issue acme\/app#99[\s\S]*in a circle/,
  );
  expect((await fleet.harness('issue')).exit).toBe(2);
  expect(await issuesOf(town)).toHaveLength(4);
  expect(town.git('for-each-ref', 'refs/harness/stages/main')).not.toBe('');
  expect(REPO).toBe('acme/app');
}, 60_000);
