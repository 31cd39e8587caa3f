import type { Settings } from './settings.ts';

/** A label as GitHub keeps it. */
export interface Label {
  readonly name: string;
  /** Six hexadecimal digits. */
  readonly color: string;
  /** At most 100 characters (GitHub docs, "Create a label"). */
  readonly description: string;
}

/** The labels that a fleet reads or sets, with what they say to people. */
export function labelsOf(settings: Settings): readonly Label[] {
  const label = (name: string, color: string, description: string): Label => ({ name, color, description });
  const all = [
    label(settings.HARNESS_LABEL_READY, '0e8a16', 'An agent may take this'),
    label(settings.HARNESS_LABEL_PRD, '5319e7', 'Describes what is wanted; agents cut it into issues'),
    label(settings.HARNESS_LABEL_WORKING, 'fbca04', 'An agent works on this now'),
    label(settings.HARNESS_LABEL_BLOCKED, 'd93f0b', 'Waits for a person'),
    label(settings.HARNESS_LABEL_REVIEWED, '1d76db', 'All criteria are met on the default branch'),
    label(settings.HARNESS_LABEL_PAUSED, 'c5def5', 'Its work is saved and goes on later'),
    label(settings.HARNESS_LABEL_BUG, 'd73a4a', "Something isn't working"),
    label(settings.HARNESS_LABEL_BUG_TRIAGED, 'e99695', 'The cause of this bug is known'),
  ];
  return all.filter(({ name }, index) => all.findIndex(other => sameLabel(other.name, name)) === index);
}

/** GitHub tells labels apart without case. */
export const sameLabel = (one: string, other: string) => one.toLowerCase() === other.toLowerCase();
