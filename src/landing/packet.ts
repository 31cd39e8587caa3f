import type { GateVerdict, Outcome, Usage } from '../core/contracts.ts';
import type { Oid, Repos } from '../ports.ts';
import { definitionsIn } from './gates/check-definitions.ts';
import { matcherOf } from './gates/patterns.ts';
import { PROTECTED } from './gates/protected-paths.ts';
import { isTestFile } from './gates/test-files.ts';

/** What a person needs to judge a change: in the body of its pull request, and with `harness packet`. */
export interface Packet {
  readonly v: 1;
  /** null: a change of the unit as a whole. */
  readonly issue: number | null;
  readonly title: string;
  readonly attempt: number;
  /** Program and model, `claude/opus`; null when nobody wrote it down. */
  readonly profile: string | null;
  /** SHA-256 of the issue's text that the agent was given. */
  readonly promptDigest: string;
  readonly base: Oid;
  readonly head: Oid;
  /** The merge that was verified; null when none was. */
  readonly tree: Oid | null;
  /** The agent's own words; null when its session is gone. */
  readonly summary: string | null;
  readonly criteria: Outcome['criteria'];
  readonly gates: readonly GateVerdict[];
  /** Tests that the change touches. */
  readonly tests: readonly string[];
  /** Paths that steer checks, agents or CI. */
  readonly risks: readonly string[];
  readonly usage: Usage | null;
}

/** Name of a packet among a journal's attachments. */
export const PACKET_FILE = 'packet.json';

/** What the paths of a change say of where to look. */
export async function lookAtPaths(
  repos: Repos,
  repo: string,
  range: { readonly base: Oid; readonly head: Oid },
): Promise<Pick<Packet, 'tests' | 'risks'>> {
  const files = await repos.patch(repo, range);
  const paths = files.map(({ path }) => path);
  const definitions = new Set(definitionsIn(files, {}).map(({ path }) => path));
  return {
    tests: paths.filter(isTestFile),
    risks: paths.filter(path => definitions.has(path) || isProtected(path) !== null),
  };
}

const isProtected = matcherOf(PROTECTED);
