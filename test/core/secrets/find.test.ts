import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findPossibleSecrets, findSecrets } from '../../../src/core/secrets/find.ts';
import { knownSecrets } from '../../../src/core/secrets/known-values.ts';
import { TOKEN_RULES } from '../../../src/core/secrets/rules.ts';
import { processorMs } from '../../helpers/processor.ts';

const NOTHING = knownSecrets([]);

/** What is found in a text: the rule and the text itself. */
const found = (text: string, known: readonly string[] = []) =>
  findSecrets(text, knownSecrets(known)).map(({ rule, start, end }) => `${rule}: ${text.slice(start, end)}`);

// Put together here, so that no scanner takes this file for a leak.
const LETTERS = 'q7Zr2Xw9Lk4Vb8Np1Td6Hs3Gf5JmCyQeUaRoXzWvBnKtDhSgFjMcYpEuIa';
const random = (length: number) => LETTERS.repeat(5).slice(0, length);
const hex = (length: number) => '3f9a1c7e5b2d8046'.repeat(6).slice(0, length);
const base32 = (length: number) => 'Q7ZR2XWLK4VBNPTD6HS3'.repeat(5).slice(0, length);

const TOKENS: readonly (readonly [rule: string, token: string])[] = [
  ...['ghp', 'gho', 'ghu', 'ghs', 'ghr'].map(kind => ['github-token', `${kind}_${random(36)}`] as const),
  ['github-token', `github_${'pat'}_${random(22)}_${random(59)}`],
  ['gitlab-token', `glpat-${random(20)}`],
  ['gitlab-token', `glrt-${random(20)}`],
  ['aws-access-key', `AKIA${base32(16)}`],
  ['aws-access-key', `ASIA${base32(16)}`],
  ['google-api-key', `AIza${random(35)}`],
  ['google-oauth', `GOCSPX-${random(28)}`],
  ['google-oauth', `ya29.${random(60)}`],
  ['slack-token', `xoxb-${'1'.repeat(11)}-${random(24)}`],
  ['slack-token', `xapp-1-A0${random(40)}`],
  ['slack-webhook', `https://hooks.slack.com/services/T0${base32(8)}/B0${base32(8)}/${random(24)}`],
  ['discord-webhook', `https://discord.com/api/webhooks/${'11083742960517284'}/${random(68)}`],
  ['stripe-key', `sk_${'live'}_${random(24)}`],
  ['stripe-key', `whsec_${random(32)}`],
  ['model-api-key', `sk-ant-api03-${random(93)}`],
  ['model-api-key', `sk-proj-${random(48)}`],
  ['model-api-key', `hf_${random(34)}`],
  ['package-registry-token', `npm_${random(36)}`],
  ['package-registry-token', `pypi-AgEIcHlwaS5vcmc${random(60)}`],
  ['package-registry-token', `rubygems_${hex(48)}`],
  ['package-registry-token', `dckr_pat_${random(27)}`],
  ['mail-api-key', `SG.${random(22)}.${random(43)}`],
  ['mail-api-key', `key-${hex(32)}`],
  ['digitalocean-token', `dop_v1_${hex(64)}`],
  ['heroku-key', `HRKU-${random(40)}`],
  ['netlify-token', `nfp_${random(40)}`],
  ['supabase-token', `sbp_${hex(40)}`],
  ['supabase-token', `sb_secret_${random(30)}`],
  ['terraform-token', `atlasv1.${random(67)}`],
  ['vault-token', `hvs.${random(90)}`],
  ['databricks-token', `dapi${hex(32)}`],
  ['grafana-token', `glsa_${random(32)}_${hex(8)}`],
  ['newrelic-key', `NRAK-${base32(27)}`],
  ['sentry-token', `sntryu_${hex(64)}`],
  ['linear-key', `lin_api_${random(40)}`],
  ['notion-token', `ntn_${random(46)}`],
  ['atlassian-token', `ATATT3${random(180)}`],
  ['figma-token', `figd_${random(40)}`],
  ['postman-key', `PMAK-${hex(24)}-${hex(34)}`],
  ['shopify-token', `shpat_${hex(32)}`],
  ['planetscale-token', `pscale_tkn_${random(43)}`],
  ['doppler-token', `dp.pt.${random(43)}`],
  ['pulumi-token', `pul-${hex(40)}`],
  ['azure-key', `AccountKey=${random(86)}==`],
  ['age-key', `AGE-SECRET-KEY-1${base32(58)}`],
  ['json-web-token', `eyJ${random(20)}.eyJ${random(60)}.${random(43)}`],
];

describe('a token', () => {
  it.each(TOKENS)('of the rule %s is found: %s', (rule, token) => {
    expect(found(`const key = "${token}";`)).toEqual([`${rule}: ${token}`]);
  });

  it('has an example here for each of its rules', () => {
    const covered = new Set([...TOKENS.map(([rule]) => rule), 'private-key']);
    expect(TOKEN_RULES.filter(({ id }) => !covered.has(id))).toEqual([]);
  });

  it('is found wherever it stands in a text, and again', () => {
    const around = fc.string({
      unit: fc.constantFrom(' ', '\n', '"', '=', ':', 'é', '\\n', '/', ','),
      maxLength: 20,
    });
    fc.assert(
      fc.property(fc.constantFrom(...TOKENS), around, around, ([rule, token], before, after) => {
        expect(found(`${before} ${token} ${after} ${token}`)).toEqual([
          `${rule}: ${token}`,
          `${rule}: ${token}`,
        ]);
      }),
    );
  });

  it('is found after the escape of a line feed, but not within a word', () => {
    const token = `ghp_${random(36)}`;
    expect(found(`"one\\n${token}"`)).toHaveLength(1);
    expect(found(`one${token}`)).toHaveLength(0);
  });
});

describe('a private key', () => {
  const body = Array.from({ length: 3 }, () => `${random(60)}AB+/`).join('\n');

  it.each([
    'PRIVATE KEY',
    'RSA PRIVATE KEY',
    'OPENSSH PRIVATE KEY',
    'ENCRYPTED PRIVATE KEY',
    'PGP PRIVATE KEY BLOCK',
  ])('is found up to its end: %s', kind => {
    const key = `-----BEGIN ${kind}-----\nDEK-Info: AES-256-CBC,00\n\n${body}\n-----END ${kind}-----`;
    expect(found(`a\n${key}\nb`)).toEqual([`private-key: ${key}`]);
  });

  it('is found on one line of JSON, and without its end', () => {
    expect(found(`"-----BEGIN PRIVATE KEY-----\\n${body.replaceAll('\n', '\\n')}"`)).toHaveLength(1);
  });

  it('is not its name alone, nor a public key', () => {
    expect(found("text.startsWith('-----BEGIN PRIVATE KEY-----') || other(text)")).toEqual([]);
    expect(found(`-----BEGIN PUBLIC KEY-----\n${body}\n-----END PUBLIC KEY-----`)).toEqual([]);
    expect(found(`-----BEGIN CERTIFICATE-----\n${body}\n-----END CERTIFICATE-----`)).toEqual([]);
  });
});

describe('a secret without a shape of its own', () => {
  const value = random(24);

  it.each([
    [`Authorization: Bearer ${value}`, 'authorization-header'],
    [`{"authorization": "Basic ${value}"}`, 'authorization-header'],
    [`postgres://app:${value}@db.acme.io/x`, 'password-in-url'],
    [`const apiKey = "${value}"`, 'assigned-secret'],
    [`"client_secret": "${value}"`, 'assigned-secret'],
    [`db_password => '${value}'`, 'assigned-secret'],
    [`ACME_TOKEN=${value}\n`, 'assigned-secret'],
    [`export AWS_SECRET_ACCESS_KEY=${random(40)}`, 'assigned-secret'],
  ])('is known by what stands before it: %s', (text, rule) => {
    expect(findSecrets(text, NOTHING).map(one => one.rule)).toEqual([rule]);
  });

  it.each([
    'ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx',
    'AKIAIOSFODNN7EXAMPLE',
    `sk-${'a'.repeat(40)}`,
    'https://user:password@example.com',
    'postgres://postgres:postgres@localhost:5432/test',
    'Authorization: Bearer $TOKEN',
    `Authorization: token $${'{{ secrets.ACME_TOKEN_1 }}'}`,
    'token: "the-name-of-a-token-in-words"',
    'password = "correct-horse-battery-staple"',
    'const secret = process.env.ACME_SECRET_NUMBER_1;',
    'API_KEY=your_api_key_12345678',
    'type Token = { kind: "identifier-expression" }',
    '"integrity": "sha512-q7Zr2Xw9Lk4Vb8Np1Td6Hs3Gf5JmCyQeUaRoXzWvBnKtDhSg=="',
    'commit 3f9a1c7e5b2d80463f9a1c7e5b2d80463f9a1c7e',
    'task-list-of-the-day, desk-1234567890123456789',
    'see https://example.com:8080/a@b',
    'git@github.com:acme/app.git',
  ])('is not what people write in its place: %s', text => {
    expect(found(text)).toEqual([]);
  });

  it('may still be one where nothing may be left', () => {
    expect(findPossibleSecrets(`ghp_${'x'.repeat(36)}`, NOTHING)).toHaveLength(1);
  });
});

describe('a secret that is known', () => {
  const value = 'pa55/wörd+"of mine"';

  it.each<[string, string]>([
    ['as it is', value],
    ['in JSON', JSON.stringify({ value })],
    ['in a URL', `https://x.io/?k=${encodeURIComponent(value)}`],
    ['in Base64', Buffer.from(value).toString('base64')],
    ['in Base64 for URLs', Buffer.from(value).toString('base64url')],
    ['in Base64 after a name', Buffer.from(`x-access-token:${value}`).toString('base64')],
    ['in Base64 between others', Buffer.from(`ab${value}cd`).toString('base64')],
    ['in hexadecimal', Buffer.from(value).toString('hex')],
    ['in capital hexadecimal', Buffer.from(value).toString('hex').toUpperCase()],
  ])('is found %s', (_how, text) => {
    expect(findSecrets(`a ${text} b`, knownSecrets([value])).map(({ rule }) => rule)).toEqual([
      'known-secret',
    ]);
  });

  it('is found in Base64 whatever stands before and behind it', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 9 }), fc.uint8Array({ maxLength: 9 }), (before, after) => {
        const text = Buffer.concat([before, Buffer.from(value), after]).toString('base64');
        expect(findSecrets(text, knownSecrets([value]))).toHaveLength(1);
      }),
    );
  });

  it('is found by any line of it that is long enough', () => {
    expect(found('x line-number-one y', ['line-number-one\nshort\nline-number-two'])).toEqual([
      'known-secret: line-number-one',
    ]);
  });

  it('is looked for only when it is no short word', () => {
    expect(found('it is true that 1 is 1', ['true', '1', ''])).toEqual([]);
  });

  it('wins over a rule that finds it, too', () => {
    const token = `ghp_${random(36)}`;
    expect(found(`ACME_TOKEN=${token}\n`, [token])).toEqual([`known-secret: ${token}`]);
  });

  it('may be any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 8 }), text => {
        expect(findSecrets(`a${text}b`, knownSecrets([text])).length).toBeGreaterThan(0);
      }),
    );
  });
});

it('finds in order, without overlaps, whatever the text', () => {
  const piece = fc.oneof(
    fc.constantFrom(
      ...TOKENS.map(([, token]) => token),
      'authorization: bearer ',
      '://a:',
      '@',
      'token="',
      '"',
    ),
    fc.string({ unit: 'binary', maxLength: 6 }),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 20 }), pieces => {
      const text = pieces.join('');
      let end = 0;
      for (const secret of findSecrets(text, knownSecrets(['known-value-1']))) {
        expect(secret.start).toBeGreaterThanOrEqual(end);
        expect(secret.end).toBeGreaterThan(secret.start);
        end = secret.end;
      }
      expect(end).toBeLessThanOrEqual(text.length);
    }),
  );
});

describe('the time', () => {
  const hostile = [
    'eyJ-',
    'sk-1-',
    '://a:',
    'token',
    'token="',
    'authorization: bearer ',
    'SG.',
    'password=a',
    '-',
  ];

  it.each([
    ...hostile,
    '-----BEGIN PRIVATE KEY-----',
    `-----BEGIN PRIVATE KEY-----${'a'.repeat(5_000)}`,
    'é密ghp_ ',
  ])('grows with the text and no faster: %s', piece => {
    const text = piece.repeat(Math.ceil(2_000_000 / piece.length));
    const tookMs = processorMs(() => findSecrets(text, knownSecrets(['known-value-1'])));
    expect(tookMs).toBeLessThan(2_000);
  });
});
