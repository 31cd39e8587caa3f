#!/usr/bin/env bash
# Runs everything that proves a change, on a machine where nothing was prepared: installs what is missing
# (Debian's git and tmux, the npm packages), then type-check, lint, and all tests. Prints the counts last.
set -euo pipefail
cd "$(dirname "$0")/.."

install_missing() {
  local missing=()
  for program in git tmux; do
    command -v "$program" >/dev/null || missing+=("$program")
  done
  [ ${#missing[@]} -eq 0 ] && return
  if ! command -v apt-get >/dev/null; then
    echo "Install ${missing[*]} first, then run this again." >&2
    exit 3
  fi
  local sudo=""
  [ "$(id -u)" -eq 0 ] || sudo="sudo"
  $sudo apt-get update -qq
  $sudo apt-get install -y -qq "${missing[@]}" >/dev/null
}

install_missing
[ "${1:-}" = "--no-install" ] || npm ci --no-fund --no-audit --loglevel=error
npm run --silent build
npm run --silent typecheck
npm run --silent lint

report=$(mktemp)
trap 'rm -f "$report"' EXIT
status=0
npx vitest run --reporter=default --reporter=json --outputFile.json="$report" || status=$?
node -e '
  const { numPassedTests: passed, numFailedTests: failed, numPendingTests: skipped } =
    JSON.parse(require("node:fs").readFileSync(process.argv[1], "utf8"));
  console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
' "$report"
exit "$status"
