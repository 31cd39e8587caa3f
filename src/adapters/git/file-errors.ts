import { HarnessError } from '../../errors.ts';

/** The code of a file system error (`ENOENT`), or null when the value is something else. */
export function codeOf(error: unknown): string | null {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null;
}

/** Runs `act`, and tells a failure of the file system as a `HarnessError`. */
export async function withFileErrors<T>(act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    if (error instanceof HarnessError || !(error instanceof Error) || codeOf(error) === null) throw error;
    const fix = 'Check that the disk has space and that the directory belongs to you.';
    throw new HarnessError('git-failed', error.message, { fix, cause: error });
  }
}
