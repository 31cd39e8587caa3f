import { createRequire } from 'node:module';
import type { ValidateFunction } from 'ajv';
import { Ajv } from 'ajv';

interface Operation {
  readonly responses?: Readonly<
    Record<string, { readonly content?: Readonly<Record<string, { readonly schema: object }>> }>
  >;
}

type Description = { readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>> };

/** GitHub's published description, with references resolved. */
const description = createRequire(import.meta.url)(
  '@octokit/openapi/generated/api.github.com.deref.json',
) as Description;

const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false });
const compiled = new Map<string, ValidateFunction | null>();

/** One answer of an API. */
export interface Answer {
  readonly method: string;
  /** `/repos/{owner}/{repo}` */
  readonly route: string;
  readonly status: number;
  readonly body: unknown;
}

/** What GitHub's description finds wrong with an answer; empty when it fits. */
export function problemsOf({ method, route, status, body }: Answer): readonly string[] {
  const key = `${method} ${route} ${status}`;
  const operation = description.paths[nameOf(route)]?.[method.toLowerCase()];
  if (operation === undefined) return [`${key}: GitHub has no such operation`];
  const response = operation.responses?.[String(status)];
  if (response === undefined) return status >= 400 ? [] : [`${key}: GitHub does not answer with this status`];
  const schema = response.content?.['application/json']?.schema;
  if (schema === undefined) return body === null ? [] : [`${key}: GitHub answers without a body`];
  const validate = compiled.get(key) ?? compile(key, schema);
  if (validate?.(body) !== false) return [];
  return (validate.errors ?? []).map(({ instancePath, message }) => `${key} ${instancePath} ${message}`);
}

/** The path as the description spells it: names of parameters differ between us and GitHub. */
function nameOf(route: string): string {
  const nameless = (path: string) => path.replace(/\{[^}]*\}/g, '{}');
  return Object.keys(description.paths).find(path => nameless(path) === nameless(route)) ?? route;
}

function compile(key: string, schema: object): ValidateFunction {
  const validate = ajv.compile(withNull(schema) as object);
  compiled.set(key, validate);
  return validate;
}

/** OpenAPI 3.0 says `nullable: true`; JSON Schema wants null among the types. */
function withNull(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(withNull);
  if (typeof schema !== 'object' || schema === null) return schema;
  const entries = Object.entries(schema).filter(
    ([key]) => key !== 'nullable' && key !== 'example' && key !== 'examples',
  );
  const plain = Object.fromEntries(entries.map(([key, value]) => [key, withNull(value)]));
  return 'nullable' in schema && schema.nullable === true ? { anyOf: [{ type: 'null' }, plain] } : plain;
}
