/** Lets so many in at a time, the others in the order in which they came; whoever is in leaves once. */
export function createRoom(places: number): { enter(): Promise<() => void> } {
  const waiting: (() => void)[] = [];
  let free = places;

  const leave = (): void => {
    const next = waiting.shift();
    if (next === undefined) free += 1;
    else next();
  };

  return {
    async enter() {
      if (free > 0) free -= 1;
      else await new Promise<void>(resolve => waiting.push(resolve));
      return leave;
    },
  };
}
