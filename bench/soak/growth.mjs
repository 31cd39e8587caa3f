/**
 * How each worker that nobody killed has grown: mean size at first and in the end, and whether that is flat. Samples
 * are rows of sizes, one row a second, one size a worker; a worker that was gone at times is left out.
 */
export function growthOf(samples) {
  return (samples[0] ?? []).flatMap((_, at) => {
    const sizes = samples.flatMap(row => row[at] ?? []);
    if (sizes.length < samples.length) return [];
    const tenth = Math.max(1, Math.floor(sizes.length / 10));
    // The first tenth is the start-up.
    const first = meanOf(sizes.slice(tenth, 2 * tenth));
    const last = meanOf(sizes.slice(-tenth));
    return [{ worker: at + 1, first, last, isFlat: isFlat(first, last) }];
  });
}

// A worker's memory swings with what it reads at the moment. A leak of one record or file for each issue would show as
// more than this over a soak of some hundred issues.
const SWING_MEGABYTES = 40;
const SWING_FILES = 5;

const isFlat = (first, last) =>
  last.megabytes - first.megabytes < SWING_MEGABYTES && last.files - first.files < SWING_FILES;

const meanOf = sizes => ({
  megabytes: mean(sizes.map(({ megabytes }) => megabytes)),
  files: mean(sizes.map(({ files }) => files)),
});

const mean = values => values.reduce((sum, value) => sum + value, 0) / values.length;
