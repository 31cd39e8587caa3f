import { issueRef } from '../../leases/lease.ts';
import type { Remote } from '../github/remote.ts';
import { subjectOf, type Universe } from '../universe.ts';
import type { Rule } from './watch.ts';

/** What every part of the watch sees, and how it complains. */
export interface Scene {
  readonly universe: () => Universe;
  readonly fail: (rule: Rule, subject: string | null, message: string) => void;
  readonly signs: Signs;
}

/** When each fleet last proved to the world that it holds a lease: by an entry, or a host record that lists it. */
export interface Signs {
  readonly note: (remote: Remote, ref: string, fleet: string) => void;
  /** Milliseconds since then; infinite when it never did. */
  readonly quietMs: (remote: Remote, ref: string, fleet: string) => number;
}

export function createSigns(now: () => number): Signs {
  const last = new Map<string, number>();
  const keyOf = ({ repo }: Remote, ref: string, fleet: string) => `${repo} ${ref} ${fleet}`;
  return {
    note: (remote, ref, fleet) => void last.set(keyOf(remote, ref, fleet), now()),
    quietMs: (remote, ref, fleet) =>
      now() - (last.get(keyOf(remote, ref, fleet)) ?? Number.NEGATIVE_INFINITY),
  };
}

const ISSUES = issueRef(1).slice(0, -1);

/** The issue that a journal's ref is about; null for another ref. */
export const issueOfRef = (ref: string): number | null =>
  ref.startsWith(ISSUES) ? Number(ref.slice(ISSUES.length)) : null;

export const subjectOfRef = ({ repo }: Remote, ref: string) => subjectOf(repo, issueOfRef(ref));
