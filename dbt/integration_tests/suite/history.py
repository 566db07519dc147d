"""What the connector delivered for one account: records in the order in which they came, to be loaded whole, in parts or askew."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

STREAMS = ("audit_events", "item_usages", "sign_in_attempts")


@dataclass(frozen=True)
class Record:
    """One record of a stream, as the connector emits it."""

    emitted_at: int
    """Milliseconds since 1970."""

    data: dict[str, Any]


class History:
    """The records of each stream. Nothing changes a history: what alters one gives a new one."""

    def __init__(self, streams: dict[str, list[Record]]) -> None:
        self.streams = streams

    @staticmethod
    def read(folder: Path) -> History:
        """Reads ``STREAM.jsonl``, one ``{"emitted_at": 1700000000000, "data": {...}}`` a line; a stream without a file is missing."""
        return History(
            {
                stream: [Record(**json.loads(line)) for line in path.read_text(encoding="utf-8").splitlines()]
                for stream in STREAMS
                if (path := folder / f"{stream}.jsonl").exists()
            }
        )

    def __len__(self) -> int:
        return sum(len(records) for records in self.streams.values())

    def records(self) -> Iterator[tuple[str, Record]]:
        for stream, records in self.streams.items():
            yield from ((stream, record) for record in records)

    def repeated(self, share: float = 1.0, seed: int = 0, after_ms: int = 60_000) -> History:
        """Adds a second copy of a share of the records, delivered later, as a sync that was cut off does."""
        chance = random.Random(seed)
        return self._each(
            lambda records: records
            + [Record(one.emitted_at + after_ms, one.data) for one in records if chance.random() < share]
        )

    def shuffled(self, seed: int = 0) -> History:
        """The same records in another order of rows."""
        chance = random.Random(seed)
        return self._each(lambda records: chance.sample(records, len(records)))

    def split(self, later: float, seed: int = 0, after_ms: int = 7 * 86_400_000) -> tuple[History, History]:
        """The history without a share of its records, and those, delivered ``after_ms`` after the last of all."""
        chance = random.Random(seed)
        end = max((record.emitted_at for _, record in self.records()), default=0) + after_ms
        held_back = {
            stream: {at for at in range(len(records)) if chance.random() < later} for stream, records in self.streams.items()
        }
        now = {
            stream: [record for at, record in enumerate(records) if at not in held_back[stream]]
            for stream, records in self.streams.items()
        }
        rest = {
            stream: [Record(end, record.data) for at, record in enumerate(records) if at in held_back[stream]]
            for stream, records in self.streams.items()
        }
        return History(now), History(rest)

    def emitted_before(self, moment_ms: int) -> History:
        """What had been delivered before a time."""
        return self._each(lambda records: [record for record in records if record.emitted_at < moment_ms])

    def emitted_from(self, moment_ms: int) -> History:
        """What was delivered at a time or later."""
        return self._each(lambda records: [record for record in records if record.emitted_at >= moment_ms])

    def first(self, count: int) -> History:
        """The first records of each stream."""
        return self._each(lambda records: records[:count])

    def with_more(self, stream: str, *changes: dict[str, Any]) -> History:
        """Adds records to a stream, each like the last one but for some fields; a field that is None is null."""
        last = self.streams[stream][-1]
        return History({**self.streams, stream: self.streams[stream] + [Record(last.emitted_at, last.data | one) for one in changes]})

    def and_also(self, other: History) -> History:
        """The records of both."""
        return History({stream: records + other.streams.get(stream, []) for stream, records in self.streams.items()})

    def of_account(self, uuid: str) -> History:
        """The same, of another account, where records name theirs."""
        return self._each(lambda records: [replace(one, data=one.data | {"account_uuid": uuid}) if one.data.get("account_uuid") else one for one in records])

    def without(self, stream: str) -> History:
        """As if the stream had never been synced: its table is not there."""
        return History({name: records for name, records in self.streams.items() if name != stream})

    def emptied(self, stream: str) -> History:
        """As if the stream had been synced without anything to deliver: its table is there."""
        return History({**self.streams, stream: []})

    def _each(self, change: Callable[[list[Record]], list[Record]]) -> History:
        return History({stream: change(records) for stream, records in self.streams.items()})
