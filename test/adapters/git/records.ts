import { randomUUID } from 'node:crypto';
import type { JournalEntry } from '../../../src/core/contracts.ts';
import type { HostRecordBody } from '../../../src/ports.ts';

/** A journal entry with a nonce of its own. */
export const entry = (facts: Partial<JournalEntry> = {}): JournalEntry => ({
  v: 1,
  op: 'claim',
  epoch: 1,
  seq: 1,
  nonce: randomUUID(),
  at: '2026-01-02T03:04:05.000Z',
  fleet: 'fleet-a',
  host: 'host-a',
  boot: 'boot-a',
  worker: 'w1:1:1',
  attempt: 1,
  session: 'session-a',
  kind: 'IMPL',
  policyDigest: 'policy',
  bodyHash: 'body',
  base: null,
  head: null,
  gates: [],
  usage: null,
  ...facts,
});

/** The body of a host record that lists no lease. */
export const hostBody = (facts: Partial<HostRecordBody> = {}): HostRecordBody => ({
  v: 1,
  fleet: 'fleet-a',
  host: 'host-a',
  boot: 'boot-a',
  nonce: randomUUID(),
  policyDigest: 'policy',
  leases: [],
  ...facts,
});
