"""Runs Airbyte's source-declarative-manifest; when it ends, it writes down what the process has used."""

import atexit
import json
import os
import resource
import sys


def write_usage() -> None:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    # Linux counts in kB, macOS in bytes.
    peak_mb = usage.ru_maxrss / (1024 if sys.platform == "linux" else 1024 * 1024)
    with open(os.environ["BENCH_USAGE"], "w") as file:
        json.dump({"cpuSeconds": usage.ru_utime + usage.ru_stime, "peakMb": peak_mb}, file)


if "BENCH_USAGE" in os.environ:
    atexit.register(write_usage)

from airbyte_cdk.cli.source_declarative_manifest import run  # noqa: E402

run()
