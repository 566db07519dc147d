# shellcheck shell=bash
# Sourced by the scripts that run Python: virtual environments, and PostgreSQL where root meets apt-get.

fail() {
  echo "$0: $*" >&2
  exit 1
}

as_root_with_apt() {
  [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null
}

# One at a time: apt-get does not wait for another one.
apt_install() {
  flock /var/cache/apt sh -c 'apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null' apt_install "$@"
}

find_python() {
  local name
  for name in python3 python3.12 python3.11 python3.10; do
    if "$name" -c 'import sys; sys.exit(not (3, 10) <= sys.version_info < (3, 13))' 2>/dev/null; then
      command -v "$name"
      return
    fi
  done
  fail 'no Python from 3.10 to 3.12 is on the PATH'
}

# environment FOLDER REQUIREMENTS [OPTION...]: makes a virtual environment, anew when its requirements or the interpreter
# change. The options go to pip.
environment() {
  local folder=$1 requirements=$2 python wanted
  shift 2
  python=$(find_python)
  wanted=$("$python" --version && cat "$requirements")
  [ "$(cat "$folder/installed" 2>/dev/null || true)" != "$wanted" ] || return 0
  echo "Installing $requirements into $folder"
  rm -rf "$folder"
  "$python" -m venv "$folder" >/dev/null 2>&1 ||
    { as_root_with_apt && apt_install python3-venv && "$python" -m venv --clear "$folder"; } ||
    fail 'Python cannot make a virtual environment (python3-venv on Debian)'
  "$folder/bin/python" -m pip install --quiet --disable-pip-version-check "$@" -r "$requirements"
  echo "$wanted" >"$folder/installed"
}

# Fails where there is no PostgreSQL and none can be installed.
postgresql() {
  command -v initdb >/dev/null || compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null ||
    { echo 'Installing PostgreSQL' && as_root_with_apt && apt_install postgresql; }
}
