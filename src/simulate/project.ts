import type { Files } from './git/objects.ts';

/**
 * What an issue asks for. `own` touches one file; `shared` adds a line to a file that others change too, so
 * that merges conflict; `api` changes a version and all its uses, `use` adds a use, so that two changes can
 * each be right and their merge be wrong without any conflict.
 */
export type Wish = 'own' | 'shared' | 'api' | 'use';

export const WISHES: Readonly<Record<Wish, number>> = { own: 4, shared: 2, api: 1, use: 2 };

/** The project before any work. */
export const FIRST_FILES: Files = new Map([
  ['api', '1'],
  ['shared', ''],
]);

/** The files with the issue's wish fulfilled, in an attempt of this number: no two do quite the same. */
export function fulfil(
  files: Files,
  { issue, wish, attempt }: { readonly issue: number; readonly wish: Wish; readonly attempt: number },
): Files {
  const done = new Map(files).set(`own/${issue}`, `done ${issue}, attempt ${attempt}`);
  switch (wish) {
    case 'own':
      return done;
    case 'shared':
      return done.set('shared', withLine(files.get('shared') ?? '', `line of ${issue}`));
    case 'use':
      return done.set(`use/${issue}`, files.get('api') ?? '');
    case 'api':
      return withNextApi(done, issue);
    default:
      return wish satisfies never;
  }
}

/** The files with a fault that a verification finds. */
export const spoil = (files: Files, issue: number): Files =>
  new Map(files).set(`own/${issue}`, `BUG of ${issue}`);

/** The files with a test of what the issue asks for. */
export const withTest = (files: Files, issue: number): Files =>
  new Map(files).set(`test/${issue}`, `own/${issue}`);

/**
 * What HARNESS_VERIFY would say: no bug anywhere, every use is of the version that the api has, and what a test looks
 * for is there.
 */
export function isSound(files: Files): boolean {
  const api = files.get('api');
  return [...files].every(
    ([path, text]) =>
      !text.startsWith('BUG') &&
      (!path.startsWith('use/') || text === api) &&
      (!path.startsWith('test/') || files.has(text)),
  );
}

/** The files as whoever mends them leaves them. */
export const mended = (files: Files): Files =>
  new Map(
    [...files].map(([path, text]) => {
      if (path.startsWith('use/')) return [path, files.get('api') ?? ''];
      return [path, text.replace(/^BUG/, 'no bug')];
    }),
  );

const withLine = (text: string, line: string) => (text.includes(`${line}\n`) ? text : `${text}${line}\n`);

function withNextApi(files: Map<string, string>, issue: number): Files {
  const known = files.get('api') ?? '0';
  const isDone = known.endsWith(`.${issue}`);
  const version = isDone ? known : `${Number.parseInt(known, 10) + 1}.${issue}`;
  for (const path of files.keys()) if (path.startsWith('use/')) files.set(path, version);
  return files.set('api', version);
}
