import type { StageKind } from '../world.ts';
import { type Entry, FileProblem, type Node } from './yaml.ts';

/** Stages whose prompts may have the project's part; a judge must not know the project. */
const STAGES = [
  'PLAN',
  'PRD',
  'DECOMPOSE',
  'IMPL',
  'REVIEW',
  'REPLAN',
  'TRIAGE',
  'FIX',
  'INJECT',
] as const satisfies readonly StageKind[];

/** What front matter says. */
export interface FrontMatter {
  readonly stages: readonly StageKind[];
  /** Sections that belong to Symphony: known, and without effect. */
  readonly ignored: readonly string[];
}

/** Reads front matter strictly. Throws `FileProblem` for an unknown key or a value of the wrong kind. */
export function readFrontMatter(root: Node): FrontMatter {
  if (root.kind !== 'map') throw new FileProblem(root.line, 'the front matter is no map of `key: value`');
  for (const entry of root.entries) checkSection(entry);
  const own = root.entries.find(({ key }) => key === OWN)?.node;
  const stages = own?.kind === 'map' ? own.entries.find(({ key }) => key === 'stages') : undefined;
  return {
    stages: stages ? stagesIn(stages) : ['IMPL', 'FIX'],
    ignored: root.entries.map(({ key }) => key).filter(key => key !== OWN),
  };
}

const OWN = 'harness';

type Kind = 'text' | 'number' | 'texts' | 'numbers' | 'any';

/** The front matter of Symphony (its SPEC.md, 5.3), and a section of our own. */
const SECTIONS: Readonly<Record<string, Readonly<Record<string, Kind>>>> = {
  tracker: {
    kind: 'text',
    endpoint: 'text',
    api_key: 'text',
    project_slug: 'text',
    active_states: 'texts',
    terminal_states: 'texts',
  },
  polling: { interval_ms: 'number' },
  workspace: { root: 'text' },
  hooks: {
    after_create: 'text',
    before_run: 'text',
    after_run: 'text',
    before_remove: 'text',
    timeout_ms: 'number',
  },
  agent: {
    max_concurrent_agents: 'number',
    max_turns: 'number',
    max_retry_backoff_ms: 'number',
    max_concurrent_agents_by_state: 'numbers',
  },
  codex: {
    command: 'text',
    approval_policy: 'any',
    thread_sandbox: 'any',
    turn_sandbox_policy: 'any',
    turn_timeout_ms: 'number',
    read_timeout_ms: 'number',
    stall_timeout_ms: 'number',
  },
  server: { port: 'number' },
  [OWN]: { stages: 'texts' },
};

/** What Codex itself takes changes with its versions: Symphony hands it on as it is. */
const OPEN: ReadonlySet<string> = new Set(['codex']);

function checkSection({ key: section, line, node }: Entry): void {
  const keys = Object.hasOwn(SECTIONS, section) ? SECTIONS[section] : undefined;
  if (!keys) throw unknown(line, section, Object.keys(SECTIONS));
  if (node.kind !== 'map') throw new FileProblem(line, `${section} is no map of \`key: value\``);
  for (const entry of node.entries) {
    const kind = Object.hasOwn(keys, entry.key) ? keys[entry.key] : OPEN.has(section) ? 'any' : undefined;
    const name = `${section}.${entry.key}`;
    if (!kind) throw unknown(entry.line, name, Object.keys(keys));
    if (!isOf(entry.node, kind)) throw new FileProblem(entry.line, `${name} is no ${NOUNS[kind]}`);
  }
}

const unknown = (line: number, name: string, known: readonly string[]) =>
  new FileProblem(line, `there is no ${name}; known are ${known.join(', ')}`);

const NOUNS: Readonly<Record<Kind, string>> = {
  text: 'text',
  number: 'whole number',
  texts: 'list of texts',
  numbers: 'map of whole numbers',
  any: 'value',
};

function isOf(node: Node, kind: Kind): boolean {
  switch (kind) {
    case 'any':
      return true;
    case 'text':
      return node.kind === 'scalar' && (node.value === null || typeof node.value === 'string');
    case 'number':
      return node.kind === 'scalar' && /^-?\d+$/.test(String(node.value));
    case 'texts':
      return node.kind === 'list' ? node.items.every(item => isOf(item, 'text')) : isOf(node, 'text');
    case 'numbers':
      return node.kind === 'map' && node.entries.every(entry => isOf(entry.node, 'number'));
    default:
      return kind satisfies never;
  }
}

/** A list, or names with commas between. */
function stagesIn({ node, line }: Entry): readonly StageKind[] {
  const items = node.kind === 'list' ? node.items : [node];
  const names = items.flatMap(item =>
    item.kind === 'scalar'
      ? String(item.value ?? '')
          .split(',')
          .map(name => ({ name: name.trim(), line: item.line }))
      : [],
  );
  return names.map(({ name, line: at }) => {
    const stage = STAGES.find(one => one === name.toUpperCase());
    if (!stage)
      throw unknown(
        at || line,
        `stage ${JSON.stringify(name)}`,
        STAGES.map(one => one.toLowerCase()),
      );
    return stage;
  });
}
