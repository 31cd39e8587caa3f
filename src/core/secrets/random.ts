/** Whether a text is random enough to be a secret, in bits per character, and not evidently made up. */
export const isRandom = (text: string, leastEntropy: number): boolean =>
  !MADE_UP.test(text) && entropyOf(text) >= leastEntropy;

// What people write where a secret would be; the last is the token that jwt.io shows. None is likely by chance.
const MADE_UP =
  /example|placeholder|dummy|sample|redact|change-?me|replace-?me|your[_-]|xxxx|fake|\*\*\*|\.\.\.|[<>{}$%]|0123456|1234567|abcdefg|eyJzdWIiOiIxMjM0NTY3ODkw/i;

/** Shannon's entropy of a text's characters, in bits per character. */
function entropyOf(text: string): number {
  const counts = new Map<string, number>();
  for (const letter of text) counts.set(letter, (counts.get(letter) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= (count / text.length) * Math.log2(count / text.length);
  return bits;
}
