#!/usr/bin/env bash
# Proves the connector with Airbyte's own tools: the image, both suites of the CDK, and PyAirbyte.
# Needs Docker and Python 3.10 to 3.12; everything else installs itself. Arguments, if any, replace the folder that pytest gets.
# DOCKER_BUILD_OPTIONS is passed on to `docker build`, for builders that reach the network in a way of their own.
set -euo pipefail
cd "$(dirname "$0")/../.."

fail() {
  echo "test:airbyte: $*" >&2
  exit 1
}

as_root_with_apt() {
  [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null
}

apt_install() {
  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}

find_python() {
  local name
  for name in python3 python3.12 python3.11 python3.10; do
    if "$name" -c 'import sys; sys.exit(not (3, 10) <= sys.version_info < (3, 13))' 2>/dev/null; then
      command -v "$name"
      return
    fi
  done
  return 1
}

find_initdb() {
  command -v initdb || compgen -G '/usr/lib/postgresql/*/bin/initdb'
}

docker info >/dev/null 2>&1 || fail 'no Docker engine answers: `docker info` fails'
[ -x dist/main.js ] || fail 'dist/main.js is missing: run `npm run build` first'
python=$(find_python) || fail 'no Python from 3.10 to 3.12 is on the PATH'

# The virtual environment is made anew when the requirements or the interpreter change.
wanted=$("$python" --version && cat test/airbyte/requirements.txt)
if [ "$(cat .venv/installed 2>/dev/null || true)" != "$wanted" ]; then
  echo 'Installing the Python requirements into .venv'
  rm -rf .venv
  "$python" -m venv .venv >/dev/null 2>&1 || { as_root_with_apt && apt_install python3-venv && "$python" -m venv --clear .venv; } ||
    fail 'Python cannot make a virtual environment (python3-venv on Debian)'
  .venv/bin/python -m pip install --quiet --disable-pip-version-check -r test/airbyte/requirements.txt
  echo "$wanted" >.venv/installed
fi

if ! find_initdb >/dev/null && as_root_with_apt; then
  echo 'Installing PostgreSQL'
  apt_install postgresql || echo 'PostgreSQL could not be installed: the tests that need it are skipped, or fail in CI' >&2
fi

version=$(.venv/bin/python -c 'import yaml; print(yaml.safe_load(open("metadata.yaml"))["data"]["dockerImageTag"])')
image="source-1password:$version"
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
