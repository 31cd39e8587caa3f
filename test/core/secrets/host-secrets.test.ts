import { expect, it } from 'vitest';
import { hostSecrets } from '../../../src/core/secrets/host-secrets.ts';

const VALUE = 'a1b2c3d4e5f6';

it.each([
  ...[
    'GH_TOKEN',
    'NPM_TOKEN',
    'ANTHROPIC_API_KEY',
    'AWS_SECRET_ACCESS_KEY',
    'AWS_ACCESS_KEY_ID',
    'DB_PASSWORD',
  ],
  ...[
    'DB_PASS',
    'MYSQL_PWD',
    'SENTRY_DSN',
    'SLACK_WEBHOOK_URL',
    'CI_JOB_TOKEN_2',
    'githubToken',
    'AZURE_CREDENTIALS',
  ],
])('takes %s for a secret', name => {
  expect(hostSecrets({ [name]: VALUE })).toEqual([VALUE]);
});

it.each([
  'PATH',
  'HOME',
  'PWD',
  'OLDPWD',
  'KEYBOARD',
  'PASSENGERS',
  'SSH_AUTH_SOCK',
  'TOKEN_FILE',
  'MONKEYS',
])('takes %s for none', name => {
  expect(hostSecrets({ [name]: VALUE })).toEqual([]);
});

it.each([
  ['a word', 'postgres'],
  ['a number', '1234567890'],
  ['a path', '/home/ann/.ssh/id_ed25519'],
  ['a path below the home', '~/.ssh/id_ed25519'],
  ['a short one', 'abc123'],
  ['nothing', ''],
])('takes %s for no secret, whatever its variable is called', (_what, value) => {
  expect(hostSecrets({ DB_PASSWORD: value, DB_KEY: undefined })).toEqual([]);
});

it('takes the password out of an address, as it is and decoded', () => {
  expect(hostSecrets({ DATABASE_URL: 'postgres://app:p%40ssw0rd1@db/x' })).toEqual([
    'p%40ssw0rd1',
    'p@ssw0rd1',
  ]);
  expect(hostSecrets({ PROXY: 'http://u:100%natural1@proxy' })).toEqual(['100%natural1']);
});

it('names each value once', () => {
  expect(hostSecrets({ GH_TOKEN: VALUE, GITHUB_TOKEN: ` ${VALUE} ` })).toEqual([VALUE]);
});
