import { readFileSync } from 'node:fs';
import type { Row } from './agent.ts';
import { answerHook, type HookFacts } from './answer-hook.ts';

// Started by an agent for each of its events: `node hook.js <hook.json>`, with the event on standard input.
// Whatever goes wrong here must not stop the agent: it says nothing and ends well.
const [path = ''] = process.argv.slice(2);
try {
  const facts = JSON.parse(readFileSync(path, 'utf8')) as HookFacts;
  const payload = JSON.parse(readFileSync(0, 'utf8')) as Row;
  const answer = await answerHook(facts, payload);
  if (answer !== null) process.stdout.write(JSON.stringify(answer));
} catch {
  // An agent whose session is gone goes on without us.
}
