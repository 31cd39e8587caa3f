import { join } from 'node:path';

/**
 * Variables with which build tools keep what they download and make below `dir`, each as its own documentation names
 * it. XDG_CACHE_HOME moves many more on Linux: Deno, Corepack, ccache, golangci-lint, pre-commit.
 */
export function cacheVariables(dir: string): Readonly<Record<string, string>> {
  const at = (name: string) => join(dir, name);
  return {
    XDG_CACHE_HOME: at('xdg'),
    npm_config_cache: at('npm'),
    YARN_CACHE_FOLDER: at('yarn'),
    YARN_GLOBAL_FOLDER: at('yarn-global'),
    // Its store is below this. Packages in `node_modules` are hard links into it, so that editing one edits all.
    PNPM_HOME: at('pnpm'),
    BUN_INSTALL_CACHE_DIR: at('bun'),
    PIP_CACHE_DIR: at('pip'),
    UV_CACHE_DIR: at('uv'),
    POETRY_CACHE_DIR: at('poetry'),
    // Programs in `~/.cargo/bin` stay on the PATH, and settings in `~/.cargo/config.toml` count for all below the home.
    CARGO_HOME: at('cargo'),
    GOCACHE: at('go-build'),
    GOMODCACHE: at('go-mod'),
    // Its daemons, too, are per directory: one that two sessions share ends with the first of them.
    GRADLE_USER_HOME: at('gradle'),
    MAVEN_ARGS: `-Dmaven.repo.local=${at('maven')}`,
    NUGET_PACKAGES: at('nuget'),
    COMPOSER_CACHE_DIR: at('composer'),
    BUNDLE_USER_CACHE: at('bundler'),
  };
}
