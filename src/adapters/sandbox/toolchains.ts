import { basename, delimiter, dirname, isAbsolute, join } from 'node:path';

/**
 * Directories that hold programs and no secrets, as far as such a thing can be known: those on the PATH with what
 * belongs to them, and where the well-known version managers put what these lead to in a home.
 */
export function toolchains({ home, path }: { home: string; path: string }): readonly string[] {
  const onPath = path.split(delimiter).filter(entry => isAbsolute(entry));
  const installed = onPath
    .filter(entry => entry.endsWith('/bin'))
    .map(entry => dirname(entry))
    .filter(prefix => prefix !== home && !SHARED.has(basename(prefix)));
  return [
    ...KNOWN.map(name => join(home, name)),
    ...installed.flatMap(prefix =>
      // Elsewhere it may be a project that has a `bin`, or a whole disk.
      prefix.startsWith(`${home}/`) ? prefix : INSTALLED.map(name => join(prefix, name)),
    ),
    ...onPath,
  ];
}

/** Beside the programs in these there are keyrings or credentials. */
const SHARED: ReadonlySet<string> = new Set(['.local', '.cargo']);

/** What programs of a prefix read (GNU coding standards). */
const INSTALLED = ['lib', 'lib64', 'libexec', 'include', 'share'];

const KNOWN = [
  ...[
    '.nvm',
    '.fnm',
    '.volta',
    '.asdf',
    '.bun',
    '.deno',
    '.nodenv',
    '.pyenv',
    '.rbenv',
    '.rustup',
    '.sdkman',
  ],
  ...['.cargo/bin', 'go/bin', '.local/lib', '.local/share/claude', '.local/share/mise', '.local/share/fnm'],
];
