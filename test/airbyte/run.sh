#!/usr/bin/env bash
# Proves the connector with Airbyte's own tools: the image, both suites of the CDK, and PyAirbyte.
# Needs Docker and Python 3.10 to 3.12; everything else installs itself. Arguments, if any, replace the folder that pytest gets.
# DOCKER_BUILD_OPTIONS is passed on to `docker build`, for builders that reach the network in a way of their own.
set -euo pipefail
cd "$(dirname "$0")/../.."

# shellcheck source=scripts/python.sh
. scripts/python.sh

docker info >/dev/null 2>&1 || fail 'no Docker engine answers: `docker info` fails'
[ -x dist/main.js ] || fail 'dist/main.js is missing: run `npm run build` first'
environment .venv test/airbyte/requirements.txt
postgresql || echo 'PostgreSQL could not be installed: the tests that need it are skipped, or fail in CI' >&2

image=source-1password:dev
echo "Building the image $image"
# The options are words, to be split.
# shellcheck disable=SC2086
docker build ${DOCKER_BUILD_OPTIONS:-} --tag "$image" . >dist/image.log 2>&1 || {
  tail -n 40 dist/image.log >&2
  fail 'the image does not build; the whole story is in dist/image.log'
}

node_modules/.bin/esbuild test/airbyte/far-end.ts \
  --bundle --platform=node --target=node20 --outfile=dist/test/far-end.js --log-level=warning

# PyAirbyte and its cache stay silent to the outside and keep their files together.
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
chmod 755 "$scratch"
export AIRBYTE_OFFLINE_MODE=1 DO_NOT_TRACK=1 NO_LIVE_PROGRESS=1 PYTHONDONTWRITEBYTECODE=1
export AIRBYTE_PROJECT_DIR="$scratch/project" AIRBYTE_LOGGING_ROOT="$scratch/logs" TMPDIR="$scratch/tmp"
mkdir -m 755 "$AIRBYTE_PROJECT_DIR" "$AIRBYTE_LOGGING_ROOT"
mkdir -m 777 "$TMPDIR"

# The comparison with the published version asks a public registry, which does not know this connector.
[ $# -gt 0 ] || set -- test/airbyte
.venv/bin/python -m pytest -c test/airbyte/pytest.ini --rootdir . \
  -p airbyte_cdk.test.standard_tests.pytest_hooks --connector-image "$image" --read-from-streams=all \
  -k 'not backward' -W error::airbyte_cdk.test.standard_tests.DiscoveredCatalogWarning "$@"
