import type { MergeRules } from '../../core/merge-rules.ts';
import { messageOf } from '../../errors.ts';
import type { Log } from '../../ports.ts';
import type { SnapshotDocument } from '../snapshots/document.ts';
import type { Client } from './client.ts';
import { isAmbiguous } from './failure.ts';
import { Rules, readClassic, rulesPath } from './merge-rules.ts';
import { readOne } from './pages.ts';

type KnownRules = SnapshotDocument['rules'];

export interface RulesRead {
  readonly rules: KnownRules;
  readonly etags: Readonly<Record<string, string>>;
}

/**
 * The rules for merging into a branch: a free answer while its rulesets are the same. `isAll` also asks for classic
 * protection, for which there are no free answers. No decision waits for them: what can't be read stays as it was.
 */
export async function readRules(
  client: Client,
  context: RulesRead & {
    readonly repo: string;
    readonly branch: string;
    readonly isAll: boolean;
    readonly log: Log;
  },
): Promise<RulesRead> {
  const { repo, branch, log, etags } = context;
  const known = context.rules?.branch === branch ? context.rules : null;
  const isAll = context.isAll || known === null;
  // Refused: asking again soon costs, and tells nothing.
  if (!isAll && etags[KEY] === '') return { rules: known, etags: {} };
  try {
    const etag = known === null ? null : etags[KEY] || null;
    const request = { path: rulesPath({ repo, branch }), etag, shape: Rules };
    const answer = await readOne(client, request).catch((error: unknown) => {
      if (isAmbiguous(error)) throw error;
      return null;
    });
    const isSame = answer?.kind === 'same';
    if (known && isSame && !isAll) return { rules: known, etags: {} };
    const classic = known && !isAll ? known.classic : await classicOr(NO_RULES);
    const ruled = isSame ? (known?.ruled ?? []) : (answer?.value ?? []);
    const rules = {
      branch,
      classic: { ...classic, methods: classic.methods && [...classic.methods] },
      ruled,
    };
    return { rules, etags: isSame ? {} : { [KEY]: answer?.etag ?? '' } };
  } catch (error) {
    log.debug('could not read the rules for merging', { repo, problem: messageOf(error) });
    return { rules: context.rules, etags: {} };
  }

  /** Without an answer it is asked again with the next complete list, and not at every look. */
  async function classicOr(none: MergeRules): Promise<MergeRules> {
    try {
      return await readClassic(client, { repo, branch });
    } catch (error) {
      log.debug('could not read the protection of a branch', { repo, problem: messageOf(error) });
      return known?.classic ?? none;
    }
  }
}

const KEY = 'rules';

const NO_RULES: MergeRules = { signatures: false, linear: false, queue: false, pulls: false, methods: null };
