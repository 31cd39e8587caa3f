import type { Packet } from '../../core/contracts.ts';
import { PACKET_FILE } from '../../core/journal.ts';
import type { PushResult, Refs, RefsView } from '../../ports.ts';
import { type BuiltUpdate, build, expectedBy, receive, staleRefs, tipOf } from '../github/push.ts';
import type { Remote } from '../github/remote.ts';
import type { Process } from '../machines/process.ts';
import { ask, isAmbiguous } from '../network.ts';
import { remoteOf, type Universe } from '../universe.ts';
import { nonceFrom } from './clock.ts';
import { replicaTime } from './issues.ts';

/** `refs/harness/` of the repositories, moved by atomic pushes with the same care as the real ones. */
export function simulateRefs(universe: Universe, process: Process): Refs {
  const nonce = nonceFrom(process.machine.random);
  return {
    read: repo =>
      ask(universe, process, {
        to: 'git',
        name: 'read refs',
        writesTo: null,
        serve: () => viewOf(universe, remoteOf(universe, repo)),
      }),
    push: (repo, updates) =>
      push(universe, process, {
        remote: remoteOf(universe, repo),
        updates: updates.map(one => build(one, nonce)),
      }),
    attachment: (repo, { tip }, name) =>
      ask(universe, process, {
        to: 'git',
        name: `read ${name}`,
        writesTo: null,
        serve: () => remoteOf(universe, repo).attachments.get(tip)?.[name] ?? null,
      }),
    packet: (repo, { tip }) =>
      ask(universe, process, {
        to: 'git',
        name: 'read packet',
        writesTo: null,
        serve: () => {
          const text = remoteOf(universe, repo).attachments.get(tip)?.[PACKET_FILE];
          return text === undefined ? null : (JSON.parse(text) as Packet);
        },
      }),
  };
}

/** All refs as they were at one moment, now and then some seconds ago. */
function viewOf(universe: Universe, { views }: Remote): RefsView {
  const asOf = replicaTime(universe);
  return (views.findLast(({ at }) => at <= asOf) ?? NOTHING).view;
}

const NOTHING = { view: { journals: [], hosts: [] } };

interface Push {
  readonly remote: Remote;
  readonly updates: readonly BuiltUpdate[];
}

/** Settles a lost answer by reading back, and sends the same commits once more if nothing has moved. */
async function push(universe: Universe, process: Process, { remote, updates }: Push): Promise<PushResult> {
  const name = `push ${updates.map(({ update }) => update.ref).join(' ')}`;
  const serve = () => receive(universe, remote, { process, updates });
  for (const attempt of [1, 2]) {
    try {
      const isDone = await ask(universe, process, { to: 'git', name, writesTo: null, serve });
      if (isDone) return done(updates);
      // Of a second push this proves nothing: the ref may have moved because the first one landed.
      if (attempt === 1) return { kind: 'lost', reason: staleRefs(remote, updates).join(' ') };
    } catch (error) {
      if (!isAmbiguous(error)) throw error;
    }
    const found = await readBack(universe, process, { remote, updates });
    if (found === 'moved') return done(updates);
    if (found === 'other') return { kind: 'lost', reason: 'somebody else moved it' };
    if (found === 'unreadable') return { kind: 'unknown', reason: 'no answer, and not to be read back' };
  }
  return { kind: 'unknown', reason: 'no answer' };
}

type Found = 'moved' | 'unmoved' | 'other' | 'unreadable';

async function readBack(universe: Universe, process: Process, { remote, updates }: Push): Promise<Found> {
  const serve = (): Found => {
    const records = updates.filter(({ update, target }) => update.kind !== 'branch' && target !== null);
    const telling = records.length > 0 ? records : updates;
    const found = telling.map(one => foundOf(remote, one));
    const isMoved = records.length > 0 ? found.includes('moved') : found.every(one => one === 'moved');
    if (isMoved) return 'moved';
    return found.includes('other') ? 'other' : 'unmoved';
  };
  try {
    return await ask(universe, process, { to: 'git', name: 'read back', writesTo: null, serve });
  } catch {
    return 'unreadable';
  }
}

function foundOf(remote: Remote, { update, target }: BuiltUpdate): Found {
  if (update.kind === 'archive') {
    const isIn = update.journals.every(({ ref, tip }) => remote.archive.get(ref)?.tip === tip);
    return isIn ? 'moved' : staleRefs(remote, [{ update, target }]).length > 0 ? 'other' : 'unmoved';
  }
  const tip = tipOf(remote, update.ref);
  if (tip === target) return 'moved';
  if (tip === expectedBy(remote, update)) return 'unmoved';
  const nonces = update.kind === 'journal' ? update.entries.map(({ nonce }) => nonce) : [];
  const known = remote.journals.get(update.ref)?.entries ?? [];
  return known.some(({ nonce }) => nonces.includes(nonce)) ? 'moved' : 'other';
}

function done(updates: readonly BuiltUpdate[]): PushResult {
  const tips = updates.flatMap(({ update, target }) =>
    target === null ? [] : [[update.ref, target] as const],
  );
  return { kind: 'done', tips: Object.fromEntries(tips) };
}
