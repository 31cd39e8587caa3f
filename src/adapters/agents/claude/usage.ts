import { sumTokens } from '../../../core/usage.ts';
import type { AgentUsage, ModelTokens } from '../../../ports.ts';
import type { Row } from '../agent.ts';
import { numberIn, rowIn, textIn } from '../rows.ts';

/** Counts what Claude Code used, from the rows of its stream or of its transcripts. */
export interface UsageCount {
  /** Takes the message of an `assistant` row. One answer comes as several rows with one id: it counts once. */
  addMessage(message: Row): void;
  /** Takes a `result` row: what it says of tokens and cost is for the whole run, subagents included. */
  addResult(result: Row): void;
  /** Takes what the status line is told while it runs. */
  addStatus(status: Row): void;
  /** Takes `.claude.json`, where a session in a terminal leaves at its end what a `result` row would say. */
  addState(state: Row, conversation: string | null): void;
  /** All but its time. */
  total(): Omit<AgentUsage, 'activeSeconds'>;
}

/** `before` is what a resumed conversation had used. */
export function countUsage(before: AgentUsage): UsageCount {
  const messages = new Map<string, ModelTokens>();
  let costUsd: number | null = null;
  let costSoFar: number | null = null;
  let wentBefore: number | null = null;
  let reported: readonly ModelTokens[] | null = null;
  const addTotals = (cost: number | null, models: Row | null) => {
    costUsd = cost ?? costUsd;
    const names = Object.keys(models ?? {});
    if (names.length > 0) reported = names.map(name => reportedTokens(name, rowIn(models, name)));
  };
  return {
    addMessage: message => {
      const id = textIn(message, 'id');
      const model = textIn(message, 'model');
      // `<synthetic>` are the program's own words about an error; no model said them.
      if (id === null || model === null || model === '<synthetic>') return;
      const tokens = tokensOf(model, rowIn(message, 'usage'));
      const known = messages.get(id);
      messages.set(id, known === undefined ? tokens : larger(known, tokens));
    },
    addResult: result => addTotals(numberIn(result, 'total_cost_usd'), rowIn(result, 'modelUsage')),
    addStatus: status => {
      const cost = numberIn(rowIn(status, 'cost'), 'total_cost_usd');
      if (cost === null) return;
      // It is told first before the first answer: that is what an earlier session used, or nothing.
      wentBefore ??= before.costUsd !== null && cost >= before.costUsd ? before.costUsd : 0;
      costSoFar = Math.max(0, cost - wentBefore);
    },
    addState: (state, conversation) => {
      const projects = rowIn(state, 'projects');
      const own = Object.keys(projects ?? {})
        .map(path => rowIn(projects, path))
        .find(project => conversation !== null && textIn(project, 'lastSessionId') === conversation);
      if (own) addTotals(numberIn(own, 'lastCost'), rowIn(own, 'lastModelUsage'));
    },
    total: () => {
      const seen = sumTokens([[...messages.values()]]);
      const all = { tokens: reported ?? seen, costUsd };
      return {
        requests: messages.size,
        ...(countsOn(all.tokens, { before, seen }) ? since(before, all) : all),
        ...(costUsd === null ? { costUsd: costSoFar } : {}),
      };
    },
  };
}

type Used = Pick<AgentUsage, 'tokens' | 'costUsd'>;

/** What a result says is for its own run in 2.1.197, and for the whole conversation in 2.1.329. */
function countsOn(
  reported: AgentUsage['tokens'],
  { before, seen }: { readonly before: AgentUsage; readonly seen: AgentUsage['tokens'] },
): boolean {
  return before.tokens !== null && inputOf(reported) >= inputOf(before.tokens) + inputOf(seen);
}

/** Input is known with the first row of an answer; of its output that row tells a part only. */
const inputOf = (tokens: AgentUsage['tokens']) =>
  (tokens ?? []).reduce((sum, used) => sum + used.input + used.cacheRead + used.cacheWrite, 0);

function since(before: Used, { tokens, costUsd }: Used): Used {
  const earlier = new Map(before.tokens?.map(used => [used.model, used]));
  const less = (a: number, b = 0) => Math.max(0, a - b);
  return {
    tokens:
      tokens?.map(({ model, ...used }) => ({
        model,
        input: less(used.input, earlier.get(model)?.input),
        output: less(used.output, earlier.get(model)?.output),
        cacheRead: less(used.cacheRead, earlier.get(model)?.cacheRead),
        cacheWrite: less(used.cacheWrite, earlier.get(model)?.cacheWrite),
      })) ?? null,
    costUsd: costUsd === null ? null : less(costUsd, before.costUsd ?? 0),
  };
}

/** The fields of an answer of Anthropic's API. */
const tokensOf = (model: string, usage: Row | null): ModelTokens => ({
  model,
  input: numberIn(usage, 'input_tokens') ?? 0,
  output: numberIn(usage, 'output_tokens') ?? 0,
  cacheRead: numberIn(usage, 'cache_read_input_tokens') ?? 0,
  cacheWrite: numberIn(usage, 'cache_creation_input_tokens') ?? 0,
});

/** The fields of `modelUsage`, whose names are the models', with `[1m]` for a long context. */
const reportedTokens = (model: string, usage: Row | null): ModelTokens => ({
  model: model.replace(/\[.*\]$/, ''),
  input: numberIn(usage, 'inputTokens') ?? 0,
  output: numberIn(usage, 'outputTokens') ?? 0,
  cacheRead: numberIn(usage, 'cacheReadInputTokens') ?? 0,
  cacheWrite: numberIn(usage, 'cacheCreationInputTokens') ?? 0,
});

/** The first rows of an answer are written before its end is known, so the output grows. */
const larger = (a: ModelTokens, b: ModelTokens): ModelTokens => ({
  model: a.model,
  input: Math.max(a.input, b.input),
  output: Math.max(a.output, b.output),
  cacheRead: Math.max(a.cacheRead, b.cacheRead),
  cacheWrite: Math.max(a.cacheWrite, b.cacheWrite),
});
