import { createHash } from 'node:crypto';
import * as z from 'zod';
import { planLineIn } from '../../core/plan-line.ts';
import type { SnapshotDocument } from '../snapshots/document.ts';
import type { Client } from './client.ts';
import { FileRow, readHead, unlessAbsent } from './files.ts';
import { readNow } from './pages.ts';

type Plan = SnapshotDocument['plan'];

const Marker = z.object({ spec_hash: z.string() });

/**
 * Whether PLAN.md is on a branch and which plan it is, the `spec_hash` of docs/harness/plan-complete.json, and the
 * specification. They are read only when the branch has moved; that it has not is a free answer.
 */
export async function readPlan(
  client: Client,
  place: {
    readonly repo: string;
    readonly branch: string;
    /** Path of the specification; empty for none. */
    readonly spec: string;
    readonly known: Plan | null;
    readonly etags: Readonly<Record<string, string>>;
  },
): Promise<{ readonly plan: Plan; readonly etags: Readonly<Record<string, string>> }> {
  const { repo, branch, spec, known } = place;
  const at = { key: 'head', known: known?.head ?? null, etags: place.etags };
  const { head, etags } = await readHead(client, { repo, branch, ...at });
  if (head === null) return { plan: { ...NO_PLAN, spec }, etags };
  if (known?.head === head && known.spec === spec) return { plan: known, etags };
  const read = <T>(file: string, shape: z.ZodType<T>) =>
    unlessAbsent(() => readNow(client, { path: `repos/${repo}/contents/${file}?ref=${head}`, shape }));
  const [plan, marker, specification] = await Promise.all([
    read('PLAN.md', FileRow),
    read('docs/harness/plan-complete.json', FileRow),
    spec === '' ? null : read(encodePath(spec), FileRow),
  ]);
  return {
    plan: {
      head,
      exists: plan !== null,
      markerHash: marker === null ? null : specHashOf(marker.text ?? ''),
      id: plan === null ? null : planLineIn(plan.text ?? '').id,
      specHash: specification?.text == null ? null : sha256(specification.text),
      spec,
    },
    etags,
  };
}

const NO_PLAN = { head: '', exists: false, markerHash: null, id: null, specHash: null };

const encodePath = (path: string) => path.split('/').map(encodeURIComponent).join('/');

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

/** A marker that cannot be read matches no spec, so that the spec is planned again. */
function specHashOf(content: string): string | null {
  try {
    return Marker.parse(JSON.parse(content)).spec_hash;
  } catch {
    return null;
  }
}
