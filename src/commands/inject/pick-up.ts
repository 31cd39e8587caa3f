import type { Project } from '../../context.ts';
import { injectorOf } from '../../core/injector.ts';
import { leftAlone } from '../../core/left-alone.ts';
import { plainText } from '../../core/plain-text.ts';
import type { Issue } from '../../core/world.ts';
import type { Engine } from '../../loop/engine.ts';
import { duration } from '../../render/duration.ts';
import { aliveWorkers } from '../until-put-down.ts';

/** Who is there to take up what was added. */
export interface PickUp {
  /** Workers of this fleet that are alive on this host. */
  readonly workers: number;
  readonly paused: boolean;
  /** Other fleets with a record in the repository, and how long ago each gave it, by its own clock. */
  readonly others: readonly { readonly fleet: string; readonly silentSeconds: number }[];
  /** Issues that nobody takes up as they are, and why. */
  readonly left: readonly { readonly title: string; readonly reason: string }[];
  /** How many are taken up by whoever is there. */
  readonly taken: number;
}

/** Looks who would take up issues that are new in a repository. */
export async function whoPicksUp(
  project: Project,
  { refs, clock }: Engine,
  repo: string,
  issues: readonly Pick<Issue, 'title' | 'labels'>[],
): Promise<PickUp> {
  const left = issues.flatMap(issue => {
    const reason = leftAlone(issue, project.settings);
    return reason === null ? [] : [{ title: issue.title, reason }];
  });
  const { hosts } = await refs.read(repo);
  const own = new Set([project.fleet, injectorOf(project.fleet)]);
  const others = hosts.flatMap(({ at, body: { fleet } }) =>
    own.has(fleet)
      ? []
      : [{ fleet, silentSeconds: Math.max(0, Math.round((clock.now() - Date.parse(at)) / 1000)) }],
  );
  return {
    workers: aliveWorkers(project).length,
    paused: project.pause.isSet(),
    others: others.toSorted((a, b) => a.silentSeconds - b.silentSeconds),
    left,
    taken: issues.length - left.length,
  };
}

/** Says it as it is, in a few lines. A record that is older than `ttlSeconds` is one of a fleet that is gone. */
export function describePickUp({ workers, paused, others, left, taken }: PickUp, ttlSeconds: number): string {
  const alive = others.filter(({ silentSeconds }) => silentSeconds < ttlSeconds);
  const lines = [
    ...left.map(({ title, reason }) => `Nobody takes up "${plainText(title)}": ${reason}.`),
    ...(taken === 0 && left.length > 0 ? [] : [here(workers, paused, left.length === 0 ? 'it' : 'the rest')]),
    ...(taken === 0 || alive.length === 0 ? [] : [elsewhere(alive)]),
  ];
  return lines.map(line => `${line}\n`).join('');
}

function here(workers: number, paused: boolean, what: string): string {
  if (workers === 0) return 'No worker runs on this host: `harness start` starts them.';
  if (paused) return 'This fleet is paused: it starts nothing before `harness resume`.';
  return `${workers} ${workers === 1 ? 'worker' : 'workers'} of this fleet ${workers === 1 ? 'runs' : 'run'} and will take ${what} up.`;
}

const elsewhere = (alive: PickUp['others']) =>
  alive
    .map(({ fleet, silentSeconds }) => `Fleet ${fleet} was at work ${duration(silentSeconds * 1000)} ago.`)
    .join('\n');
