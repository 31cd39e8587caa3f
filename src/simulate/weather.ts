/** How well the world between the machines and GitHub works just now. */
export interface Weather {
  /** Chances per request; all zero in calm weather. */
  rates: Rates;
  /** Until when GitHub's API, or its git, answers nothing (true milliseconds). */
  apiDownUntil: number;
  gitDownUntil: number;
}

export interface Rates {
  /** Refused before it had an effect: an error of the server. */
  readonly failed: number;
  /** Refused for a limit. */
  readonly limited: number;
  /** It had its effect, and the answer is lost. */
  readonly unanswered: number;
  /** The asker gives up, and then it has its effect. */
  readonly late: number;
  /** It takes seconds. */
  readonly slow: number;
  /** A read from a replica that is behind, and a pull request that has not seen a push yet. */
  readonly lagging: number;
}

export const CALM: Rates = { failed: 0, limited: 0, unanswered: 0, late: 0, slow: 0, lagging: 0 };

const ROUGH: Rates = {
  failed: 0.02,
  limited: 0.005,
  unanswered: 0.03,
  late: 0.01,
  slow: 0.05,
  lagging: 0.25,
};

/** Hardly anything arrives at the first try: where answers count for little, promises must hold, too. */
const STORMY: Rates = { ...ROUGH, failed: 0.08, unanswered: 0.1, late: 0.04, slow: 0.15 };

/** How it can be between the machines and GitHub while things go wrong. */
export const WEATHERS = {
  rough: { rates: ROUGH, isParting: false },
  stormy: { rates: STORMY, isParting: false },
  /** One host or another is cut off all the time, for about as long as a lease lives. */
  parting: { rates: ROUGH, isParting: true },
} as const;

export const createWeather = (rates: Rates): Weather => ({ rates, apiDownUntil: 0, gitDownUntil: 0 });
