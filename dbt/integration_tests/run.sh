#!/usr/bin/env bash
# Proves the dbt package in four warehouses. Needs Python 3.10 to 3.12; everything else installs itself: virtual environments
# in dbt/.venv*, and PostgreSQL where root meets apt-get. Arguments, if any, go to pytest in place of the whole suite.
set -euo pipefail
cd "$(dirname "$0")"

# shellcheck source=scripts/python.sh
. ../../scripts/python.sh

environment ../.venv ../requirements.txt
environment ../.venv-dbt-1.12 ../requirements-dbt-1.12.txt --no-deps
environment ../.venv-dbt-v2 ../requirements-dbt-v2.txt
environment ../.venv-dbt-v2-open ../requirements-dbt-v2-open.txt
environment ../.venv-fakesnow ../requirements-fakesnow.txt
environment ../.venv-zetasql ../requirements-zetasql.txt
postgresql || fail 'PostgreSQL is not installed (postgresql on Debian)'

# The longest files first, so that no process waits long for another at the end.
[ $# -gt 0 ] || set -- suite/test_build.py suite/test_units.py suite
export DO_NOT_TRACK=1 PYTHONDONTWRITEBYTECODE=1
# The sessions of DuckDB and PostgreSQL take this zone, on which no value may depend.
export TZ=America/Los_Angeles PGTZ=America/Los_Angeles
# The package goes into the project once, before several processes share it.
../.venv/bin/dbt --quiet deps --profiles-dir . --log-path target
../.venv/bin/python -m pytest -c pytest.ini --rootdir . "$@"
