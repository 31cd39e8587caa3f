#!/usr/bin/env bash
# Runs everything that proves a change, on a machine where nothing was prepared: installs what is missing
# (Debian's git, tmux and gh, the npm packages), then type-check, lint, and all tests. Prints the counts last.
set -euo pipefail
cd "$(dirname "$0")/.."

missing_of() {
  for program in "$@"; do command -v "$program" >/dev/null || echo "$program"; done
}

# git and tmux are needed; without gh the tests with the real gh are skipped.
install_missing() {
  local needed optional sudo=""
  mapfile -t needed < <(missing_of git tmux)
  mapfile -t optional < <(missing_of gh)
  [ ${#needed[@]} -eq 0 ] && [ ${#optional[@]} -eq 0 ] && return
  if ! command -v apt-get >/dev/null; then
    [ ${#needed[@]} -eq 0 ] && return
    echo "Install ${needed[*]} first, then run this again." >&2
    exit 3
  fi
  [ "$(id -u)" -eq 0 ] || sudo="sudo"
  if [ ${#needed[@]} -gt 0 ]; then
    $sudo apt-get update -qq
    $sudo apt-get install -y -qq "${needed[@]}" >/dev/null
  fi
  [ ${#optional[@]} -eq 0 ] && return
  ($sudo apt-get update -qq && $sudo apt-get install -y -qq "${optional[@]}" >/dev/null) ||
    echo "${optional[*]} can't be installed: its tests are skipped." >&2
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
  const { numPassedTests: passed, numFailedTests: failed, numPendingTests: skipped, testResults: files } =
    JSON.parse(require("node:fs").readFileSync(process.argv[1], "utf8"));
  for (const { fullName, status } of files.flatMap(file => file.assertionResults))
    if (status === "skipped" || status === "pending") console.log(`skipped: ${fullName}`);
  console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
' "$report"
exit "$status"
