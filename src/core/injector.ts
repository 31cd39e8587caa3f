/**
 * The name under which a person's command holds a stage of the unit, beside the workers of the same fleet. They must
 * not take what it holds for an interrupted attempt of their own.
 */
export const injectorOf = (fleet: string) => `${fleet}-inject`;
