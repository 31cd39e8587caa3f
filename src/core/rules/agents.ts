import { chooseAgent, profileName, sizeOf } from '../agent-choice.ts';
import type { Board } from '../board.ts';
import type { SessionState, StageKind } from '../world.ts';
import { type Obstacle, obstacle } from './gate.ts';

/** Work that an agent would do; `stage` null: it is nothing's turn yet. */
export interface Wish {
  readonly stage: StageKind | null;
  readonly labels: readonly string[];
}

/** The agent that would work, as its journal and its breaker name it. */
export function profileOf({ stage, labels }: Wish, { settings }: Board): string {
  return profileName(chooseAgent(settings, stage ?? 'IMPL', sizeOf(labels)));
}

/** Why the agent of this work can't be started now: its breaker is open, or a probe is under way. */
export function agentObstacle(wish: Wish, board: Board): Obstacle | null {
  const { agents, sessions } = board.world.host;
  if (agents.length === 0) return null;
  const profile = profileOf(wish, board);
  const agent = agents.find(known => known.profile === profile);
  if (agent === undefined) return null;
  if (agent.breaker === 'open') {
    const until = agent.until === null ? 'a person mends that' : `${agent.until} has passed`;
    return obstacle(
      `${profile} can't work (${agent.reason})`,
      `${until}, or a person retries an issue on which it failed`,
    );
  }
  const isTried = sessions.some(
    session => session.outcome === null && profileOfSession(session, board) === profile,
  );
  return isTried ? whileProbed(profile) : null;
}

/** One session tries whether an agent works again; the others wait for it. */
export const whileProbed = (profile: string): Obstacle =>
  obstacle(`one session tries whether ${profile} works again`, 'it has ended');

/** Whether only one session of this agent may start. */
export const isProbed = (profile: string, { world }: Board): boolean =>
  world.host.agents.some(agent => agent.profile === profile && agent.breaker === 'half-open');

function profileOfSession({ kind, repo, issue }: SessionState, board: Board): string {
  const found = issue === null ? null : board.lookUp({ repo, number: issue, isShort: false }).issue;
  return profileOf({ stage: kind, labels: found?.labels ?? [] }, board);
}
