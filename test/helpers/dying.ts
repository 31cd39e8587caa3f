import type { Engine } from '../../src/loop/engine.ts';
import type { FleetOnStage, Stage } from './ports.ts';

/** When a process dies: with its `at`-th write from the moment on that it is armed. */
export interface Death {
  isArmed: boolean;
  writes: number;
  readonly at: number;
}

/** An engine whose writes never succeed again once that one was sent; whether that took effect it does not learn. */
export function dyingAt(death: Death, engine: Engine): Engine {
  const dying = <P extends object>(port: P, names: readonly string[]): P =>
    new Proxy(port, {
      get: (target, name) => {
        const known = Reflect.get(target, name) as (...args: unknown[]) => Promise<unknown>;
        if (!names.includes(String(name))) return known;
        return async (...args: unknown[]) => {
          if (death.isArmed) death.writes += 1;
          if (death.writes > death.at) throw new Error('dead');
          const answer = await known(...args);
          if (death.writes === death.at) throw new Error('dead');
          return answer;
        };
      },
    });
  const board = ['createIssue', 'linkIssue', 'updateIssue', 'putComment', 'openPull', 'mergePull'];
  return { ...engine, board: dying(engine.board, board), refs: dying(engine.refs, ['push']) };
}

/** A fleet whose process dies with its `at`-th write after its agents have stopped; another one finishes what is left. */
export async function dieAfterAgents(
  stage: Stage,
  at: number,
  untilAgentsStop: (fleet: FleetOnStage) => Promise<void> = fleet => fleet.untilAgentsStop(),
): Promise<void> {
  const death = { isArmed: false, writes: 0, at };
  const first = stage.fleet('h1', engine => dyingAt(death, engine));
  await untilAgentsStop(first);
  death.isArmed = true;
  await first.tick().catch(() => undefined);
  first.process.isAlive = false;
  await stage.wait(5);
  await stage.fleet().finish();
}
