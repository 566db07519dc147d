#!/usr/bin/env bash
# Proves the evidence report: the demo by its command, the same project once more through every dbt, and the pages in a real Chromium.
# Needs Python 3.10 or later; everything else installs itself, Chromium where root meets apt-get. Arguments, if any, go to jest.
set -euo pipefail
cd "$(dirname "$0")/../.."
. scripts/python.sh

find_chromium() {
  command -v chromium || command -v chromium-browser || command -v google-chrome
}

if ! find_chromium >/dev/null; then
  echo 'Installing Chromium'
  { as_root_with_apt && apt_install chromium fonts-noto-core fonts-dejavu-core fonts-liberation; } || fail 'Chromium is not installed (chromium on Debian)'
fi

for suffix in 1.12 v2 v2-open; do
  options=()
  [ $suffix != 1.12 ] || options=(--no-deps)
  environment "dbt/.venv-dbt-$suffix" "dbt/requirements-dbt-$suffix.txt" "${options[@]}"
done

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
TMPDIR=$scratch node dist/evidence.js demo --out "$scratch/report"

# As a user has it: the package, installed where nothing else is.
npm pack --silent --ignore-scripts --pack-destination "$scratch" >/dev/null
npm install --offline --silent --no-audit --no-fund --prefix "$scratch/installed" "$scratch"/source-1password-*.tgz

export EVIDENCE_SCRATCH=$scratch
CHROMIUM=$(find_chromium)
export CHROMIUM
node_modules/.bin/jest "$@" --testMatch '<rootDir>/test/evidence/*.demo.ts'
