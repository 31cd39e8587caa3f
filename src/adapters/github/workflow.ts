import { readWorkflow, WORKFLOW_FILE } from '../../core/workflow/workflow.ts';
import type { SnapshotDocument } from '../snapshots/document.ts';
import type { Client } from './client.ts';
import { FileRow, readHead, unlessAbsent } from './files.ts';
import { readNow } from './pages.ts';

type KnownWorkflow = SnapshotDocument['workflow'];

/**
 * The WORKFLOW.md of a branch, read only when the branch has moved. What was valid last is kept while the file is not, beside
 * what is wrong with it; without the file there is neither.
 */
export async function readWorkflowFile(
  client: Client,
  place: {
    readonly repo: string;
    readonly branch: string;
    /** null where it was never read. */
    readonly known: KnownWorkflow | null;
    readonly etags: Readonly<Record<string, string>>;
  },
): Promise<{ readonly workflow: KnownWorkflow; readonly etags: Readonly<Record<string, string>> }> {
  const { repo, branch, known } = place;
  const at = { key: 'workflow', known: known?.head ?? null, etags: place.etags };
  const { head, etags } = await readHead(client, { repo, branch, ...at });
  if (head === null) return { workflow: { head: '', text: null, problem: null }, etags };
  if (known?.head === head) return { workflow: known, etags };
  const file = await unlessAbsent(() =>
    readNow(client, { path: `repos/${repo}/contents/${WORKFLOW_FILE}?ref=${head}`, shape: FileRow }),
  );
  if (file === null) return { workflow: { head, text: null, problem: null }, etags };
  const read = file.text === null ? TOO_LARGE : readWorkflow(file.text);
  return {
    workflow:
      read.kind === 'valid'
        ? { head, text: file.text, problem: null }
        : { head, text: known?.text ?? null, problem: read.problem },
    etags,
  };
}

const TOO_LARGE = { kind: 'invalid', problem: `${WORKFLOW_FILE} is too large to be read` } as const;
