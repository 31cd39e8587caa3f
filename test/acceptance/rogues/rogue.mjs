// The agent of the rogues' fleets: the first word of the issue's title names the file in agents/ that it is. All
// reviews are the reviewer's.
const { HARNESS_TITLE, HARNESS_REVIEW_HEAD } = process.env;
if (HARNESS_REVIEW_HEAD) (await import('./agents/reviewer.mjs')).review();
else await (await import(`./agents/${HARNESS_TITLE.split(' ')[0]}.mjs`)).misbehave();
