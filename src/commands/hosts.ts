import { openProject, type Project, withReader } from '../context.ts';
import { foldJournal } from '../core/journal.ts';
import { EXIT } from '../errors.ts';
import type { Invocation } from '../invocation.ts';
import type { Engine } from '../loop/engine.ts';
import { issueOf } from '../loop/observe.ts';
import type { RefsView } from '../ports.ts';
import { type FleetFact, type HeldFact, renderHosts } from '../render/hosts.ts';
import { aliveWorkers } from './until-put-down.ts';

export interface HostsOptions {
  readonly dir?: string | undefined;
  readonly json?: boolean | undefined;
}

/** Says which fleets are at work in the project's repositories, what they hold and how old their last sign is. */
export async function hostsCommand({ dir, json }: HostsOptions, io: Invocation): Promise<number> {
  const project = await openProject(io, dir);
  const repos = project.units().map(({ repo }) => repo);
  const signs = await withReader(project, io, engine => readSigns(engine, repos));
  const facts = {
    repos,
    ttlSeconds: project.settings.HARNESS_LEASE_TTL,
    fleets: fleetsIn(project, signs, Date.now()),
  };
  io.out(json ? `${JSON.stringify(facts, null, 2)}\n` : renderHosts(facts, { width: io.columns }));
  return EXIT.ok;
}

/** One thing that a fleet left in a repository: its record, or what it holds there. */
interface Sign {
  readonly fleet: string;
  readonly host: string;
  /** Milliseconds since the epoch, by the fleet's clock. */
  readonly at: number;
  readonly holds: HeldFact | null;
}

async function readSigns({ refs }: Engine, repos: readonly string[]): Promise<readonly Sign[]> {
  const views = await Promise.all(repos.map(async repo => ({ repo, view: await refs.read(repo) })));
  return views.flatMap(({ repo, view }) => [...recordsIn(view), ...leasesIn(repo, view)]);
}

const recordsIn = ({ hosts }: RefsView): readonly Sign[] =>
  hosts.map(({ at, body: { fleet, host } }) => ({ fleet, host, at: Date.parse(at), holds: null }));

const leasesIn = (repo: string, { journals }: RefsView): readonly Sign[] =>
  journals.flatMap(({ ref, entries }) => {
    const [issue, last, { holder, attempts }] = [issueOf(ref), entries.at(-1), foldJournal(entries)];
    if (issue === null || !holder || !last) return [];
    return [
      {
        fleet: holder.fleet,
        host: last.host,
        at: Date.parse(last.at),
        holds: { repo, issue, attempt: attempts },
      },
    ];
  });

/** This fleet first, then the one with the newest sign. */
function fleetsIn(project: Project, signs: readonly Sign[], now: number): readonly FleetFact[] {
  const workers = aliveWorkers(project).length;
  const names = new Set([...(workers > 0 ? [project.fleet] : []), ...signs.map(({ fleet }) => fleet)]);
  const facts = [...names].map((fleet): FleetFact => {
    const own = signs.filter(sign => sign.fleet === fleet);
    const isHere = fleet === project.fleet;
    return {
      fleet,
      host: own[0]?.host ?? '',
      isHere,
      workers: isHere ? workers : null,
      silentMs: own.length === 0 ? null : now - Math.max(...own.map(({ at }) => at)),
      holds: own.flatMap(({ holds }) => holds ?? []).toSorted((a, b) => a.issue - b.issue),
    };
  });
  return facts.toSorted(
    (a, b) => Number(b.isHere) - Number(a.isHere) || (a.silentMs ?? 0) - (b.silentMs ?? 0),
  );
}
