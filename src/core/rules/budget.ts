import type { Board } from '../board.ts';
import { plus } from '../usage.ts';
import type { LeaseState, SessionState } from '../world.ts';
import { type Obstacle, obstacle } from './gate.ts';

/** What is used of an issue's budget. */
interface Used {
  /** US dollars; null is unknown. */
  readonly usd: number | null;
  readonly minutes: number | null;
}

/** The budget that holds an issue: its own, or what all fleets may spend in a day; null while some is left. */
export function budgetObstacle(record: LeaseState | null, board: Board): Obstacle | null {
  const used = { usd: record?.spend ?? null, minutes: record?.minutes ?? null };
  return whenUsedUp(used, board) ?? onDearDay(board);
}

/** The same for an issue that an agent works on: what its session uses counts already. */
export function budgetObstacleOfSession(
  session: SessionState,
  record: LeaseState | null,
  board: Board,
): Obstacle | null {
  const startedAt = Date.parse(session.startedAt ?? '');
  const running = Number.isNaN(startedAt) ? null : Math.max(0, board.now - startedAt) / 60_000;
  const used = {
    usd: plus(record?.spend ?? null, session.spend),
    minutes: plus(record?.minutes ?? null, running),
  };
  return whenUsedUp(used, board) ?? onDearDay(board);
}

function whenUsedUp({ usd, minutes }: Used, { settings }: Board): Obstacle | null {
  const { HARNESS_MAX_COST_USD: mostUsd, HARNESS_MAX_MINUTES: mostMinutes } = settings;
  if (usd !== null && usd >= mostUsd) {
    return obstacle(
      `its attempts cost $${usd.toFixed(2)}, of $${mostUsd}`,
      'a person raises HARNESS_MAX_COST_USD, or retries it',
    );
  }
  if (minutes === null || minutes < mostMinutes) return null;
  return obstacle(
    `agents worked ${Math.floor(minutes)} minutes on it, of ${mostMinutes}`,
    'a person raises HARNESS_MAX_MINUTES, or retries it',
  );
}

function onDearDay({ world, settings, now }: Board): Obstacle | null {
  const { spentToday } = world;
  const most = settings.HARNESS_MAX_COST_USD_PER_DAY;
  if (spentToday === null || spentToday < most) return null;
  const midnight = new Date(now + DAY_MS - (now % DAY_MS)).toISOString();
  return obstacle(
    `all fleets spent $${spentToday.toFixed(2)} today, of $${most}`,
    `${midnight} has passed, or a person raises HARNESS_MAX_COST_USD_PER_DAY`,
  );
}

const DAY_MS = 86_400_000;
