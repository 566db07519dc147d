#!/usr/bin/env bash
# Prints what a later build reads on BigQuery; bytes.py says how. Needs Python 3.10 to 3.12; everything else installs itself.
set -euo pipefail
cd "$(dirname "$0")"

# shellcheck source=scripts/python.sh
. ../../scripts/python.sh

environment ../.venv ../requirements.txt
environment ../.venv-fakesnow ../requirements-fakesnow.txt
export DO_NOT_TRACK=1
../.venv/bin/dbt --quiet deps --project-dir ../integration_tests --profiles-dir . --profile onepassword_bench --log-path ../integration_tests/target
PYTHONDONTWRITEBYTECODE=1 ../.venv/bin/python bytes.py "$@"
