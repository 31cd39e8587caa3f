import type { Usage } from '../core/contracts.ts';
import { plainText } from '../core/plain-text.ts';
import type { Used } from '../core/totals.ts';
import type { ModelTokens } from '../core/usage.ts';
import type { AgentState } from '../core/world.ts';
import { duration } from './duration.ts';

/** What all fleets used, and US dollars since midnight (UTC). */
export interface UsedFact extends Used {
  readonly todayUsd: number | null;
}

/** An agent that can't work now, in a line. */
export const agentLine = ({ profile, breaker, until, reason }: AgentState) =>
  breaker === 'half-open'
    ? `  ${profile}  one session tries whether it works again (${plainText(reason)})`
    : `  ${profile}  can't work${until === null ? '' : ` before ${until}`} (${plainText(reason)})`;

/** Sums of time, money and tokens. */
export function usedLines({ attempts, priced, costUsd, agentSeconds, todayUsd, tokens }: UsedFact): string {
  if (attempts === 0 && todayUsd === null) return '';
  const cost =
    costUsd === null ? 'cost unknown' : `${priced < attempts ? 'at least ' : ''}${dollars(costUsd)}`;
  const parts = [
    `${attempts} attempts`,
    ...(agentSeconds === null ? [] : [`agents worked ${duration(agentSeconds * 1000)}`]),
    cost,
    ...(todayUsd === null ? [] : [`${dollars(todayUsd)} today`]),
  ];
  const models = (tokens ?? []).map(used => `  ${used.model}  ${tokensLine(used)}`);
  return [`  ${parts.join(', ')}`, ...models].join('\n');
}

/** Money and tokens of one session, as far as they are known. */
export function spentSoFar({ costUsd, tokens }: Pick<Usage, 'costUsd' | 'tokens'>): string {
  const count = (tokens ?? [])
    .map(({ input, output, cacheRead, cacheWrite }) => input + output + cacheRead + cacheWrite)
    .reduce((sum, used) => sum + used, 0);
  return [
    ...(costUsd === null ? [] : [dollars(costUsd)]),
    ...(count === 0 ? [] : [`${short(count)} tokens`]),
  ].join(', ');
}

const tokensLine = ({ input, output, cacheRead, cacheWrite }: ModelTokens) =>
  `${short(input)} in, ${short(output)} out, ${short(cacheRead)} read from the cache, ${short(cacheWrite)} written to it`;

/** US dollars, for people. */
export const dollars = (usd: number) => `$${usd.toFixed(2)}`;

function short(count: number): string {
  if (count < 10_000) return String(count);
  return count < 1_000_000 ? `${Math.round(count / 1_000)}k` : `${(count / 1_000_000).toFixed(1)}M`;
}
