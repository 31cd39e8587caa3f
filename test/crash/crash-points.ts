import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { execaSync } from 'execa';
import type { Moment } from '../../src/forge/http/faults.ts';
import type { Fleet, Town } from '../acceptance/fleet.ts';
import { killWorkers } from '../acceptance/strikes.ts';

/** A moment of a run at which the engine dies: right before or right after its n-th write to a place. */
export interface CrashPoint {
  readonly place: 'forge' | 'tmux';
  /** From 1. */
  readonly write: number;
  /** Which writes to the forge count; null: all. */
  readonly of: RegExp | null;
  readonly moment: Moment;
}

/** What a run has written so far, and whether the engine was killed on the way. */
export interface Tap {
  /** One line for each write, in order: `PATCH /repos/acme/app/issues/1`, `push`. */
  readonly writes: () => readonly string[];
  readonly hasStruck: () => boolean;
}

/** Counts the requests to a forge that change something; at a crash point the fleet's workers are killed. */
export function tapForge(town: Town, fleet: () => Fleet, point: CrashPoint | null): Tap {
  const writes: string[] = [];
  const numbers = new WeakMap<Request, number>();
  let struck = false;
  town.forge.faults.add({
    kind: 'ask',
    route: CHANGES,
    ask: async (request, moment) => {
      if (request.method === 'GET') return 'go-on';
      const name = nameOf(request);
      if (moment === 'before') {
        writes.push(name);
        numbers.set(request, writes.filter(one => point?.of?.test(one) ?? true).length);
      }
      const isPoint = point?.place === 'forge' && point.moment === moment && (point.of?.test(name) ?? true);
      if (!isPoint || numbers.get(request) !== point.write) return 'go-on';
      struck = true;
      killWorkers(fleet());
      return 'drop';
    },
  });
  return { writes: () => writes, hasStruck: () => struck };
}

// GraphQL is only read, and fetching is a POST, too.
const CHANGES = /^(?!.*\/git-upload-pack$)(?!\/graphql$)/;

function nameOf({ method, url }: Request): string {
  const { pathname } = new URL(url);
  return pathname.endsWith('/git-receive-pack') ? 'git push' : `${method} ${pathname}`;
}

/**
 * A directory for the front of PATH with a `tmux` that counts the sessions it begins and ends; at a crash point
 * it kills its parent, the process of the engine that has called it.
 */
export function tapTmux(dir: string, point: CrashPoint | null): Tap & { readonly bin: string } {
  const bin = path.join(dir, 'bin');
  const calls = path.join(dir, 'tmux-calls');
  const struck = path.join(calls, 'struck');
  for (const directory of [bin, calls]) mkdirSync(directory, { recursive: true });
  const program = path.join(bin, 'tmux');
  const strike = point?.place === 'tmux' ? `${point.write} ${point.moment}` : '';
  writeFileSync(program, wrapper({ real: realTmux(), calls, struck, strike }));
  chmodSync(program, 0o755);
  const listed = () => readdirSync(calls).filter(name => name.endsWith('.call'));
  return {
    bin,
    writes: () =>
      listed()
        .sort((a, b) => Number.parseInt(a, 10) - Number.parseInt(b, 10))
        .map(name => readFileSync(path.join(calls, name, 'words'), 'utf8').trim()),
    hasStruck: () => readdirSync(calls).includes('struck'),
  };
}

const realTmux = () => execaSync('sh', ['-c', 'command -v tmux']).stdout;

const wrapper = (at: { real: string; calls: string; struck: string; strike: string }) => `#!/bin/sh
case " $* " in
  *' new-session '*) word=new-session ;;
  *' kill-session '*) word=kill-session ;;
  *) exec ${at.real} "$@" ;;
esac
n=1
while ! mkdir "${at.calls}/$n.call" 2>/dev/null; do n=$((n + 1)); done
echo "tmux $word" > "${at.calls}/$n.call/words"
strike() { [ "$n $1" = '${at.strike}' ] && mkdir '${at.struck}' && kill -9 "$PPID"; }
strike before && exit 1
${at.real} "$@"
status=$?
strike after
exit $status
`;
