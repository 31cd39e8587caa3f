import { createRequire } from 'node:module';
import type { ValidateFunction } from 'ajv';
import { Ajv } from 'ajv';

interface Description {
  readonly paths: Readonly<Record<string, Readonly<Record<string, { readonly responses?: Responses }>>>>;
  readonly components: {
    readonly schemas: Readonly<Record<string, object>>;
    readonly responses: Readonly<Record<string, { readonly content?: Content }>>;
  };
}

type Responses = Readonly<Record<string, Reference & { readonly content?: Content }>>;
type Content = Readonly<Record<string, { readonly schema: object }>>;
type Reference = { readonly $ref?: string };

/** GitHub's published description of its REST API. */
const description = createRequire(import.meta.url)(
  '@octokit/openapi/generated/api.github.com.json',
) as Description;

const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false });
ajv.addSchema({ $id: 'github', components: { schemas: withNull(description.components.schemas) } });
const compiled = new Map<string, ValidateFunction>();

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
  if (response === undefined) return [`${key}: GitHub does not answer with this status`];
  const schema = contentOf(response)?.['application/json']?.schema;
  if (schema === undefined) return body === null ? [] : [`${key}: GitHub answers without a body`];
  const validate = compiled.get(key) ?? compile(key, schema);
  if (validate(body)) return [];
  return (validate.errors ?? []).map(({ instancePath, message }) => `${key} ${instancePath} ${message}`);
}

/** The path as the description spells it: names of parameters may differ. */
function nameOf(route: string): string {
  const nameless = (path: string) => path.replace(/\{[^}]*\}/g, '{}');
  return Object.keys(description.paths).find(path => nameless(path) === nameless(route)) ?? route;
}

function contentOf(response: Reference & { readonly content?: Content }): Content | undefined {
  const name = response.$ref?.split('/').at(-1);
  if (name === undefined) return response.content;
  return description.components.responses[name]?.content;
}

function compile(key: string, schema: object): ValidateFunction {
  const validate = ajv.compile(withNull(schema) as object);
  compiled.set(key, validate);
  return validate;
}

/** OpenAPI 3.0 says `nullable: true`; JSON Schema wants null among the types. References lead to `github`. */
function withNull(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(withNull);
  if (typeof schema !== 'object' || schema === null) return schema;
  const plain: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(schema)) {
    if (key === '$ref') plain[key] = `github${value}`;
    else if (key !== 'nullable' || typeof value !== 'boolean') plain[key] = withNull(value);
  }
  return 'nullable' in schema && schema.nullable === true ? { anyOf: [{ type: 'null' }, plain] } : plain;
}
