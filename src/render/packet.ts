import { Chalk, type ChalkInstance } from 'chalk';
import type { GateVerdict, Packet } from '../core/contracts.ts';
import { plainText } from '../core/plain-text.ts';

/** The facts of a packet that is shown. */
interface PacketFacts {
  readonly repo: string;
  readonly issue: number;
  readonly packet: Packet;
  readonly gates: readonly GateVerdict[];
  readonly attempts: readonly {
    readonly attempt: number;
    readonly end: string;
    readonly message: string | null;
  }[];
  /** US dollars; null: unknown. */
  readonly costUsd: number | null;
  readonly landed: { readonly pull: number; readonly commit: string } | null;
}

/** A packet for a person at a terminal. */
export function renderPacket(facts: PacketFacts, { color }: { readonly color: boolean }): string {
  const chalk = new Chalk({ level: color ? 1 : 0 });
  const { packet, gates, attempts, landed } = facts;
  const section = (title: string, lines: readonly string[]) =>
    lines.length === 0 ? [] : [[chalk.bold(title), ...lines.map(line => `  ${clean(line)}`)].join('\n')];
  const parts = [
    chalk.bold(clean(`${facts.repo}#${facts.issue}  ${packet.title}`)),
    ...section('Summary', (packet.summary ?? 'its session is gone').split('\n')),
    ...section(
      'Criteria',
      packet.criteria.map(({ id, evidence }) => `${id}: ${evidence}`),
    ),
    [chalk.bold('Gates'), ...gates.map(gate => gateLine(gate, chalk))].join('\n'),
    ...section('Look here', packet.risks),
    ...section('Tests that it changes', packet.tests),
    ...section(
      'Ended attempts',
      attempts.map(({ attempt, end, message }) => [attempt, end, message ?? ''].join('  ').trimEnd()),
    ),
    ...section('Where it comes from', [
      `attempt ${packet.attempt}${packet.profile === null ? '' : ` by ${packet.profile}`}`,
      `cost of all ended attempts: ${facts.costUsd === null ? 'unknown' : `$${facts.costUsd.toFixed(2)}`}`,
      `head ${packet.head}, on base ${packet.base}`,
      ...(packet.tree === null ? [] : [`verified as tree ${packet.tree}`]),
      `issue as the agent read it: ${packet.promptDigest}`,
      ...(landed ? [`landed with #${landed.pull} as ${landed.commit}`] : []),
    ]),
  ];
  return `${parts.join('\n\n')}\n`;
}

function gateLine({ gate, verdict, reason }: GateVerdict, chalk: ChalkInstance): string {
  const mark = { pass: chalk.green('✓'), fail: chalk.red('✗'), unknown: chalk.yellow('…'), skipped: '–' };
  return `  ${mark[verdict]} ${gate}: ${clean(reason)}`;
}

const clean = (text: string) => plainText(text).replaceAll('\n', ' ');
