import { join } from 'node:path';
import { plainText } from '../../core/plain-text.ts';
import type { Identity, SessionPlan } from '../../ports.ts';
import { identityEnv } from '../child-env.ts';
import { MARK } from '../processes/process-tree.ts';
import type { SessionPaths } from './session-files.ts';

/** The variables that tell an agent what to do and mark its processes; `docs/agents.md` describes them. */
export function agentEnv(session: {
  readonly plan: SessionPlan;
  readonly title: string;
  readonly paths: SessionPaths;
  readonly identity: Identity;
}): Record<string, string> {
  const { plan, title, paths, identity } = session;
  return {
    HARNESS_PROMPT: paths.prompt,
    HARNESS_OUTCOME: paths.outcome,
    HARNESS_HANDOFF: paths.handoff,
    HARNESS_NONCE: plan.nonce,
    HARNESS_REPO: plan.repo,
    HARNESS_ISSUE: plan.issue === null ? '' : String(plan.issue),
    HARNESS_TITLE: oneLine(title),
    HARNESS_BRANCH: plan.branch,
    HARNESS_BASE: plan.base,
    HARNESS_ATTEMPT: String(plan.attempt),
    HARNESS_KIND: plan.kind,
    HARNESS_UNIT: plan.unit,
    HARNESS_WORKTREE: plan.worktree,
    ...(plan.review ? { HARNESS_REVIEW_HEAD: plan.review.head } : {}),
    // Empty, so that gh has no login: everything public is the engine's to do.
    GH_CONFIG_DIR: join(paths.dir, 'gh'),
    [MARK]: plan.nonce,
    ...identityEnv(identity),
  };
}

/** A title is somebody else's text, and is shown in a terminal. */
export function oneLine(text: string): string {
  return plainText(text).replaceAll(/\s+/g, ' ').trim();
}
