import type { Octokit } from 'octokit';
import { z } from 'zod';
import { statusOf } from './failure.ts';
import { readOne } from './pages.ts';

const FileRow = z.object({ content: z.string(), encoding: z.literal('base64') });
const Marker = z.object({ spec_hash: z.string() });

/** Whether PLAN.md is on the default branch, and the `spec_hash` of docs/harness/plan-complete.json. */
export async function readPlan(
  octokit: Octokit,
  repo: string,
): Promise<{ exists: boolean; markerHash: string | null }> {
  const [plan, marker] = await Promise.all([
    readFile(octokit, repo, 'PLAN.md'),
    readFile(octokit, repo, 'docs/harness/plan-complete.json'),
  ]);
  return { exists: plan !== null, markerHash: marker === null ? null : specHashOf(marker) };
}

async function readFile(octokit: Octokit, repo: string, path: string): Promise<string | null> {
  try {
    const answer = await readOne(octokit, {
      path: `repos/${repo}/contents/${path}`,
      etag: null,
      shape: FileRow,
    });
    return answer.kind === 'new' ? Buffer.from(answer.value.content, 'base64').toString('utf8') : null;
  } catch (error) {
    if (statusOf(error) === 404) return null;
    throw error;
  }
}

/** A marker that cannot be read matches no spec, so that the spec is planned again. */
function specHashOf(text: string): string | null {
  try {
    return Marker.parse(JSON.parse(text)).spec_hash;
  } catch {
    return null;
  }
}
