import { describe, expect, it } from 'vitest';
import { entry, hostBody, portsOf, REPO, setScene } from './setup.ts';

const REF = 'refs/harness/issues/7';

describe('a lease', () => {
  it('is taken, read back and moved on', async () => {
    const { options } = await setScene();
    const { refs } = portsOf(options);
    const claim = entry();
    expect((await refs.read(REPO)).journals).toEqual([]);
    const taken = await refs.push(REPO, [
      { kind: 'journal', ref: REF, expected: null, entries: [claim], attachments: { 'verify.log': 'ok\n' } },
      { kind: 'host', ref: 'refs/harness/hosts/fleet-a-boot-a', expected: null, body: hostBody() },
    ]);
    expect(taken.kind).toBe('done');
    const view = await refs.read(REPO);
    expect(view.journals).toMatchObject([{ ref: REF, entries: [claim], problem: null }]);
    expect(view.hosts).toHaveLength(1);
    const journal = view.journals[0];
    if (!journal) throw new Error('no journal');
    expect(await refs.attachment(REPO, journal, 'verify.log')).toBe('ok\n');
    expect(await refs.attachment(REPO, journal, 'other.log')).toBe(null);
  });
});
