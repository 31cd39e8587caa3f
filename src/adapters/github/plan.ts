import * as z from 'zod';
import type { SnapshotDocument } from '../snapshots/document.ts';
import type { Client } from './client.ts';
import { statusOf } from './failure.ts';
import { readNow, readOne } from './pages.ts';

type Plan = SnapshotDocument['plan'];

const RefRow = z.object({ object: z.object({ sha: z.string() }) });
const FileRow = z.object({ content: z.string(), encoding: z.literal('base64') });
/** Whatever is there: a file too large to be shown, say. */
const Present = z.unknown().transform(() => true);
const Marker = z.object({ spec_hash: z.string() });

/**
 * Whether PLAN.md is on a branch, and the `spec_hash` of docs/harness/plan-complete.json. Both are read
 * only when the branch has moved; that it has not is a free answer.
 */
export async function readPlan(
  client: Client,
  place: {
    readonly repo: string;
    readonly branch: string;
    readonly known: Plan | null;
    readonly etags: Readonly<Record<string, string>>;
  },
): Promise<{ readonly plan: Plan; readonly etags: Readonly<Record<string, string>> }> {
  const { repo, branch, known } = place;
  const ref = await unlessAbsent(() =>
    readOne(client, {
      path: `repos/${repo}/git/ref/heads/${branch.split('/').map(encodeURIComponent).join('/')}`,
      etag: known === null ? null : (place.etags.head ?? null),
      shape: RefRow,
    }),
  );
  if (ref === null) return { plan: { head: '', exists: false, markerHash: null }, etags: {} };
  const etags = ref.kind === 'new' && ref.etag !== null ? { head: ref.etag } : {};
  const head = ref.kind === 'new' ? ref.value.object.sha : (known?.head ?? '');
  if (known?.head === head) return { plan: known, etags };
  const read = <T>(file: string, shape: z.ZodType<T>) =>
    unlessAbsent(() => readNow(client, { path: `repos/${repo}/contents/${file}?ref=${head}`, shape }));
  const [plan, marker] = await Promise.all([
    read('PLAN.md', Present),
    read('docs/harness/plan-complete.json', FileRow),
  ]);
  const markerHash = marker === null ? null : specHashOf(marker.content);
  return { plan: { head, exists: plan !== null, markerHash }, etags };
}

/** null for a branch or file that is not there; 409 is the answer of a repository without commits. */
async function unlessAbsent<T>(read: () => Promise<T>): Promise<T | null> {
  try {
    return await read();
  } catch (error) {
    if ([404, 409].includes(statusOf(error) ?? 0)) return null;
    throw error;
  }
}

/** A marker that cannot be read matches no spec, so that the spec is planned again. */
function specHashOf(content: string): string | null {
  try {
    return Marker.parse(JSON.parse(Buffer.from(content, 'base64').toString('utf8'))).spec_hash;
  } catch {
    return null;
  }
}
