import type { Project } from '../../context.ts';
import { injectorOf } from '../../core/injector.ts';
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
}

/** Looks who would take up new work in a repository. */
export async function whoPicksUp(project: Project, { refs, clock }: Engine, repo: string): Promise<PickUp> {
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
  };
}

/** Says it as it is, in a line or two. A record that is older than `ttlSeconds` is one of a fleet that is gone. */
export function describePickUp({ workers, paused, others }: PickUp, ttlSeconds: number): string {
  const alive = others.filter(({ silentSeconds }) => silentSeconds < ttlSeconds);
  return [here(workers, paused), ...(alive.length === 0 ? [] : [elsewhere(alive)])]
    .map(line => `${line}\n`)
    .join('');
}

function here(workers: number, paused: boolean): string {
  if (workers === 0) return 'No worker runs on this host: `harness start` starts them.';
  if (paused) return 'This fleet is paused: it starts nothing before `harness resume`.';
  return `${workers} ${workers === 1 ? 'worker' : 'workers'} of this fleet ${workers === 1 ? 'runs' : 'run'} and will take it up.`;
}

const elsewhere = (alive: PickUp['others']) =>
  alive
    .map(({ fleet, silentSeconds }) => `Fleet ${fleet} was at work ${duration(silentSeconds * 1000)} ago.`)
    .join('\n');
