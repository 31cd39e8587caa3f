import type { Form } from './setting-forms.ts';
import type { Rule } from './settings.ts';

/** `opus=5/25/0.5/6.25, gpt-small=1/4`: input, output and, where they differ from input, cache read and write. */
const PRICES: Form = {
  pattern: /^[\w.:@-]+=[\d.]+(?:\/[\d.]+){1,3}(?:\s*,\s*[\w.:@-]+=[\d.]+(?:\/[\d.]+){1,3})*$/,
  expected: 'model=input/output[/cache read[/cache write]], …',
};

/** The settings that bound what agents may use. */
export const BUDGET_SETTINGS = {
  HARNESS_SESSION_MINUTES: {
    home: 'policy',
    type: 'limit',
    min: 1,
    max: 10_080,
    default: 120,
    help: 'Minutes that one agent session may take.',
  },
  HARNESS_MAX_MINUTES: {
    home: 'policy',
    type: 'limit',
    min: 1,
    max: 100_000,
    default: 480,
    help: 'Minutes that agents may work on one issue, over all attempts, before it is held for a person.',
  },
  HARNESS_MAX_ATTEMPTS: {
    home: 'policy',
    type: 'limit',
    min: 1,
    max: 100,
    default: 5,
    help: 'Failed attempts on an issue before it is held for a person.',
  },
  HARNESS_MAX_COST_USD: {
    home: 'policy',
    type: 'limit',
    min: 0.01,
    max: 1_000_000,
    default: Number.POSITIVE_INFINITY,
    help: 'US dollars that the attempts on one issue may cost together before it is held.',
  },
  HARNESS_MAX_COST_USD_PER_DAY: {
    home: 'policy',
    type: 'limit',
    min: 0.01,
    max: 1_000_000,
    default: Number.POSITIVE_INFINITY,
    help: 'US dollars that all fleets of a repository may spend in a day (UTC); nothing is started then until the next.',
  },
  HARNESS_PRICES: {
    home: 'policy',
    type: 'text',
    default: '',
    form: PRICES,
    help: 'US dollars per million tokens by model, for agents that do not tell what they cost, separated by commas.',
  },
  HARNESS_BREAKER_MINUTES: {
    home: 'policy',
    type: 'integer',
    min: 1,
    max: 10_080,
    default: 60,
    help: 'Minutes that an issue waits after the same failure came three times, and an agent after it could not log in or pay; then one probe goes.',
  },
} as const satisfies Record<string, Rule>;
