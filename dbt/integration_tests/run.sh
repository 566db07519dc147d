#!/usr/bin/env bash
# Proves the dbt package in four warehouses. Needs Python 3.10 to 3.12; everything else installs itself: virtual environments
# in dbt/.venv*, and PostgreSQL where root meets apt-get. Arguments, if any, go to pytest in place of the whole suite.
set -euo pipefail
cd "$(dirname "$0")"

fail() {
  echo "test:dbt: $*" >&2
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

# Makes a virtual environment, anew when its requirements or the interpreter change.
environment() {
  local folder=../$1 requirements=../$2 wanted
  wanted=$("$python" --version && cat "$requirements")
  [ "$(cat "$folder/installed" 2>/dev/null || true)" != "$wanted" ] || return 0
  echo "Installing $2 into dbt/$1"
  rm -rf "$folder"
  "$python" -m venv "$folder" >/dev/null 2>&1 || { as_root_with_apt && apt_install python3-venv && "$python" -m venv --clear "$folder"; } ||
    fail 'Python cannot make a virtual environment (python3-venv on Debian)'
  "$folder/bin/python" -m pip install --quiet --disable-pip-version-check -r "$requirements"
  echo "$wanted" >"$folder/installed"
}

python=$(find_python) || fail 'no Python from 3.10 to 3.12 is on the PATH'
environment .venv requirements.txt
environment .venv-dbt-1.10 requirements-dbt-1.10.txt
environment .venv-fakesnow requirements-fakesnow.txt
environment .venv-zetasql requirements-zetasql.txt

if ! command -v initdb >/dev/null && ! compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null; then
  echo 'Installing PostgreSQL'
  { as_root_with_apt && apt_install postgresql; } || fail 'PostgreSQL is not installed (postgresql on Debian)'
fi

[ $# -gt 0 ] || set -- suite
export DO_NOT_TRACK=1 PYTHONDONTWRITEBYTECODE=1
../.venv/bin/python -m pytest -c pytest.ini --rootdir . "$@"
