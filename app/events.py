"""What happens, as one line of JSON an event on the error output; the last of it is kept for ``/health``.

Each line has ``time`` (UTC), ``level``, ``event`` (a fixed name) and the event's details. Texts are bounded, whatever they hold.
"""

from __future__ import annotations

import json
import logging
import sys
from collections import deque
from datetime import UTC, datetime
from typing import Any, Literal

Level = Literal["debug", "info", "warning", "error", "off"]
LEVELS: tuple[Level, ...] = ("debug", "info", "warning", "error", "off")

LONGEST = 500
"""Characters of one text in a line; a query may have a hundred thousand."""

_LOGGER = logging.getLogger("maillage")
_LOGGER.addHandler(logging.NullHandler())  # a command has its own way to speak
_OFF = logging.CRITICAL + 1


def tell(level: Level, event: str, **details: Any) -> None:
    """Writes an event, where the level asks for it."""
    _LOGGER.log(_number(level), event, extra={"details": details})


def begin(level: Level) -> Recent:
    """Has this process write events of a level and above; what it tells from now on is also kept."""
    lines = logging.StreamHandler(sys.stderr)
    lines.setFormatter(Lines())
    recent = Recent()
    root = logging.getLogger()
    root.handlers = [lines]
    root.setLevel(max(_number(level), logging.WARNING))  # other libraries have no events of ours
    _LOGGER.handlers = [lines, recent]
    _LOGGER.propagate = False
    _LOGGER.setLevel(min(_number(level), logging.WARNING))
    lines.setLevel(_number(level))
    return recent


def _number(level: Level) -> int:
    return _OFF if level == "off" else getattr(logging, level.upper())


class Lines(logging.Formatter):
    """One line of JSON, for our events and for what libraries say."""

    def format(self, record: logging.LogRecord) -> str:
        details = getattr(record, "details", None)
        told = _told(record, {"logger": record.name, "text": record.getMessage()} if details is None else details)
        if record.exc_info:
            told["traceback"] = self.formatException(record.exc_info)[-4 * LONGEST :]
        return json.dumps(told, ensure_ascii=False, default=str)


def _told(record: logging.LogRecord, details: dict[str, Any]) -> dict[str, Any]:
    time = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    event = record.getMessage() if "logger" not in details else "library"
    return {"time": time, "level": record.levelname.lower(), "event": event, **{k: _bounded(v) for k, v in details.items()}}


def _bounded(value: Any) -> Any:
    if isinstance(value, float):
        return round(value, 6)
    if isinstance(value, str) and len(value) > LONGEST:
        return f"{value[:LONGEST]}… ({len(value)})"
    return value


class Recent(logging.Handler):
    """The last warnings and errors, without the texts of queries, which are strangers' own."""

    def __init__(self, most: int = 20) -> None:
        super().__init__(logging.WARNING)
        self._kept: deque[dict[str, Any]] = deque(maxlen=most)

    def emit(self, record: logging.LogRecord) -> None:
        details = {name: value for name, value in getattr(record, "details", {}).items() if name != "query"}
        self._kept.append(_told(record, details))

    def add(self, told: list[dict[str, Any]]) -> None:
        """What another process has kept."""
        self._kept.extend(told)

    def take(self) -> list[dict[str, Any]]:
        """What was kept, and is now another's to keep."""
        taken = []
        while self._kept:
            taken.append(self._kept.popleft())
        return taken

    def told(self) -> list[dict[str, Any]]:
        """Oldest first."""
        return list(self._kept)
