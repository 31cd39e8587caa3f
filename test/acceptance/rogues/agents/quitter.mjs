// Stops at once.
export const misbehave = () => {};
