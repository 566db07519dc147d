"""The simulated Events API, steered from Python."""

from __future__ import annotations

import json
import subprocess
from typing import Any

from places import ROOT

FEATURES = {"audit_events": "auditevents", "item_usages": "itemusages", "sign_in_attempts": "signinattempts"}


class FarEnd:
    """A process of its own, which ends when this object is closed or this process goes."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            ["node", str(ROOT / "dist/test/far-end.js")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )
        self.url: str = self._answer()["url"]
        self.token = self.issue_token()

    def config(self, **more: Any) -> dict[str, Any]:
        return {"api_token": self.token, "base_url": self.url} | more

    def generate(self, counts: dict[str, int], span: tuple[str, str] | None = None) -> None:
        """`counts` events a stream: over the last 110 days, or over the span."""
        order: dict[str, Any] = {"counts": {FEATURES[stream]: count for stream, count in counts.items()}}
        if span:
            order.update({"from": span[0], "to": span[1]})
        self._order("generate", **order)

    def add(self, stream: str, *items: dict[str, Any]) -> None:
        self._order("add", feature=FEATURES[stream], items=items)

    def served(self, stream: str, version: str = "v1") -> list[dict[str, Any]]:
        """What somebody gets who reads everything, in arrival order."""
        return self._order("served", feature=FEATURES[stream], version=version)

    def issue_token(self, **claims: Any) -> str:
        return self._order("token", claims=claims)

    def revoke(self, token: str) -> None:
        self._order("revoke", token=token)

    def fault(self, stream: str, times: int, **fault: Any) -> None:
        self._order("fault", on=FEATURES[stream], times=times, fault=fault)

    def answer_after(self, milliseconds: int) -> None:
        self._order("latency", ms=milliseconds)

    @property
    def requests(self) -> int:
        return self._order("tally")["requests"]

    @property
    def violations(self) -> list[str]:
        return self._order("tally")["violations"]

    def close(self) -> None:
        self._process.stdin.close()
        self._process.wait(timeout=10)
        self._process.stdout.close()

    def _order(self, name: str, **arguments: Any) -> Any:
        self._process.stdin.write(json.dumps({"do": name, **arguments}) + "\n")
        self._process.stdin.flush()
        return self._answer()

    def _answer(self) -> Any:
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"the far end has gone, with code {self._process.wait()}")
        return json.loads(line)
