import { isRandom } from './random.ts';
import type { SecretRule } from './rules.ts';

/** A rule that goes by what stands before a secret, in any case. */
const context = (id: string, starts: string, leastEntropy: number, pattern: RegExp): SecretRule => ({
  id,
  starts: starts.split(' '),
  pattern,
  isWord: false,
  isReal: secret => !WORDS.test(secret) && isRandom(secret, leastEntropy),
});

const WORDS = /^[a-z_.-]+$|secret|password/i;

/** Secrets without a shape of their own, after words that nothing else follows. */
export const CONTEXT_RULES: readonly SecretRule[] = [
  // https://www.rfc-editor.org/rfc/rfc9110#section-11.6.2
  context(
    'authorization-header',
    'authorization',
    3.5,
    /(authorization["']?\s{0,4}[:=,]\s{0,4}["'`]?(?:basic|bearer|token)\s{1,4})([^\s"'`]{1,4000})/iy,
  ),
  // https://www.rfc-editor.org/rfc/rfc3986#section-3.2.1
  context('password-in-url', '://', 3, /(:\/\/[^\s/:@"'`<>]{0,100}:)([^\s/@"'`<>]{1,500})(?=@)/iy),
];

/** Names and sentences are as random as a token, but hold no digit or no letter. */
function assignment(starts: string, pattern: RegExp): SecretRule {
  const rule = context('assigned-secret', starts, 3.8, pattern);
  return { ...rule, isReal: secret => /\d/.test(secret) && /[a-z]/i.test(secret) && rule.isReal(secret) };
}

/** The same after words that also stand before what is no secret: the idea of gitleaks' rule `generic-api-key`. */
export const ASSIGNMENT_RULES: readonly SecretRule[] = [
  assignment(
    'secret token passwd password api_key apikey api-key access_key accesskey private_key client_key credential',
    /([\w-]{5,30}["'`]?\s{0,4}(?::=|=>|[:=])\s{0,4}["'`])([^\s"'`$<>{}()]{16,200})(?=["'`])/iy,
  ),
  // As files of variables have it: without quotes, to the end of the line.
  assignment(
    'secret token passwd password api_key apikey access_key private_key',
    /(\w{5,30}=)([\w+/.~-]{16,200}={0,2})(?=\s|$)/iy,
  ),
];
