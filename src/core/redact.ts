/**
 * Takes secrets out of text that is kept or shown: the values in `secrets` (those of at least eight
 * characters), tokens of well-known shapes, and passwords in URLs and headers.
 */
export function redact(text: string, secrets: readonly string[]): string {
  const values = secrets.filter(({ length }) => length >= SHORTEST).sort((a, b) => b.length - a.length);
  const known = values.reduce((rest, value) => rest.replaceAll(value, REDACTED), text);
  return SHAPES.reduce((rest, shape) => rest.replace(shape, `$1${REDACTED}`), known);
}

const REDACTED = '[redacted]';

/** Shorter values are words such as `true`; taking them out would garble the text and hide nothing. */
const SHORTEST = 8;

/** The first group is what stays. */
const SHAPES: readonly RegExp[] = [
  // https://github.blog/engineering/behind-githubs-new-authentication-token-formats/
  /()\b(?:gh[opsur]_[A-Za-z0-9]{20,255}|github_pat_\w{20,255})/g,
  /()\bsk-(?:ant-|proj-)?[\w-]{20,}/g,
  /(\bauthorization: *(?:basic|bearer|token) +)\S+/gi,
  /(\b[a-z][a-z+]*:\/\/[^\s/:@]*:)[^\s/@]+(?=@)/gi,
];
