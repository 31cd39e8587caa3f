import { isRandom } from './random.ts';

/**
 * One shape of a secret. `pattern` is sticky and begins where `start` was found; its first group stays when a text is
 * redacted, the second is the secret.
 */
export interface SecretRule {
  readonly id: string;
  /** Literal beginnings, one of which every match has. */
  readonly starts: readonly string[];
  readonly pattern: RegExp;
  /** The beginning is also a part of words, so that nothing of a word may stand before it. */
  readonly isWord: boolean;
  /** Whether what has the shape can be a secret, and not a placeholder such as `ghp_xxxxxxxx`. */
  readonly isReal: (secret: string) => boolean;
}

/** A token that its issuer gave a prefix so that it can be found. */
const token = (id: string, starts: string, rest: string, leastEntropy = 3): SecretRule => ({
  id,
  starts: starts.split(' '),
  pattern: new RegExp(`()(${rest})`, 'y'),
  isWord: true,
  isReal: secret => isRandom(secret, leastEntropy),
});

/**
 * Tokens with a prefix, as their issuers document them. Only what gives access: public keys and keys for test modes are
 * left out. The addresses are where the shape comes from, or the issuer's page about the token.
 */
export const TOKEN_RULES: readonly SecretRule[] = [
  // https://github.blog/engineering/behind-githubs-new-authentication-token-formats/
  token('github-token', 'ghp_ gho_ ghu_ ghs_ ghr_', 'gh[opusr]_[A-Za-z0-9]{20,255}'),
  token('github-token', 'github_pat_', 'github_pat_\\w{20,255}'),
  // https://docs.gitlab.com/security/tokens/#token-prefixes
  token(
    'gitlab-token',
    'glpat- gloas- gldt- glrt- glcbt- glptt- glft- glimt- glagent- glsoat- glffct- glwt-',
    'gl(?:pat|oas|dt|rt|cbt|ptt|ft|imt|agent|soat|ffct|wt)-[\\w.-]{20,300}',
  ),
  // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids
  token('aws-access-key', 'AKIA ASIA', 'A[KS]IA[A-Z2-7]{16}(?![A-Za-z0-9])'),
  // https://docs.cloud.google.com/docs/authentication/api-keys
  token('google-api-key', 'AIza', 'AIza[\\w-]{35}(?![\\w-])'),
  token('google-oauth', 'GOCSPX- ya29.', '(?:GOCSPX-[\\w-]{28}|ya29\\.[\\w-]{20,1000})'),
  // https://docs.slack.dev/authentication/tokens
  token(
    'slack-token',
    'xoxb- xoxp- xoxa- xoxr- xoxs- xoxe- xoxe. xapp-',
    '(?:xox[abeprs]|xapp)[-.][\\w.-]{20,500}',
  ),
  token(
    'slack-webhook',
    'https://hooks.slack.com/',
    'https://hooks\\.slack\\.com/(?:services|workflows|triggers)/[\\w/]{30,200}',
  ),
  // https://discord.com/developers/docs/resources/webhook
  token(
    'discord-webhook',
    'https://discord.com/api/ https://discordapp.com/api/',
    'https://discord(?:app)?\\.com/api/(?:v\\d+/)?webhooks/\\d{10,25}/[\\w-]{40,100}',
  ),
  // https://docs.stripe.com/keys
  token('stripe-key', 'sk_live_ rk_live_ whsec_', '(?:[sr]k_live|whsec)_[A-Za-z0-9+/=]{20,255}'),
  // https://platform.claude.com/docs/en/api/overview, https://platform.openai.com/docs/api-reference/authentication
  token('model-api-key', 'sk-', 'sk-(?=[\\w-]{0,40}\\d)[\\w-]{20,300}', 3.2),
  token('model-api-key', 'gsk_ xai- pplx- r8_ hf_', '(?:gsk_|xai-|pplx-|r8_|hf_)[A-Za-z0-9]{30,200}', 3.5),
  // https://docs.npmjs.com/about-access-tokens, https://pypi.org/help/#apitoken, https://doc.rust-lang.org/cargo
  token('package-registry-token', 'npm_', 'npm_[A-Za-z0-9]{36}(?![A-Za-z0-9])', 3.5),
  token('package-registry-token', 'pypi-', 'pypi-AgE[\\w-]{50,500}'),
  token('package-registry-token', 'rubygems_', 'rubygems_[a-f0-9]{48}'),
  token('package-registry-token', 'dckr_pat_ dckr_oat_', 'dckr_[po]at_[\\w-]{27,60}'),
  // https://www.twilio.com/docs/sendgrid/ui/account-and-settings/api-keys, https://documentation.mailgun.com
  token('mail-api-key', 'SG.', 'SG\\.[\\w-]{20,24}\\.[\\w-]{39,50}'),
  token('mail-api-key', 'key-', 'key-[0-9a-f]{32}(?![0-9a-z])'),
  // Hosting and infrastructure; each prefix is the issuer's own.
  token('digitalocean-token', 'dop_v1_ doo_v1_ dor_v1_', 'do[opr]_v1_[a-f0-9]{64}'),
  token('heroku-key', 'HRKU-', 'HRKU-[\\w-]{36,100}'),
  token('netlify-token', 'nfp_', 'nfp_[A-Za-z0-9]{36,60}', 3.5),
  token('supabase-token', 'sbp_ sb_secret_', 'sb(?:p_[a-f0-9]{40}|_secret_[\\w-]{20,80})'),
  token('terraform-token', 'atlasv1.', 'atlasv1\\.[\\w-]{60,100}'),
  token('vault-token', 'hvs. hvb. hvr.', 'hv[sbr]\\.[\\w-]{24,300}'),
  token('databricks-token', 'dapi', 'dapi[a-f0-9]{32}(?![a-f0-9])'),
  token('grafana-token', 'glsa_ glc_', 'gl(?:sa|c)_[\\w+/=]{32,400}'),
  token('newrelic-key', 'NRAK-', 'NRAK-[A-Z0-9]{27}'),
  token('sentry-token', 'sntrys_ sntryu_', 'sntry[su]_[\\w+/=]{40,400}'),
  token('linear-key', 'lin_api_ lin_oauth_', 'lin_(?:api|oauth)_[A-Za-z0-9]{32,80}', 3.5),
  token('notion-token', 'ntn_', 'ntn_[A-Za-z0-9]{40,60}', 3.5),
  token('atlassian-token', 'ATATT3 ATCTT3 ATBB', '(?:AT[AC]TT3[\\w=.-]{60,400}|ATBB[A-Za-z0-9]{32})'),
  token('figma-token', 'figd_', 'figd_[\\w-]{36,80}', 3.5),
  token('postman-key', 'PMAK-', 'PMAK-[a-f0-9]{24}-[a-f0-9]{34}'),
  token('shopify-token', 'shpat_ shpca_ shppa_ shpss_', 'shp(?:at|ca|pa|ss)_[a-fA-F0-9]{32}'),
  token('planetscale-token', 'pscale_', 'pscale_(?:tkn|oauth|pw)_[\\w.-]{32,80}'),
  token('doppler-token', 'dp.', 'dp\\.(?:pt|st|ct|sa|scim|audit)\\.(?:\\w{2,35}\\.)?[A-Za-z0-9]{40,60}'),
  token('pulumi-token', 'pul-', 'pul-[a-f0-9]{40}'),
  token(
    'azure-key',
    'AccountKey= SharedAccessKey=',
    '(?:AccountKey|SharedAccessKey)=[A-Za-z0-9+/]{43,86}={0,2}',
  ),
  token('age-key', 'AGE-SECRET-KEY-1', 'AGE-SECRET-KEY-1[0-9A-Z]{58}'),
  // https://www.rfc-editor.org/rfc/rfc7519: both parts are JSON, which begins with {" and so with eyJ.
  token('json-web-token', 'eyJ', '(?<![\\w-])eyJ[\\w-]{10,2000}\\.eyJ[\\w-]{10,4000}\\.[\\w-]{20,2000}', 4),
  {
    // https://www.rfc-editor.org/rfc/rfc7468, and OpenPGP's of RFC 9580. Up to the line that ends it.
    id: 'private-key',
    starts: ['-----BEGIN '],
    pattern:
      /()(-----BEGIN (?:[A-Z0-9]+ ){0,4}PRIVATE KEY(?: BLOCK)?-----[^-]{0,20000}(?:-(?!----)[^-]{0,20000}){0,20}(?:-----END [A-Z0-9 ]{1,60}-----)?)/y,
    isWord: false,
    // A name for such a key in code has no key after it.
    isReal: key => /[A-Za-z0-9+/=]{50}/.test(key.slice(0, 400)),
  },
];
