import type { Outcome } from '../core/contracts.ts';
import { parsePatterns } from '../landing/gates/patterns.ts';
import { secretsGate } from '../landing/gates/secrets.ts';
import type { GateResult } from '../landing/gates.ts';
import type { Oid } from '../ports.ts';
import type { Engine } from './engine.ts';

/** Asks whether anything that landing `head` makes public holds a secret: its commits, and the outcome's texts. */
export async function askSecrets(
  { repos, settings, withheld }: Engine,
  { repo, base, head, outcome }: { repo: string; base: Oid; head: Oid; outcome: Outcome | null },
): Promise<GateResult> {
  const [published, { secrets }] = await Promise.all([repos.published(repo, { base, head }), withheld()]);
  return secretsGate({
    published,
    texts: textsIn(outcome).map(text => ({ place: 'the outcome', text })),
    known: secrets,
    allow: parsePatterns(settings.HARNESS_SECRETS_ALLOW),
  });
}

/** The same for a value whose texts become issues and comments. */
export async function askSecretsIn({ settings, withheld }: Engine, value: unknown): Promise<GateResult> {
  const { secrets } = await withheld();
  return secretsGate({
    published: { commits: [], paths: [], files: [], cut: [] },
    texts: textsIn(value).map(text => ({ place: 'the proposal', text })),
    known: secrets,
    allow: parsePatterns(settings.HARNESS_SECRETS_ALLOW),
  });
}

/** Every text in a value, names of fields too, at whatever depth. */
function textsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  if (Array.isArray(value)) return value.flatMap(textsIn);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => [name, ...textsIn(inner)]);
}
