import type { Graph, GraphNode, GraphState } from '../core/graph.ts';
import { plainText } from '../core/plain-text.ts';

/** The graph as text: each issue with what it waits for. */
export function graphText({ nodes, edges }: Graph): string {
  if (nodes.length === 0) return 'There is nothing open.\n';
  const before = new Map<string, string[]>(nodes.map(({ name }) => [name, []]));
  for (const { from, to, kind } of edges) {
    before.get(to)?.push(`    ${kind === 'blocks' ? 'waits for' : 'belongs to'} ${from}`);
  }
  return `${nodes.map(node => [textLine(node), ...(before.get(node.name) ?? [])].join('\n')).join('\n')}\n`;
}

const textLine = ({ name, state, verdict, title }: GraphNode) =>
  `${MARKS[state]} ${name}  ${verdict ?? state}  ${oneLine(title)}`.trimEnd();

const MARKS: Readonly<Record<GraphState, string>> = {
  ready: '▶',
  working: '●',
  held: '‖',
  open: '○',
  done: '✓',
  never: '✗',
  unknown: '?',
};

/** The graph for Mermaid, as GitHub renders it in a fenced block. */
export function graphMermaid({ nodes, edges }: Graph): string {
  const ids = idsOf(nodes);
  const lines = [
    'flowchart LR',
    ...nodes.map(node => `  ${ids.get(node.name)}["${mermaidText(labelOf(node))}"]:::${node.state}`),
    ...edges.map(
      ({ from, to, kind }) => `  ${ids.get(from)} ${kind === 'blocks' ? '-->' : '-.-'} ${ids.get(to)}`,
    ),
    ...Object.entries(COLOURS).map(([state, colour]) => `  classDef ${state} fill:${colour},color:#000`),
  ];
  return `${lines.join('\n')}\n`;
}

/** The graph for Graphviz. */
export function graphDot({ nodes, edges }: Graph): string {
  const lines = [
    'digraph harness {',
    '  rankdir=LR; node [shape=box, style=filled];',
    ...nodes.map(
      node =>
        `  ${dotText(node.name)} [label=${dotText(labelOf(node))}, fillcolor="${COLOURS[node.state]}"];`,
    ),
    ...edges.map(
      ({ from, to, kind }) =>
        `  ${dotText(from)} -> ${dotText(to)}${kind === 'blocks' ? '' : ' [style=dotted, dir=none]'};`,
    ),
    '}',
  ];
  return `${lines.join('\n')}\n`;
}

const COLOURS: Readonly<Record<GraphState, string>> = {
  ready: '#b7e4c7',
  working: '#a9d6e5',
  held: '#ffe8a1',
  open: '#eeeeee',
  done: '#dddddd',
  never: '#f4acb7',
  unknown: '#e0c3fc',
};

const idsOf = (nodes: readonly GraphNode[]) => new Map(nodes.map(({ name }, index) => [name, `n${index}`]));

const labelOf = ({ name, verdict, state, title }: GraphNode) =>
  [`${name} (${verdict ?? state})`, oneLine(title)].filter(text => text !== '').join('\n');

const oneLine = (text: string) => plainText(text).replaceAll('\n', ' ');

// Titles are anybody's text: in Mermaid everything that could mean something is written as a character code.
const mermaidText = (text: string) =>
  text.replaceAll(/["#<>&;`[\]{}()|\\]/g, letter => `#${letter.codePointAt(0)};`).replaceAll('\n', '<br>');

const dotText = (text: string) =>
  `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`;
