import { type Gate, obstacle } from './gate.ts';

export const capabilityGate: Gate = {
  code: 'needs-capability',
  question: 'Can this host do what it needs?',
  check: ({ issue, wanted }, { board }) => {
    if (wanted === null || wanted === 'CLOSE_PRD') return null;
    const needs = issue.labels.filter(label => label.startsWith(NEEDS));
    if (needs.length === 0) return null;
    const able = new Set(board.world.host.capabilities.map(capability => capability.trim().toLowerCase()));
    const lacking = needs
      .map(label => label.slice(NEEDS.length).trim())
      .filter(capability => capability !== '' && !able.has(capability));
    if (lacking.length === 0) return null;
    return obstacle(`this host lacks ${lacking.join(', ')}`, 'a host that has it takes the issue');
  },
};

const NEEDS = 'needs:';

export const scopeGate: Gate = {
  code: 'scope-busy',
  question: 'Are the paths of its scope free?',
  check: ({ issue }, { scopesInFlight }) => {
    if (issue.kind !== 'child') return null;
    const other = scopesInFlight.overlapping(issue.scope);
    return other === null ? null : scopeTaken(other);
  },
};

/** Two children whose declared scopes overlap are not in flight together. */
export const scopeTaken = (other: string) =>
  obstacle(`${other} is in flight and declares overlapping paths`, `${other} has landed`);
