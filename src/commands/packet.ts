import { openProject, withReader } from '../context.ts';
import { EXIT } from '../errors.ts';
import type { Invocation } from '../invocation.ts';
import { readPacket } from '../loop/packet.ts';
import { renderPacket } from '../render/packet.ts';
import { parseIssueName } from './issue-name.ts';

export interface PacketOptions {
  readonly dir?: string | undefined;
  /** `7`, `#7` or `acme/app#7`: an issue, or its pull request. */
  readonly issue: string;
  readonly json?: boolean | undefined;
}

/** Prints what a person needs to judge a change, from the journal alone; it writes nothing. */
export async function packetCommand({ dir, issue, json }: PacketOptions, io: Invocation): Promise<number> {
  const project = await openProject(io, dir);
  const { repo, number } = parseIssueName(project.units(), issue);
  const report = await withReader(project, io, engine => readPacket(engine, repo, number));
  io.out(json ? `${JSON.stringify(report, null, 2)}\n` : renderPacket(report, { color: io.useColor }));
  return EXIT.ok;
}
