import { existsSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { execa } from 'execa';

/** A pinned program, installed from the npm registry; proprietary or large, so it is in no lock file. */
export interface Pinned {
  readonly name: keyof typeof PACKAGES;
  readonly version: string;
  /** Path; null when it can't be had. */
  readonly program: string | null;
  /** Why it can't be had. */
  readonly why: string;
}

const PACKAGES = {
  claude: { spec: '@anthropic-ai/claude-code', version: '2.1.197' },
  codex: { spec: '@openai/codex', version: '0.169.0' },
  gemini: { spec: '@google/gemini-cli', version: '0.61.0' },
  opencode: { spec: 'opencode-ai', version: '1.18.33' },
} as const;

/** Finds a program that an earlier run has installed, or installs it; HARNESS_TEST_AGENTS_DIR says where. */
export async function havePinned(name: keyof typeof PACKAGES): Promise<Pinned> {
  const { spec, version } = PACKAGES[name];
  const root = process.env.HARNESS_TEST_AGENTS_DIR ?? path.join(tmpdir(), 'harness-test-agents');
  const dir = path.join(root, `${name}-${version}`);
  const program = path.join(dir, 'node_modules', '.bin', name);
  if (!existsSync(program)) {
    mkdirSync(dir, { recursive: true });
    const install = ['install', '--prefix', dir, '--no-fund', '--no-audit', '--loglevel=error'];
    const installed = await execa('npm', [...install, `${spec}@${version}`], {
      reject: false,
      timeout: INSTALL_MS,
    });
    if (installed.failed) {
      return { name, version, program: null, why: installed.stderr.split('\n')[0] ?? 'npm failed' };
    }
  }
  const says = await execa(program, ['--version'], { reject: false, timeout: 30_000 });
  const isIt = !says.failed && says.stdout.includes(version);
  return { name, version, program: isIt ? program : null, why: isIt ? '' : `it says ${says.stdout}` };
}

const INSTALL_MS = 240_000;
