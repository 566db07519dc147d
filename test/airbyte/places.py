"""Where things are."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
EXECUTABLE = ROOT / "dist/main.js"
GENERATED_CONFIG = ROOT / "test/acceptance/generated/config.json"
STREAMS = ("audit_events", "item_usages", "sign_in_attempts")
