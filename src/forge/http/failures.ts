/** An answer that is not a success, with GitHub's status and body. */
export class ApiFailure extends Error {
  readonly status: number;
  readonly errors: readonly FieldError[] | null;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    status: number,
    message: string,
    more: { errors?: readonly FieldError[]; headers?: Readonly<Record<string, string>> } = {},
  ) {
    super(message);
    this.name = 'ApiFailure';
    this.status = status;
    this.errors = more.errors ?? null;
    this.headers = more.headers ?? {};
  }
}

/** One entry of `errors` in a 422. */
export interface FieldError {
  readonly resource: string;
  readonly field?: string;
  readonly code: 'missing' | 'missing_field' | 'invalid' | 'already_exists' | 'unprocessable' | 'custom';
  readonly message?: string;
}

const DOCUMENTATION = 'https://docs.github.com/rest';

/** The body that GitHub sends with a failure. */
export function failureBody(failure: ApiFailure): Readonly<Record<string, unknown>> {
  return {
    message: failure.message,
    ...(failure.errors === null ? {} : { errors: failure.errors }),
    documentation_url: DOCUMENTATION,
    status: String(failure.status),
  };
}

/** 404, also for what the login may not see. */
export function notFound(): ApiFailure {
  return new ApiFailure(404, 'Not Found');
}

/** 403 for a login whose role is too low (the words of GitHub for classic tokens). */
export function forbidden(message = 'Must have admin rights to Repository.'): ApiFailure {
  return new ApiFailure(403, message);
}

/** 422 with one entry per field. */
export function invalid(...errors: readonly FieldError[]): ApiFailure {
  return new ApiFailure(422, 'Validation Failed', { errors });
}

/** 422 with a message for people. */
export function invalidBecause(resource: string, message: string, field?: string): ApiFailure {
  return invalid({ resource, code: 'custom', message, ...(field === undefined ? {} : { field }) });
}
