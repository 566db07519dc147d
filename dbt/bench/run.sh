#!/usr/bin/env bash
# Measures the dbt package; run.py says how. Needs Python 3.10 to 3.12; everything else installs itself, as for the tests.
set -euo pipefail
cd "$(dirname "$0")"

# shellcheck source=scripts/python.sh
. ../../scripts/python.sh

environment ../.venv ../requirements.txt
postgresql || fail 'PostgreSQL is not installed (postgresql on Debian)'
PYTHONDONTWRITEBYTECODE=1 ../.venv/bin/python run.py "$@"
