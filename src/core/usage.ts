/** What an agent used. null is unknown, never zero. */
export interface AgentUsage {
  /** Answers of the model; each one counts once, however often it was reported. */
  readonly requests: number | null;
  readonly tokens: readonly ModelTokens[] | null;
  /** US dollars, as the program reports them. */
  readonly costUsd: number | null;
  /** Time in which the agent worked, without waiting for people. */
  readonly activeSeconds: number | null;
}

/** Tokens of one model, subagents included. The four kinds do not overlap. */
export interface ModelTokens {
  readonly model: string;
  readonly input: number;
  readonly output: number;
  readonly cacheRead: number;
  readonly cacheWrite: number;
}

/** The sum of two amounts, as far as they are known; null when neither is. */
export function plus(a: number | null, b: number | null): number | null {
  return a === null ? b : a + (b ?? 0);
}

/** The sum of what is known; null when nothing is. */
export const sumOf = (values: readonly (number | null)[]): number | null =>
  values.reduce<number | null>(plus, null);

/** Tokens of several sessions, model by model; null when none of them is known. */
export function sumTokens(all: readonly (readonly ModelTokens[] | null)[]): readonly ModelTokens[] | null {
  const known = all.filter(tokens => tokens !== null).flat();
  if (all.every(tokens => tokens === null)) return null;
  const sums = new Map<string, ModelTokens>();
  for (const tokens of known) {
    const sum = sums.get(tokens.model);
    sums.set(tokens.model, sum === undefined ? tokens : plusTokens(sum, tokens));
  }
  return [...sums.values()];
}

const plusTokens = (a: ModelTokens, b: ModelTokens): ModelTokens => ({
  model: a.model,
  input: a.input + b.input,
  output: a.output + b.output,
  cacheRead: a.cacheRead + b.cacheRead,
  cacheWrite: a.cacheWrite + b.cacheWrite,
});

/**
 * What a use cost in US dollars: as the program says, else by HARNESS_PRICES. null when neither tells of every
 * model: a part of the cost would pass for the whole.
 */
export function costOf({ costUsd, tokens }: AgentUsage, prices: string): number | null {
  if (costUsd !== null || tokens === null) return costUsd;
  const table = parsePrices(prices);
  const costs = tokens.map(used => {
    const price = table.get(used.model);
    if (price === undefined) return null;
    const { input, output, cacheRead, cacheWrite } = used;
    return (
      (input * price.input +
        output * price.output +
        cacheRead * price.cacheRead +
        cacheWrite * price.cacheWrite) /
      1_000_000
    );
  });
  return costs.includes(null) ? null : sumOf(costs);
}

interface Price {
  readonly input: number;
  readonly output: number;
  readonly cacheRead: number;
  readonly cacheWrite: number;
}

function parsePrices(text: string): ReadonlyMap<string, Price> {
  const entries = text.split(',').flatMap((entry): [string, Price][] => {
    const [model, numbers] = entry.trim().split('=');
    if (!model || !numbers) return [];
    const [input = 0, output = 0, cacheRead = input, cacheWrite = input] = numbers.split('/').map(Number);
    return [[model, { input, output, cacheRead, cacheWrite }]];
  });
  return new Map(entries);
}
