#!/usr/bin/env bash
# Checks the workflows and the shell scripts. Needs Python with venv, and Go to build actionlint once.
set -euo pipefail
cd "$(dirname "$0")/.."
actionlint=v1.7.12
bin=$PWD/.venv-lint/bin

# shellcheck source=scripts/python.sh
. scripts/python.sh
environment .venv-lint .github/requirements.txt
"$bin/actionlint" --version 2>/dev/null | grep -qxF "$actionlint" ||
  GOBIN=$bin go install "github.com/rhysd/actionlint/cmd/actionlint@$actionlint"

export PATH="$bin:$PATH"
git ls-files --cached --others --exclude-standard '*.sh' .ci/run | xargs shellcheck --severity=warning
actionlint
# What can be known without asking GitHub; Dependabot keeps the pinned actions current.
zizmor --offline --quiet --pedantic .
