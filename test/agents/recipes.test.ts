import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { aTown } from '../acceptance/fleet.ts';
import { endWell, reportPrograms } from './merging.ts';
import { startModel } from './model.ts';
import { havePinned } from './programs.ts';

const names = ['claude', 'codex', 'gemini', 'opencode'] as const;
const pinned = await Promise.all(names.map(havePinned));
const { expectMerged } = reportPrograms(pinned);

/** What has to be around a program so that it talks to the stub of its model's API and to nobody else. */
function stubbed(
  name: (typeof names)[number],
  url: string,
): { readonly env: Readonly<Record<string, string>>; readonly files: Readonly<Record<string, string>> } {
  switch (name) {
    case 'claude':
      return {
        env: {
          ANTHROPIC_API_KEY: 'sk-ant-not-a-real-key',
          ANTHROPIC_BASE_URL: url,
          CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
          IS_SANDBOX: '1',
        },
        files: {},
      };
    case 'codex': {
      const provider = `name = "stub"\nbase_url = "${url}/v1"\nwire_api = "responses"\nenv_key = "CODEX_API_KEY"`;
      const config = `model_provider = "stub"\nmodel = "gpt-5-codex"\n[model_providers.stub]\n${provider}\n`;
      return { env: { CODEX_API_KEY: 'not-a-real-key' }, files: { '.codex/config.toml': config } };
    }
    case 'gemini':
      return {
        env: {
          GEMINI_API_KEY: 'not-a-real-key',
          GOOGLE_GEMINI_BASE_URL: url,
          GEMINI_CLI_NO_RELAUNCH: 'true',
        },
        files: { '.gemini/settings.json': JSON.stringify(GEMINI_SETTINGS) },
      };
    case 'opencode': {
      const provider = { anthropic: { options: { baseURL: `${url}/v1` } } };
      const config = { model: 'anthropic/claude-sonnet-4-5', autoupdate: false, provider };
      const env = { ANTHROPIC_API_KEY: 'not-a-real-key', OPENCODE_CONFIG_CONTENT: JSON.stringify(config) };
      return { env, files: {} };
    }
    default:
      return name satisfies never;
  }
}

// With another address of the API it does not find out by itself how to log in (0.61.0), and without a model it
// asks another one which to take.
const GEMINI_SETTINGS = {
  security: { auth: { selectedType: 'gemini-api-key' } },
  model: { name: 'gemini-2.5-pro' },
};

/** A program's command line, as docs/agents.md recommends it. */
function recipeOf(name: string): string {
  const text = readFileSync('docs/agents.md', 'utf8');
  const [, command] = new RegExp(`^\\| [^|]+ \\| \`(${name} [^\`]+)\` \\|`, 'm').exec(text) ?? [];
  if (command === undefined) throw new Error(`docs/agents.md has no recipe for ${name}.`);
  return command;
}

describe.each(pinned)('the recipe for $name $version', ({ name, program, why }) => {
  it.skipIf(program === null)(`does issues from dispatch to merge${why && `: ${why}`}`, async () => {
    const town = await aTown();
    const { url } = await startModel();
    const { env, files } = stubbed(name, url);
    const issues = [town.issue('behave: work'), town.issue('behave: work')];
    const fleet = await town.fleet('one', {
      HARNESS_AGENT_COMMAND: recipeOf(name),
      HARNESS_PASS_ENV: Object.keys(env).join(','),
      HARNESS_SANDBOX_PATHS: '~/.codex:rw,~/.gemini:rw',
      ...env,
      PATH: `${path.dirname(program ?? '')}:${process.env.PATH}`,
    });
    for (const [file, text] of Object.entries(files)) {
      const place = path.join(fleet.home, file);
      mkdirSync(path.dirname(place), { recursive: true });
      writeFileSync(place, text);
    }
    expect(await fleet.harness('start')).toMatchObject({ exit: 0 });
    await town.untilClosed(issues, 80_000);
    await expectMerged(town, name, issues);
    await endWell(fleet);
  });
});
