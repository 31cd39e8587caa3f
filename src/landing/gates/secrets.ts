import { redact } from '../../core/redact.ts';
import { findSecrets, KNOWN_SECRET } from '../../core/secrets/find.ts';
import { type KnownSecrets, knownSecrets } from '../../core/secrets/known-values.ts';
import type { Published } from '../../ports.ts';
import { fail, type GateResult, pass, someOf, undecided } from '../gates.ts';
import { matcherOf } from './patterns.ts';

export interface SecretsFacts {
  readonly published: Published;
  /** Every other text that is to be published: of the outcome, the receipt, its attachments, the pull request. */
  readonly texts: readonly { readonly place: string; readonly text: string }[];
  /** Secrets of this host, see `hostSecrets`, and the token in use. */
  readonly known: readonly string[];
  /** Patterns of HARNESS_SECRETS_ALLOW: paths that may hold what looks like a secret. */
  readonly allow: readonly string[];
}

/** Where a secret is, and which rule found it; never what it is. */
export interface Leak {
  readonly rule: string;
  /** A path, `commit 1a2b3c4d`, or the place of a text. */
  readonly place: string;
  /** From 1; null where it is about a name. */
  readonly line: number | null;
}

/** Nothing that becomes public holds a secret, and all of it could be searched. */
export function secretsGate(facts: SecretsFacts): GateResult {
  const leaks = leaksIn(facts);
  if (leaks.length > 0) {
    const where = someOf(leaks.map(({ rule, place, line }) => `${place}${line ? `:${line}` : ''} (${rule})`));
    return fail('secrets', 'secrets', `holds secrets: ${where}`);
  }
  const { commits, cut } = facts.published;
  const unread = [
    ...cut.map(path => redact(path, facts.known)),
    ...commits.flatMap(({ oid, text }) => (text === null ? [nameOf(oid)] : [])),
  ];
  if (unread.length > 0) {
    return undecided('secrets', 'secrets', `too large to be searched for secrets: ${someOf(unread)}`);
  }
  return pass('secrets', `none in ${commits.length} commits and ${facts.texts.length} texts`);
}

/** Every secret in what becomes public. The names of files count, and so does what one commit adds and another removes. */
export function leaksIn({ published, texts, allow, ...facts }: SecretsFacts): readonly Leak[] {
  const known = knownSecrets(facts.known);
  const isAllowed = matcherOf(allow);
  const inFiles = published.files.flatMap(({ path, added }) =>
    search(added.map(({ text }) => text).join('\n'), known)
      .filter(({ rule }) => rule === KNOWN_SECRET || isAllowed(path) === null)
      .map(({ rule, line }) => ({
        rule,
        place: redact(path, facts.known),
        line: added[line - 1]?.line ?? null,
      })),
  );
  const inCommits = published.commits.flatMap(({ oid, text }) =>
    search(text ?? '', known).map(({ rule, line }) => ({ rule, place: nameOf(oid), line })),
  );
  const inNames = published.paths.flatMap(path =>
    search(path, known).map(({ rule }) => ({ rule, place: 'the name of a file', line: null })),
  );
  const inTexts = texts.flatMap(({ place, text }) =>
    search(text, known).map(({ rule, line }) => ({ rule, place, line })),
  );
  return distinct([...inFiles, ...inCommits, ...inNames, ...inTexts]);
}

// UTF-16 is ASCII with zero bytes in between.
function search(text: string, known: KnownSecrets): readonly { rule: string; line: number }[] {
  const plain = text.replaceAll('\0', '');
  let [at, line] = [0, 1];
  return findSecrets(plain, known).map(({ rule, start }) => {
    for (let end = plain.indexOf('\n', at); end >= 0 && end < start; end = plain.indexOf('\n', at)) {
      [at, line] = [end + 1, line + 1];
    }
    return { rule, line };
  });
}

const nameOf = (commit: string) => `commit ${commit.slice(0, 8)}`;

const distinct = (leaks: readonly Leak[]): readonly Leak[] => [
  ...new Map(leaks.map(leak => [JSON.stringify([leak.rule, leak.place, leak.line]), leak])).values(),
];
