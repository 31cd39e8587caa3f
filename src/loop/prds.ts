import { decide } from '../core/decide.ts';
import type { Action } from '../core/decision.ts';
import { trustOf } from '../core/rules/trust.ts';
import type { Engine } from './engine.ts';
import { repoStateOf, type Seen } from './observe.ts';

interface Look {
  readonly engine: Engine;
  readonly seen: Seen;
}

/** Closes a PRD that is reviewed and has no open issue, if that is still so past every cache. */
export async function closePrd(look: Look, action: Action): Promise<void> {
  const { engine } = look;
  const { repo, issue } = action;
  if (issue === null || !(await isStillDue(look, action))) return;
  await engine.board.updateIssue(repo, issue, { state: 'closed', stateReason: 'completed' });
  engine.log.info(`closed PRD #${issue}: ${action.reason}`, { repo });
}

/** Takes the reviewed label off a PRD that has an open issue again, so that it is reviewed once more. */
export async function unreview(look: Look, action: Action): Promise<void> {
  const { engine } = look;
  const { repo, issue } = action;
  if (issue === null || !(await isStillDue(look, action))) return;
  const { labels } = await engine.board.issue(repo, issue);
  const reviewed = engine.settings.HARNESS_LABEL_REVIEWED.toLowerCase();
  const left = labels.filter(label => label.toLowerCase() !== reviewed);
  await engine.board.updateIssue(repo, issue, { labels: left });
}

/** No lease guards these two: they are decided again on the repository as it is now, and doing one twice is harmless. */
async function isStillDue({ engine, seen }: Look, { kind, repo, issue }: Action): Promise<boolean> {
  const trust = trustOf(engine.settings, seen.world.login);
  const now = repoStateOf(await engine.board.snapshot(repo, { maxAgeMs: 0 }), trust);
  const name = Object.keys(seen.world.repos).find(one => one.toLowerCase() === repo.toLowerCase()) ?? repo;
  const { actions } = decide({ ...seen.world, repos: { ...seen.world.repos, [name]: now } });
  return actions.some(action => action.kind === kind && action.repo === repo && action.issue === issue);
}
