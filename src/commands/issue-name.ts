import type { Unit } from '../core/units.ts';
import { HarnessError } from '../errors.ts';

/** An issue as the command line names it. */
export interface NamedIssue {
  readonly unit: string;
  /** `owner/name`, as the configuration spells it. */
  readonly repo: string;
  readonly number: number;
}

/**
 * The issue that a text means: `7`, `#7` (with one unit), `unit#7`, `owner/name#7` or its address. Throws
 * `usage-invalid` for anything else, for a repository that is no unit's, and when several units could be meant.
 */
export function parseIssueName(units: readonly Unit[], text: string): NamedIssue {
  const [, place = '', number] = NAME.exec(text.trim()) ?? ADDRESS.exec(text.trim()) ?? [];
  if (number === undefined) {
    throw new HarnessError(
      'usage-invalid',
      `Not an issue: ${JSON.stringify(text)}; expected 7, #7 or owner/name#7.`,
    );
  }
  const meant = units.filter(({ id, repo }) => place === '' || place === id || isSame(place, repo));
  const [unit] = meant;
  if (!unit) {
    const known = units.map(({ repo }) => repo).join(', ');
    throw new HarnessError('usage-invalid', `${place} is no repository of this fleet: ${known}.`);
  }
  if (meant.length > 1) {
    const names = meant.map(({ repo }) => `${repo}#${number}`).join(', ');
    throw new HarnessError('usage-invalid', `#${number} could be any of ${names}.`);
  }
  return { unit: unit.id, repo: unit.repo, number: Number(number) };
}

/** What a person names: an issue, or with `number` null the stages of a unit, PLAN and PRD, by its id. */
export function parseWorkName(
  units: readonly Unit[],
  text: string,
): Omit<NamedIssue, 'number'> & { readonly number: number | null } {
  const unit = units.find(({ id }) => id === text.trim());
  return unit ? { unit: unit.id, repo: unit.repo, number: null } : parseIssueName(units, text);
}

const isSame = (one: string, other: string) => one.toLowerCase() === other.toLowerCase();

const NAME = /^(?:([\w.-]+(?:\/[\w.-]+)?)?#)?([1-9]\d{0,14})$/;
const ADDRESS = /^https?:\/\/[^/\s]+\/([\w.-]+\/[\w.-]+)\/issues\/([1-9]\d{0,14})(?:[?#]\S*)?$/;
