// An agent of all stages. What it proposes is fixed: a PRD becomes two issues, the second after the first, and a review
// looks whether the files are there that the PRD's criteria name.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const { HARNESS_KIND, HARNESS_ISSUE, HARNESS_NONCE, HARNESS_REPO, HARNESS_OUTCOME, HARNESS_PROMPT } =
  process.env;
const prompt = readFileSync(HARNESS_PROMPT, 'utf8');
const files = [...new Set([...prompt.matchAll(/There is a file (work\/[\w-]+)/g)].map(([, file]) => file))];

const child = (file, facts) => ({
  key: path.basename(file),
  title: `Write ${file}`,
  body: `Somebody needs ${file}.`,
  covers: [],
  acceptance: [`There is a file ${file}`],
  blockedBy: [],
  scope: [file],
  size: 'small',
  ...facts,
});

const prd = (name, blockedBy) => ({
  key: name,
  title: `Stream ${name}`,
  problem: `Nobody has ${name}.`,
  boundaries: 'Nothing else.',
  criteria: [`There is a file work/${name}-one`, `There is a file work/${name}-two`],
  blockedBy,
});

const proposals = {
  PLAN: () => ({ kind: 'plan', text: `# Plan\n\nTwo streams, for: ${/Spec: .*/.exec(prompt)?.[0]}` }),
  PRD: () => ({ kind: 'prds', prds: [prd('lower', []), prd('upper', ['lower'])] }),
  // It forgets the last criterion when it decomposes: a review has to find that.
  DECOMPOSE: () => ({
    kind: 'children',
    children: [
      child(files[0], { covers: ['1', '2'] }),
      child('work/notes', { title: `Note ${files[0]}`, scope: [], blockedBy: [path.basename(files[0])] }),
    ],
  }),
  REVIEW: () => {
    const unmet = files.flatMap((file, index) => (existsSync(file) ? [] : [{ file, id: String(index + 1) }]));
    return {
      kind: 'review',
      criteria: files.map((file, index) => ({
        id: String(index + 1),
        verdict: existsSync(file) ? 'met' : 'unmet',
        evidence: `looked for ${file}`,
      })),
      gaps: unmet.map(({ file, id }) => child(file, { covers: [id] })),
    };
  },
};

if (HARNESS_KIND === 'IMPL') work();
const proposal = proposals[HARNESS_KIND]?.();
writeFileSync(
  HARNESS_OUTCOME,
  JSON.stringify({
    version: 1,
    nonce: HARNESS_NONCE,
    repo: HARNESS_REPO,
    issue: Number(HARNESS_ISSUE),
    status: 'done',
    summary: `Did ${HARNESS_KIND}.`,
    criteria: [],
    blockers: [],
    discoveries: [],
    ...(proposal ? { proposal } : {}),
  }),
);

function work() {
  for (const file of files.length > 0 ? files : [`work/${HARNESS_ISSUE}`]) {
    mkdirSync('work', { recursive: true });
    writeFileSync(file, `by #${HARNESS_ISSUE}\n`);
    execFileSync('git', ['add', '--', file]);
  }
  execFileSync('git', ['commit', '--quiet', '-m', `Work on ${HARNESS_ISSUE}`]);
}
