import { type Matcher, matcherOf } from './patterns.ts';

/** What a file that defines the check is. */
export type DefinitionKind = 'lockfile' | 'runner' | 'lint' | 'compiler' | 'build' | 'scripts';

const named = (...names: readonly string[]): Matcher => matcherOf(names.flatMap(line => line.split(' ')));

/** The files that tools look for, by the names in each tool's documentation; a `package.json` is judged by its fields. */
export const DEFINITIONS: readonly (readonly [DefinitionKind, Matcher])[] = [
  [
    'lockfile',
    named(
      'package-lock.json npm-shrinkwrap.json yarn.lock pnpm-lock.y*ml bun.lock* deno.lock Cargo.lock',
      'go.sum go.work.sum poetry.lock uv.lock pdm.lock pylock*.toml Pipfile.lock requirements*.txt',
      'constraints*.txt Gemfile.lock composer.lock mix.lock pubspec.lock packages.lock.json',
      'gradle.lockfile Podfile.lock Package.resolved flake.lock',
    ),
  ],
  [
    'runner',
    named(
      'vitest.* vite.config.* jest.* .mocharc* karma.conf* ava.config.* .taprc .nycrc* .c8rc*',
      'playwright.config.* cypress.config.* cypress.json wdio.conf.* stryker.conf*',
      'web-test-runner.config.* pytest.ini .pytest.ini conftest.py .coveragerc codecov.y*ml',
      '.codecov.y*ml phpunit.xml* pest.php .rspec spec_helper.rb rails_helper.rb test_helper.*',
      'testng.xml .config/nextest.toml dart_test.y*ml *.runsettings *.testplan',
    ),
  ],
  [
    'lint',
    named(
      '.eslintrc* eslint.config.* .eslintignore biome.json* .prettierrc* prettier.config.*',
      '.prettierignore .stylelintrc* stylelint.config.* .oxlintrc* tslint.json .rubocop* .flake8',
      'ruff.toml .ruff.toml .pylintrc pylintrc mypy.ini .mypy.ini bandit.y*ml pyrightconfig.json',
      '.golangci.* clippy.toml .clippy.toml rustfmt.toml .rustfmt.toml deny.toml .clang-tidy',
      '.clang-format checkstyle*.xml pmd*.xml detekt*.y*ml .credo.exs .swiftlint.y*ml phpstan*.neon*',
      'psalm.xml* .php-cs-fixer* .scalafmt.conf .hadolint.y*ml .shellcheckrc knip.*',
      '.dependency-cruiser.* analysis_options.y*ml',
    ),
  ],
  [
    'compiler',
    named(
      'tsconfig*.json jsconfig*.json .swcrc .babelrc* babel.config.* rust-toolchain* .cargo .nvmrc',
      '.node-version .python-version .ruby-version .java-version .tool-versions mise.toml .mise.toml',
      '.sdkmanrc global.json lombok.config',
    ),
  ],
  [
    'build',
    named(
      'Makefile* GNUmakefile *.mk justfile .justfile Taskfile*.y*ml Rakefile *.rake *.gradle',
      '*.gradle.kts gradle.properties gradlew* gradle/wrapper pom.xml mvnw* .mvn build.sbt project/*.sbt',
      'build.properties CMakeLists.txt *.cmake meson.build build.zig BUILD.bazel WORKSPACE.bazel *.bzl',
      'MODULE.bazel .bazelrc go.mod go.work Cargo.toml pyproject.toml setup.py setup.cfg noxfile.py',
      'tox.ini Pipfile Gemfile build.rs composer.json mix.exs pubspec.y*ml *.csproj *.fsproj *.vbproj',
      '*.sln *.slnx Directory.*.props Directory.*.targets Package.swift deno.json* bunfig.toml',
      'turbo.json nx.json lerna.json .npmrc .yarnrc* .pnpmfile.cjs pnpm-workspace.y*ml webpack.config.*',
      'rollup.config.* esbuild.config.* tsup.config.* gulpfile.* flake.nix',
    ),
  ],
];
