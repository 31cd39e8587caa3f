// The agent of the rogues' fleets: the first word of the issue's title names the file in agents/ that it is.
const { misbehave } = await import(`./agents/${process.env.HARNESS_TITLE.split(' ')[0]}.mjs`);
await misbehave();
