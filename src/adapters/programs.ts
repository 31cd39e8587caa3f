import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';
import { execa } from 'execa';
import { childEnv, type Environment } from './child-env.ts';

/** Where a program is: its path, or null when PATH does not lead to it. */
export function findProgram(name: string, env: Environment): string | null {
  const candidates = isAbsolute(name)
    ? [name]
    : (env.PATH ?? '').split(delimiter).map(directory => join(directory, name));
  return candidates.find(isExecutable) ?? null;
}

/** The number in what a program says of its version (`git version 2.39.5`); null when it says none. */
export async function versionOf(
  program: string,
  args: readonly string[],
  env: Environment,
): Promise<string | null> {
  const { stdout, failed } = await execa(program, [...args], {
    env: childEnv(env, { pass: [], extras: {} }),
    extendEnv: false,
    reject: false,
    stdin: 'ignore',
    timeout: 10_000,
  });
  return failed ? null : (/\d+(?:\.\d+)+/.exec(stdout)?.[0] ?? null);
}

/** Whether a version such as `2.39.5` is at least another one. */
export function isAtLeast(version: string, least: string): boolean {
  const [own, other] = [version, least].map(text => text.split('.').map(Number)) as [number[], number[]];
  const index = other.findIndex((part, at) => (own[at] ?? 0) !== part);
  return index === -1 || (own[index] ?? 0) > (other[index] ?? 0);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
