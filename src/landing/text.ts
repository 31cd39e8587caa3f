import type { GateVerdict, Packet, Usage } from '../core/contracts.ts';
import { cutTo, neutralise, neutraliseLine } from '../core/text.ts';

/** Title and message of what lands, written by the engine alone. */
export interface LandingText {
  readonly pullTitle: string;
  readonly pullBody: string;
  readonly commitTitle: (pull: number) => string;
  readonly commitMessage: string;
}

/** The texts of a landing: the packet for people, and the trailers that stay with the commit. */
export function landingText(packet: Packet): LandingText {
  const { issue } = packet;
  const title = neutraliseLine(packet.title) || `Issue ${issue}`;
  const closing = issue === null ? [] : [`Closes #${issue}`];
  return {
    pullTitle: title,
    // What GitHub acts on comes before what an agent may have written at such length that it is cut.
    pullBody: [summaryOf(packet), ...closing, ...packetSections(packet)].join('\n\n'),
    commitTitle: pull => `${title} (#${pull})`,
    commitMessage: [...closing, trailersOf(packet)].join('\n\n'),
  };
}

const summaryOf = ({ summary }: Packet) =>
  summary === null ? 'The work of an attempt whose session is gone.' : cutTo(neutralise(summary), 10_000);

function packetSections(packet: Packet): readonly string[] {
  const { criteria, gates, tests, risks } = packet;
  const rows = criteria.map(({ id, evidence }) => `| ${cell(id)} | ${cell(evidence)} |`);
  return [
    ...(rows.length === 0
      ? []
      : ['## Criteria', ['| criterion | evidence |', '|---|---|', ...rows].join('\n')]),
    '## Gates',
    gates.map(gateLine).join('\n'),
    ...(risks.length === 0 ? [] : ['## Look here', listOf(risks)]),
    ...(tests.length === 0 ? [] : ['## Tests that it changes', listOf(tests)]),
    '## Where it comes from',
    provenance(packet),
  ];
}

/** One gate as a list item. */
export const gateLine = ({ gate, verdict, reason }: GateVerdict) =>
  `- ${MARKS[verdict]} **${gate}**: ${neutraliseLine(reason, 300)}`;

const MARKS: Readonly<Record<GateVerdict['verdict'], string>> = {
  pass: '✓',
  fail: '✗',
  unknown: '…',
  skipped: '–',
};

function provenance({ attempt, profile, promptDigest, base, head, tree, usage }: Packet): string {
  const facts = [
    `Attempt ${attempt}${profile === null ? '' : ` by ${neutraliseLine(profile)}`}${costOf(usage)}.`,
    `Head ${head}, on base ${base}${tree === null ? '' : `; verified as tree ${tree}`}.`,
    `Digest of the issue as the agent read it: ${promptDigest}.`,
  ];
  return facts.map(fact => `- ${fact}`).join('\n');
}

function costOf(usage: Usage | null): string {
  const cost = usage?.costUsd == null ? [] : [`$${usage.costUsd.toFixed(2)}`];
  const time = usage?.agentSeconds == null ? [] : [`${Math.round(usage.agentSeconds / 60)} min`];
  const said = [...time, ...cost].join(', ');
  return said === '' ? '' : ` (${said})`;
}

/** In git's format of trailers: the last paragraph of a message (git docs, git-interpret-trailers). */
function trailersOf({ issue, attempt, profile, promptDigest }: Packet): string {
  const [agent = '', ...model] = (profile ?? '').split('/');
  const trailers: readonly (readonly [string, string])[] = [
    ['Issue', issue === null ? '' : `#${issue}`],
    ['Attempt', String(attempt)],
    ['Agent', agent],
    ['Model', model.join('/')],
    ['Prompt-Digest', promptDigest],
  ];
  const lines = trailers.flatMap(([name, value]) =>
    value === '' ? [] : [`${name}: ${neutraliseLine(value)}`],
  );
  return `${lines.join('\n')}\n`;
}

const MOST_PATHS = 30;

function listOf(paths: readonly string[]): string {
  const shown = paths.slice(0, MOST_PATHS).map(path => `- \`${neutraliseLine(path).replaceAll('`', '')}\``);
  const more = paths.length - shown.length;
  return [...shown, ...(more > 0 ? [`- and ${more} more`] : [])].join('\n');
}

const cell = (text: string) => neutraliseLine(text, 500).replaceAll('|', '\\|');
