// `npm run bench`: what things cost, as numbers. Nothing here is asserted; the tests do not depend on time.
import { benchDecide } from './decide.mjs';
import { benchFleet } from './fleet.mjs';
import { benchLanding } from './landing.mjs';
import { benchSession } from './session.mjs';
import { benchStages } from './stages.mjs';

const benches = {
  decide: benchDecide,
  session: benchSession,
  fleet: benchFleet,
  landing: benchLanding,
  stages: benchStages,
};
const wanted = process.argv.slice(2);
for (const [name, bench] of Object.entries(benches)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  console.log(`\n${name}`);
  await bench();
}
