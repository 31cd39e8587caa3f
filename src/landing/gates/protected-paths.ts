/**
 * What no agent changes unless a person says so. Each of it is read by something that acts with more rights than the
 * agent had: the engine, a CI service, git, another agent, an editor. HARNESS_PROTECT adds to it, HARNESS_UNPROTECT
 * takes away, and so does an issue's `## Scope`.
 */
export const PROTECTED: readonly string[] = [
  // The engine's own policy.
  '.harness /WORKFLOW.md',

  // CI services, by the place that each one's documentation gives its configuration.
  '.github/workflows .github/actions .github/dependabot.y*ml .forgejo .gitea .gitlab-ci.y*ml .gitlab',
  '.circleci .travis.y*ml .cirrus.* azure-pipelines*.y*ml .azure-pipelines .azuredevops',
  'bitbucket-pipelines.y*ml Jenkinsfile* .buildkite .drone.* .woodpecker .woodpecker.y*ml .semaphore',
  '.teamcity appveyor.y*ml .appveyor.y*ml cloudbuild.y*ml cloudbuild.json buildspec*.y*ml .tekton',
  'codefresh.y*ml .builds .build.y*ml',

  // Who has to look, and what git does with files.
  'CODEOWNERS .gitmodules .gitattributes .lfsconfig',

  // Instructions and configuration of coding agents: the next agent obeys them.
  'CLAUDE.md CLAUDE.local.md AGENTS.md AGENTS.override.md AGENT.md GEMINI.md QWEN.md .claude .codex',
  '.cursor .cursorrules .cursorignore .gemini .qwen .agents .agent .mcp.json opencode.json* .opencode',
  '.aider* .continue .windsurf .windsurfrules .clinerules .cline .roo .roorules .roomodes .kiro',
  '.amazonq .junie .augment .goosehints .goose .rules .factory .trae .amp .kilocode .openhands',
  '.github/copilot-instructions.md .github/instructions .github/agents .github/chatmodes',
  '.github/prompts .github/hooks .github/skills',

  // Configuration that an editor or a shell acts on when somebody opens the folder.
  '.vscode *.code-workspace .idea .zed .fleet .devcontainer .devcontainer.json .dir-locals*.el .exrc',
  '.nvimrc .nvim.lua .vimrc .lvimrc .envrc',

  // Hooks that run on the machine of whoever commits.
  '.husky .githooks .git-hooks .hooks lefthook*.y*ml lefthook*.toml lefthook*.json .lefthook*',
  '.pre-commit-config.y*ml .pre-commit-hooks.y*ml .overcommit* .simple-git-hooks.* simple-git-hooks.*',
  '.lintstagedrc* lint-staged.config.* .huskyrc* captainhook.json',
].flatMap(line => line.split(' '));
