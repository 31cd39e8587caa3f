import { systemClock } from '../../src/adapters/clock.ts';
import { createRefs } from '../../src/adapters/git/refs.ts';
import { foldJournal, nextEntry } from '../../src/core/journal.ts';
import { issueRef, takeLease } from '../../src/leases/lease.ts';
import { createProofs } from '../../src/leases/proofs.ts';

/** What a racing process is told, as JSON in its only argument. */
export interface Race {
  readonly fleet: string;
  readonly repo: string;
  /** The forge, without credentials. */
  readonly url: string;
  readonly token: string;
  /** A directory of its own. */
  readonly dir: string;
  readonly leases: number;
  readonly path: string;
}

/** Takes as many leases as it can get, and prints the issues whose lease it believes to have. */
async function race({ fleet, repo, url, token, dir, leases, path }: Race): Promise<void> {
  const silent = () => undefined;
  const refs = createRefs({
    clonesDir: dir,
    remoteUrl: name => `${url}/${name}.git`,
    credentials: async () => ({ username: 'bot', password: token }),
    identity: { name: 'Fleet', email: 'fleet@example.com' },
    env: { PATH: path },
    nonce: systemClock.nonce,
    log: { debug: silent, info: silent, warn: silent },
  });
  const proofs = createProofs(systemClock, 300_000);
  const won: number[] = [];
  for (let issue = 1; issue <= leases; issue += 1) {
    const entry = nextEntry(foldJournal([]), 'claim', {
      ...{ fleet, host: fleet, boot: fleet, worker: 'w1:1:1', attempt: 1, kind: 'IMPL' },
      ...{ session: systemClock.nonce(), nonce: systemClock.nonce(), policyDigest: '', bodyHash: '' },
      ...{ at: new Date().toISOString(), base: null, head: null, gates: [], usage: null },
    });
    const ports = { refs, clock: systemClock, proofs };
    const taken = await takeLease(ports, { repo, ref: issueRef(issue), expected: null, entry });
    if (taken.kind === 'done') won.push(issue);
  }
  process.stdout.write(JSON.stringify(won));
}

await race(JSON.parse(process.argv[2] ?? '') as Race);
