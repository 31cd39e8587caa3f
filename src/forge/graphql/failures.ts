import { GraphQLError } from 'graphql';
import { ApiFailure } from '../http/failures.ts';

/** GitHub's NOT_FOUND. */
export function unresolved(message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { type: 'NOT_FOUND' } });
}

/** An error as GitHub writes it: its kind beside its message. */
export function errorShape({ message, path, locations, extensions, originalError }: GraphQLError) {
  const failure = originalError instanceof ApiFailure ? originalError : null;
  const type = failure === null ? extensions.type : typeOf(failure.status);
  return {
    ...(type === undefined ? {} : { type }),
    ...(path === undefined ? {} : { path }),
    ...(locations === undefined ? {} : { locations }),
    message: failure === null ? message : messageOf(failure),
  };
}

function typeOf(status: number): string {
  if (status === 404) return 'NOT_FOUND';
  return status === 401 || status === 403 ? 'FORBIDDEN' : 'UNPROCESSABLE';
}

/** What REST spreads over a list of fields, GraphQL says in one sentence. */
function messageOf({ message, errors }: ApiFailure): string {
  const reasons = (errors ?? []).map(
    ({ field, code, message: reason }) => reason ?? `${field ?? 'request'} is ${code.replaceAll('_', ' ')}`,
  );
  return reasons.length === 0 ? message : reasons.join(', ');
}
