import { LABEL } from './setting-forms.ts';
import type { Rule } from './settings.ts';

/** The labels that mean something to the engine. */
export const LABEL_SETTINGS = {
  HARNESS_LABEL_READY: {
    home: 'policy',
    type: 'text',
    default: 'ready-for-agent',
    form: LABEL,
    help: 'Label of the issues that agents may take.',
  },
  HARNESS_LABEL_PRD: {
    home: 'policy',
    type: 'text',
    default: 'prd',
    form: LABEL,
    help: 'Label of a PRD issue.',
  },
  HARNESS_LABEL_WORKING: {
    home: 'policy',
    type: 'text',
    default: 'agent-working',
    form: LABEL,
    help: 'Label of an issue that is being worked on; it mirrors the lease.',
  },
  HARNESS_LABEL_BLOCKED: {
    home: 'policy',
    type: 'text',
    default: 'agent-blocked',
    form: LABEL,
    help: 'Label of an issue that waits for a person.',
  },
  HARNESS_LABEL_REVIEWED: {
    home: 'policy',
    type: 'text',
    default: 'reviewed',
    form: LABEL,
    help: 'Label of a PRD whose review is done.',
  },
  HARNESS_LABEL_COORD: {
    home: 'policy',
    type: 'text',
    default: 'coordination',
    form: LABEL,
    help: 'Label of issues that coordinate work over repositories.',
    pending: true,
  },
  HARNESS_LABEL_PAUSED: {
    home: 'policy',
    type: 'text',
    default: 'agent-paused',
    form: LABEL,
    help: 'Label of an issue whose work was checkpointed and waits to be resumed.',
  },
  HARNESS_LABEL_BUG: { home: 'policy', type: 'text', default: 'bug', form: LABEL, help: 'Label of a bug.' },
  HARNESS_LABEL_BUG_TRIAGED: {
    home: 'policy',
    type: 'text',
    default: 'bug-triaged',
    form: LABEL,
    help: 'Label of a bug that was triaged and can be fixed.',
  },
} as const satisfies Record<string, Rule>;
