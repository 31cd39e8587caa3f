import type { Candidate } from '../adapters/agents/agent-fleet.ts';
import type { Model } from './model.ts';
import type { Pinned } from './programs.ts';

const KEY = 'sk-ant-api03-not-a-real-key-0123456789';

/** A real Claude Code that talks to the stub of its model's API and to nobody else. */
export function claudeWith(
  model: Model,
  { program }: Pinned,
  login: 'key' | 'subscription' = 'key',
): Candidate {
  return {
    agent: 'claude',
    program: program ?? '',
    args: [],
    env: {
      ...(login === 'key'
        ? { ANTHROPIC_API_KEY: KEY }
        : { CLAUDE_CODE_OAUTH_TOKEN: 'sk-ant-oat01-not-real' }),
      ANTHROPIC_BASE_URL: model.url,
      CLAUDE_CODE_MAX_RETRIES: '1',
      CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
      DISABLE_TELEMETRY: '1',
      // Root in a container: the tests run as whoever runs them.
      IS_SANDBOX: '1',
    },
  };
}

/** A real Codex that talks to the stub of its model's API and to nobody else. */
export function codexWith(model: Model, { program }: Pinned): Candidate {
  const provider = `{name="stub",base_url="${model.url}/v1",wire_api="responses",env_key="CODEX_API_KEY",request_max_retries=1,stream_max_retries=1}`;
  return {
    agent: 'codex',
    program: program ?? '',
    args: ['-c', 'model_provider="stub"', '-c', `model_providers.stub=${provider}`, '-m', 'gpt-5-codex'],
    env: { CODEX_API_KEY: 'sk-not-a-real-key-0123456789' },
  };
}
