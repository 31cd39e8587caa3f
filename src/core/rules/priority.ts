/** From 0, the most urgent, to 4: the lowest of the labels `priority:0` … `priority:4`, 3 without one. */
export function priorityOf(labels: readonly string[]): number {
  // Most issues have one label, and there may be a hundred thousand of them.
  const lowest = labels.length < 2 ? -1 : PRIORITIES.findIndex(label => labels.includes(label));
  return lowest === -1 ? USUAL : lowest;
}

const USUAL = 3;

export const PRIORITIES: readonly string[] = [0, 1, 2, 3, 4].map(priority => `priority:${priority}`);
