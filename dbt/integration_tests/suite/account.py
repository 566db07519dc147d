"""Invented accounts: what the connector would have delivered, and what was true meanwhile."""

from __future__ import annotations

import json
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from history import History

REPOSITORY = Path(__file__).parents[3]


@dataclass(frozen=True)
class Account:
    """The history of an account and the truth behind it (``simulator/account/truth.ts`` says what it holds)."""

    history: History
    truth: dict[str, Any]


def tell(seed: int, until: str = "2026-10-05T00:00:00Z", **options: int | str) -> Account:
    """Invents an account. The options are those of ``dist/account-history.js``: ``people``, ``days``, ``api_version``,
    ``baseline_at``, ``audit_events``, ``item_usages``, ``sign_in_attempts``."""
    flags = [f"--{name.replace('_', '-')}={value}" for name, value in options.items()]
    with tempfile.TemporaryDirectory() as folder:
        command = ["node", "dist/account-history.js", f"--seed={seed}", f"--until={until}", *flags, f"--out={folder}"]
        subprocess.run(command, cwd=REPOSITORY, check=True, timeout=120)
        truth = json.loads((Path(folder) / "truth.json").read_text(encoding="utf-8"))
        return Account(History.read(Path(folder)), truth)
