import { readWorkflow, WORKFLOW_FILE } from '../../core/workflow/workflow.ts';
import type { SnapshotDocument } from '../snapshots/document.ts';
import type { Client } from './client.ts';
import { FileRow, readHead, unlessAbsent } from './files.ts';
import { readOne } from './pages.ts';

type KnownWorkflow = SnapshotDocument['workflow'];

/**
 * The WORKFLOW.md of a branch, read only when the branch has moved, and free where the file has not changed. What was valid
 * last is kept while the file is not, beside what is wrong with it; without the file there is neither.
 */
export async function readWorkflowFile(
  client: Client,
  place: {
    readonly repo: string;
    readonly branch: string;
    /** null where it was never read. */
    readonly known: KnownWorkflow | null;
    /** The branch's head where it is known; null: it is to be read. */
    readonly head: string | null;
    readonly etags: Readonly<Record<string, string>>;
  },
): Promise<{ readonly workflow: KnownWorkflow; readonly etags: Readonly<Record<string, string>> }> {
  const { repo, branch, known } = place;
  const at = { key: 'workflow', known: known?.head ?? null, etags: place.etags };
  const told = place.head === null ? null : { head: place.head, etags: {} };
  const { head, etags } = told ?? (await readHead(client, { repo, branch, ...at }));
  if (head === null) return { workflow: { head: '', ...NONE }, etags };
  if (known?.head === head) return { workflow: known, etags };
  const file = await unlessAbsent(() =>
    readOne(client, {
      // Not of the head: the answer would be another one for each.
      path: `repos/${repo}/contents/${WORKFLOW_FILE}?ref=${encodeURIComponent(branch)}`,
      etag: known === null ? null : place.etags[FILE] || null,
      shape: FileRow,
    }),
  );
  if (file === null) return { workflow: { head, ...NONE }, etags: { ...etags, [FILE]: '' } };
  const workflow = file.kind === 'same' ? (known ?? NONE) : readText(file.value.text, known);
  const etag = file.kind === 'same' || file.etag === null ? {} : { [FILE]: file.etag };
  return { workflow: { ...workflow, head }, etags: { ...etags, ...etag } };
}

/** The key of the file's own ETag. */
const FILE = 'workflow:file';

const NONE = { text: null, problem: null } as const;

function readText(text: string | null, known: KnownWorkflow | null): Omit<KnownWorkflow, 'head'> {
  const read = text === null ? TOO_LARGE : readWorkflow(text);
  if (read.kind === 'valid') return { text, problem: null };
  return { text: known?.text ?? null, problem: read.problem };
}

const TOO_LARGE = { kind: 'invalid', problem: `${WORKFLOW_FILE} is too large to be read` } as const;
