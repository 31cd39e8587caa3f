import { delimiter, dirname, isAbsolute, join } from 'node:path';

/**
 * Directories that hold programs and no secrets, as far as such a thing can be known: those on the PATH, and where the
 * well-known version managers put what these lead to in a home.
 */
export function toolchains({ home, path }: { home: string; path: string }): readonly string[] {
  const onPath = path.split(delimiter).filter(entry => isAbsolute(entry));
  const installed = onPath
    .filter(entry => entry.endsWith('/bin'))
    .map(entry => dirname(entry))
    .filter(prefix => !SHARED.some(name => prefix === join(home, name)) && prefix !== home)
    // `/data/bin` does not make all of `/data` a toolchain.
    .filter(prefix => dirname(prefix) !== '/');
  return [...KNOWN.map(name => join(home, name)), ...installed, ...onPath];
}

/** Beside the programs in these there are keyrings or credentials. */
const SHARED = ['.local', '.cargo'];

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
