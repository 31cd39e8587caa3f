// An agent of all stages. What it proposes is fixed: a PRD becomes two issues, the second after the first, and a review
// looks whether the files are there that the PRD's criteria name. A specification of one stream becomes one PRD with one
// issue, and where it names an issue elsewhere, another PRD that waits for that.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const { HARNESS_KIND, HARNESS_ISSUE, HARNESS_NONCE, HARNESS_REPO, HARNESS_OUTCOME, HARNESS_PROMPT } =
  process.env;
const prompt = readFileSync(HARNESS_PROMPT, 'utf8');
// A round of the gauntlet that was lost asks for something better.
const isToBeBetter = prompt.includes('# Reach the quality bar');
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

const prd = (name, blockedBy, facts) => ({
  key: name,
  title: `Stream ${name}`,
  problem: `Nobody has ${name}.`,
  boundaries: 'Nothing else.',
  criteria: [`There is a file work/${name}-one`, `There is a file work/${name}-two`],
  blockedBy,
  ...facts,
});

const [, stream, after] = /Spec: one stream (\w+)(?:, after (\S+#\d+))?/.exec(prompt) ?? [];
const small = (name, blockedBy) => prd(name, blockedBy, { criteria: [`There is a file work/${name}`] });
const streams = () => [small(stream, []), ...(after ? [small(`${stream}-late`, [after])] : [])];
const QUALITY_BAR = 'As good as others at:\n\n- counting\n- sorting\n';

const proposals = {
  PLAN: () => ({ kind: 'plan', text: `# Plan\n\nTwo streams, for: ${/Spec: .*/.exec(prompt)?.[0]}` }),
  PRD: () => ({
    kind: 'prds',
    prds: stream ? streams() : [prd('lower', [], { qualityBar: QUALITY_BAR }), prd('upper', ['lower'])],
  }),
  // It forgets the last criterion when it decomposes: a review has to find that. Notes of a library come first.
  DECOMPOSE: () => {
    if (files.length === 1) return { kind: 'children', children: [child(files[0], { covers: ['1'] })] };
    const name = path.basename(files[0]);
    const [, unit] = /Its notes belong to (\w+)/.exec(prompt) ?? [];
    return {
      kind: 'children',
      children: [
        child(files[0], { covers: ['1', '2'], blockedBy: unit ? ['notes'] : [] }),
        child('work/notes', {
          title: `Note ${files[0]}`,
          scope: [],
          ...(unit ? { unit } : { blockedBy: [name] }),
        }),
      ],
    };
  },
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
      ...(unmet.length === 0 && prompt.includes('## Quality bar') ? { contest: contest() } : {}),
    };
  },
  // It cannot know whose the outputs are: it takes the greater number.
  JUDGE: () => ({
    kind: 'judgement',
    tasks: prompt
      .split('## Task ')
      .slice(1)
      .map(text => {
        const [a, b] = [...text.matchAll(/### Output [AB]\n\n(\d)/g)].map(([, number]) => Number(number));
        return { task: text.slice(0, 1), better: a > b ? 'A' : 'B', reason: 'It is the greater number.' };
      }),
  }),
  TRIAGE: () => ({
    kind: 'triage',
    verdict: 'bug',
    cause: 'Nobody has written it.',
    body: 'Look into work/.',
    acceptance: ['There is a file work/fixed'],
    scope: ['work/fixed'],
  }),
};

if (HARNESS_KIND === 'IMPL' || HARNESS_KIND === 'FIX') work();
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

function contest() {
  const ours = existsSync('work/better') ? '3 words' : '1 word';
  return ['1', '2'].map(task => ({ task, ours, reference: '2 words' }));
}

function work() {
  const asked = isToBeBetter ? ['work/better'] : files;
  for (const file of asked.length > 0 ? asked : [`work/${HARNESS_ISSUE}`]) {
    mkdirSync('work', { recursive: true });
    writeFileSync(file, `by #${HARNESS_ISSUE}\n`);
    execFileSync('git', ['add', '--', file]);
    if (HARNESS_KIND === 'FIX') proveFix(file);
  }
  execFileSync('git', ['commit', '--quiet', '-m', `Work on ${HARNESS_ISSUE}`]);
}

function proveFix(file) {
  mkdirSync('test', { recursive: true });
  writeFileSync('test/fix.sh', `test -e ${file}\n`);
  execFileSync('git', ['add', '--', 'test']);
}
