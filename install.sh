#!/bin/sh
# Installs Harness for this user. `./install.sh --help` says how.
#
# POSIX sh (dash, bash 3.2). Nothing runs before the last line, so that a download that breaks off does nothing.
set -eu

usage() {
  cat <<'TEXT'
Usage: ./install.sh [--yes] [--demo]
       ./install.sh --uninstall

Builds Harness, puts it at ~/.harness/engine and links `harness` into ~/.local/bin, and its skills for agents into
~/.claude/skills where there is a ~/.claude.
Safe to run again, also after an interruption: the engine is replaced in one step, by one that works.

  --yes        install what is missing (Debian, Ubuntu: apt-get; macOS, Linux: Homebrew)
  --demo       run `harness demo` at the end
  --uninstall  remove the engine and the link; projects, snapshots and clones stay
  --help       print this

Environment:
  HARNESS_HOME      where the engine is kept, instead of ~/.harness
  HARNESS_BIN_DIR   where the link is put, instead of ~/.local/bin
  HARNESS_SKILLS_DIR  where the skills are linked, also without a ~/.claude; empty: nowhere
  HARNESS_REPO_URL  what to fetch when this script does not lie in a clone:
                      curl -fsSL .../install.sh | HARNESS_REPO_URL=https://github.com/OWNER/harness sh

Exit status: 0 done, 1 failed, 2 wrong usage, 3 something is missing, 5 refused; with --demo that of the demo.
TEXT
}

# What the build needs, and what the engine consists of besides dist.
BUILD_PARTS='package.json package-lock.json .npmrc build.mjs tsconfig.json src'
ENGINE_PARTS='package.json bin prompts skills docs README.md LICENSE'

main() {
  read_arguments "$@"
  set_paths
  trap clean_up EXIT
  trap 'exit 129' HUP
  trap 'exit 130' INT
  trap 'exit 143' TERM

  if [ "$action" = uninstall ]; then
    uninstall
    return
  fi
  refuse_foreign_link
  find_source
  require_tools
  mention_optional_tools
  take_lock
  fetch_source
  build_engine
  put_engine
  put_link
  put_skills
  mention_path
  if [ "$run_demo" = yes ]; then
    clean_up
    exec "$engine/bin/harness" demo
  fi
}

read_arguments() {
  action=install
  run_demo=no
  may_install=no
  for argument in "$@"; do
    case $argument in
      --yes | -y) may_install=yes ;;
      --demo) run_demo=yes ;;
      --uninstall) action=uninstall ;;
      --help | -h)
        usage
        exit 0
        ;;
      *) fail 2 "Unknown argument: $argument" 'See ./install.sh --help.' ;;
    esac
  done
}

set_paths() {
  home=${HARNESS_HOME-${HOME:+$HOME/.harness}}
  bin_dir=${HARNESS_BIN_DIR-${HOME:+$HOME/.local/bin}}
  require_absolute HARNESS_HOME "$home"
  require_absolute HARNESS_BIN_DIR "$bin_dir"
  [ -d "${HOME-}/.claude" ] && skills_dir=$HOME/.claude/skills || skills_dir=
  skills_dir=${HARNESS_SKILLS_DIR-$skills_dir}
  [ -z "$skills_dir" ] || require_absolute HARNESS_SKILLS_DIR "$skills_dir"
  home=${home%/}
  bin_dir=${bin_dir%/}
  engine=$home/engine
  engines=$home/engines
  link=$bin_dir/harness
  lock=$home/install.lock
  log=$home/install.log
  building=
  has_lock=no
}

require_absolute() {
  case $2 in
    /*) ;;
    *) fail 2 "$1 is no absolute path: '$2'" "Set HOME, or set $1 to an absolute path." ;;
  esac
}

# --- what it says -------------------------------------------------------------------------------------------

say() { printf '%s\n' "$*"; }

# fail STATUS WHAT [WHAT TO DO]
fail() {
  printf 'install: %s\n' "$2" >&2
  [ $# -lt 3 ] || printf '%s\n' "$3" >&2
  exit "$1"
}

# --- prerequisites ------------------------------------------------------------------------------------------

require_tools() {
  find_package_manager
  find_missing
  if [ -n "$missing" ] && [ "$may_install" = yes ]; then
    install_packages
    find_missing
  fi
  [ -z "$missing" ] || fail 3 "Something is missing:$problems" "$(install_hint)"
}

find_missing() {
  missing=
  problems=
  require_tool git 2 38 git
  require_tool tmux 3 0 tmux
  require_tool node 20 19 "$node_packages"
  command -v npm >/dev/null 2>&1 || note_problem 'npm was not found.' "$npm_packages"
}

# require_tool NAME MAJOR MINOR PACKAGES
require_tool() {
  if ! command -v "$1" >/dev/null 2>&1; then
    note_problem "$1 was not found ($2.$3 or newer is needed)." "$4"
    return
  fi
  found=$(version_of "$1")
  # A development version ("tmux master") has no number; it is new enough.
  [ -n "$found" ] || return 0
  major=${found%.*}
  minor=${found#*.}
  if [ "$major" -lt "$2" ] || { [ "$major" -eq "$2" ] && [ "$minor" -lt "$3" ]; }; then
    note_problem "$1 $found is too old ($2.$3 or newer is needed)." "$4"
  fi
}

# "git version 2.39.5", "tmux 3.3a", "v20.20.2" → "2.39", "3.3", "20.20"
version_of() {
  case $1 in
    tmux) tmux -V ;;
    *) "$1" --version ;;
  esac 2>/dev/null | sed -n '1s/^[^0-9]*\([0-9][0-9]*\)\.\([0-9][0-9]*\).*/\1.\2/p'
}

# note_problem WHAT PACKAGES
note_problem() {
  problems="$problems
  - $1"
  case " $missing " in
    *" $2 "*) ;;
    *) missing="$missing $2" ;;
  esac
}

find_package_manager() {
  node_packages=nodejs
  npm_packages=npm
  if [ "$(uname -s)" = Darwin ]; then
    package_manager=brew
  elif command -v apt-get >/dev/null 2>&1; then
    package_manager=apt-get
  elif command -v dnf >/dev/null 2>&1; then
    package_manager=dnf
  elif command -v pacman >/dev/null 2>&1; then
    package_manager=pacman
  elif command -v brew >/dev/null 2>&1; then
    package_manager=brew
  else
    package_manager=
  fi
  if [ "$package_manager" = brew ]; then
    node_packages=node
    npm_packages=node
  fi
}

install_command() {
  case $package_manager in
    apt-get) say "${sudo}apt-get install -y$missing" ;;
    dnf) say "${sudo}dnf install -y$missing" ;;
    pacman) say "${sudo}pacman -S --needed$missing" ;;
    brew) say "brew install$missing" ;;
  esac
}

install_hint() {
  find_sudo
  case $package_manager in
    '') say "Install with your system's package manager:$missing" ;;
    brew)
      command -v brew >/dev/null 2>&1 || say 'Install Homebrew first: https://brew.sh'
      say "Install it with:  $(install_command)   (or: ./install.sh --yes)"
      ;;
    apt-get) say "Install it with:  $(install_command)   (or: ./install.sh --yes)" ;;
    *) say "Install it with:  $(install_command)" ;;
  esac
  case $missing in
    *node*) say 'If the packaged Node is older than 20.19:  https://nodejs.org/en/download' ;;
  esac
}

install_packages() {
  find_sudo
  say "Installing:$missing"
  case $package_manager in
    apt-get)
      [ "$can_be_root" = yes ] || fail 3 "Something is missing:$problems" "Run as root:  $(install_command)"
      # shellcheck disable=SC2086 # words on purpose, here and below
      ${sudo}apt-get update -q && ${sudo}env DEBIAN_FRONTEND=noninteractive apt-get install -y -q $missing
      ;;
    brew)
      command -v brew >/dev/null 2>&1 || return 0
      # shellcheck disable=SC2086
      brew install $missing
      ;;
    *) return 0 ;;
  esac </dev/null || fail 3 'The packages could not be installed.' "Try it by hand:  $(install_command)"
}

find_sudo() {
  sudo=
  can_be_root=yes
  [ "$(id -u)" -ne 0 ] || return 0
  if command -v sudo >/dev/null 2>&1; then sudo='sudo '; else can_be_root=no; fi
}

mention_optional_tools() {
  command -v gh >/dev/null 2>&1 ||
    say 'Note: gh was not found. Work on GitHub needs `gh auth login` or a token in GH_TOKEN; the demo needs neither.'
  for agent in claude codex gemini opencode aider; do
    if command -v "$agent" >/dev/null 2>&1; then return 0; fi
  done
  say 'Note: no agent program (claude, codex ...) was found. Real work needs one; the demo brings its own.'
}

# --- one installation at a time -----------------------------------------------------------------------------

# The lock is a symlink whose target is the process id: made and filled in one step.
take_lock() {
  mkdir -p "$home" || fail 1 "Can't write to $home."
  if ! ln -s "$$" "$lock" 2>/dev/null; then
    holder=$(readlink "$lock" || true)
    if [ -n "$holder" ] && kill -0 "$holder" 2>/dev/null; then
      fail 5 "Another installation is running (process $holder)." "If it is not, remove $lock and try again."
    fi
    rm -f "$lock"
    ln -s "$$" "$lock" || fail 5 "Another installation has just begun, or $home can't be written to."
  fi
  has_lock=yes
}

clean_up() {
  [ -z "$building" ] || rm -rf "$building" "$engine.$$" "$link.$$"
  building=
  [ "$has_lock" = no ] || rm -f "$lock"
  has_lock=no
}

# --- building -----------------------------------------------------------------------------------------------

# The clone that this script lies in, or nothing: then HARNESS_REPO_URL is fetched.
find_source() {
  source=
  if [ -f "$0" ]; then
    source=$(cd -P "$(dirname "$0")" && pwd)
    if is_harness "$source" && [ -d "$source/src" ]; then return 0; fi
  fi
  source=
  [ -n "${HARNESS_REPO_URL-}" ] ||
    fail 2 'This script does not lie in a clone of Harness, and HARNESS_REPO_URL is not set.' \
      'Clone the repository and run its install.sh, or set HARNESS_REPO_URL to its address.'
}

fetch_source() {
  # What an interrupted installation left; nobody else builds while we have the lock.
  rm -rf "$engines"/.building-*
  building=$engines/.building-$$
  mkdir -p "$building"
  [ -n "$source" ] || fetch_release
  say "Building from $source"
}

is_harness() {
  [ -f "$1/package.json" ] && grep -q '"name": "harness"' "$1/package.json"
}

# The newest release is the highest tag v1.2.3; without tags it is the default branch.
fetch_release() {
  source=$building/clone
  tag=$(git -c versionsort.suffix=- ls-remote --tags --refs --sort=-version:refname "$HARNESS_REPO_URL" 'v[0-9]*' </dev/null |
    sed -n '1s|.*refs/tags/||p')
  say "Fetching ${tag:-the default branch} of $HARNESS_REPO_URL"
  git clone -q --depth 1 ${tag:+--branch "$tag"} -c advice.detachedHead=false "$HARNESS_REPO_URL" "$source" \
    </dev/null || fail 1 "Can't fetch $HARNESS_REPO_URL." 'Check the address and the network.'
  is_harness "$source" || fail 1 "$HARNESS_REPO_URL is no repository of Harness."
}

# Builds in a copy, so that the clone stays as it is.
build_engine() {
  mkdir "$building/source" "$building/engine"
  copy_parts "$building/source" "$BUILD_PARTS"
  copy_parts "$building/engine" "$ENGINE_PARTS"
  (
    # set -e does not hold on the left of ||. NODE_ENV=production would leave the build tools out.
    cd "$building/source" &&
      npm ci --include=dev --ignore-scripts --no-audit --no-fund &&
      npm run build
  ) </dev/null >"$log" 2>&1 || fail_build
  mv "$building/source/dist" "$building/engine/dist"
  chmod +x "$building/engine/bin/harness"
  version=$("$building/engine/bin/harness" --version </dev/null 2>>"$log") || fail_build
}

# copy_parts DIRECTORY NAMES
copy_parts() {
  for part in $2; do
    if [ -e "$source/$part" ]; then cp -R "$source/$part" "$1/"; fi
  done
}

fail_build() {
  tail -n 20 "$log" >&2
  fail 1 'The build failed; what was installed before is still in place.' "All of its output:  $log"
}

# --- putting it in place ------------------------------------------------------------------------------------

# $home/engine is a symlink to one of $home/engines. Replacing it is one step, and a worker that runs keeps the
# files that it started from.
put_engine() {
  new=$engines/$version-$(date -u +%Y%m%dT%H%M%SZ)-$$
  mv "$building/engine" "$new"
  if [ -d "$engine" ] && [ ! -L "$engine" ]; then
    mv "$engine" "$engines/before-$$"
    say "Moved what was at $engine to $engines/before-$$"
  fi
  rename_link "engines/${new##*/}" "$engine"
  remove_old_engines
  say "Installed Harness $version at $engine"
  if is_running; then
    say 'Note: fleets that run keep the old engine until `harness stop` and `harness start`.'
  fi
}

# Whether a process was started from an engine of ours; unknown counts as no.
is_running() {
  command -v pgrep >/dev/null 2>&1 && pgrep -f "$engines/" >/dev/null
}

# rename_link TARGET PATH: mv would move the link into the directory that the old link points to.
rename_link() {
  ln -s "$1" "$2.$$"
  node -e 'require("node:fs").renameSync(process.argv[1], process.argv[2])' "$2.$$" "$2"
}

# Workers that were started from an engine may still run for a while.
remove_old_engines() {
  find "$engines" -mindepth 1 -maxdepth 1 -type d -mtime +30 ! -path "$new" | while IFS= read -r old; do
    if is_harness "$old"; then rm -rf "$old"; fi
  done
}

# Links of ours end in engine/bin/harness, wherever HARNESS_HOME was then.
is_our_link() {
  [ -L "$link" ] || return 1
  case $(readlink "$link") in
    */engine/bin/harness) return 0 ;;
    *) return 1 ;;
  esac
}

refuse_foreign_link() {
  if is_our_link || { [ ! -e "$link" ] && [ ! -L "$link" ]; }; then return 0; fi
  fail 5 "$link is there already and is not a link of this installer." \
    'Move it away, or set HARNESS_BIN_DIR to another directory.'
}

put_link() {
  mkdir -p "$bin_dir"
  if [ -L "$link" ] && [ "$(readlink "$link")" = "$engine/bin/harness" ]; then return 0; fi
  rename_link "$engine/bin/harness" "$link"
  say "Linked $link"
}

# What somebody else has put there is left alone.
put_skills() {
  [ -n "$skills_dir" ] || return 0
  mkdir -p "$skills_dir"
  for skill in "$engine"/skills/*; do
    [ -d "$skill" ] || continue
    place=$skills_dir/${skill##*/}
    if [ "$(readlink "$place" || true)" = "$skill" ]; then continue; fi
    if [ -e "$place" ] || [ -L "$place" ]; then
      say "Note: $place is there already and is left as it is; the skill is $skill."
      continue
    fi
    ln -s "$skill" "$place"
    say "Linked $place"
  done
}

remove_skills() {
  [ -n "$skills_dir" ] || return 0
  for place in "$skills_dir"/*; do
    case $(readlink "$place" || true) in
      "$engine"/skills/*)
        rm -f "$place"
        say "Removed $place"
        ;;
    esac
  done
}

mention_path() {
  case ":${PATH-}:" in
    *":$bin_dir:"*)
      first=$(command -v harness || true)
      [ "$first" = "$link" ] || say "Note: $first comes before $link on your PATH."
      ;;
    *)
      case ${SHELL-} in
        */fish) say "Put it on your PATH:  fish_add_path $bin_dir" ;;
        */zsh) say "Put it on your PATH, in ~/.zshrc:  export PATH=\"$bin_dir:\$PATH\"" ;;
        *) say "Put it on your PATH, in ~/.profile or ~/.bashrc:  export PATH=\"$bin_dir:\$PATH\"" ;;
      esac
      ;;
  esac
}

# --- removing it --------------------------------------------------------------------------------------------

uninstall() {
  if is_running; then
    fail 5 "Fleets still run from $engine." 'Stop them first: `harness stop` in each project.'
  fi
  [ ! -d "$home" ] || take_lock
  removed=no
  if [ -L "$link" ] && [ "$(readlink "$link")" = "$engine/bin/harness" ]; then
    rm -f "$link"
    removed=yes
    say "Removed $link"
  fi
  remove_skills
  # Only what this script made, whatever directory HARNESS_HOME names.
  if [ -L "$engine" ] && is_harness "$engine"; then
    rm -f "$engine"
    removed=yes
    say "Removed $engine"
  fi
  for old in "$engines"/* "$engines"/.building-*; do
    if [ -d "$old" ] && { is_harness "$old" || [ "$old" != "${old#"$engines"/.building-}" ]; }; then
      rm -rf "$old"
    fi
  done
  rmdir "$engines" 2>/dev/null || true
  rm -f "$log"
  clean_up
  rmdir "$home" 2>/dev/null || true
  [ "$removed" = yes ] || say "Nothing to remove: no engine at $engine, no link at $link."
  [ ! -d "$home" ] || say "Kept everything else in $home."
}

main "$@"
