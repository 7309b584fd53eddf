"""Since when a data folder is shown as it is now, by this release with these settings: one date for all processes and starts."""

from __future__ import annotations

import fcntl
import json
import os
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import IO

from app.engine.launch import run_folder
from app.settings import Settings
from app.web.release import manner

FILE = "shown.json"
_MOMENT = timedelta(seconds=1)


def shown_since(settings: Settings, release: str) -> datetime:
    """When this release first showed the data with these settings, as far as the folder remembers; else now.

    Pages of one version are others after an upgrade or another setting, and dates must tell (RFC 9110 §8.8.2).
    """
    folder = run_folder(settings.data)
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        if folder.stat().st_uid != os.geteuid():
            return datetime.now(UTC)
        with (folder / FILE).open("a+", encoding="utf-8") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            return _remembered(file, manner(release, settings))
    except OSError:
        return datetime.now(UTC)


def _remembered(file: IO[str], manner: str) -> datetime:
    """The date of the file where it is of this manner; else a new one, later than that of the manner before."""
    now, before = datetime.now(UTC), None
    file.seek(0)
    with suppress(ValueError, KeyError, TypeError):
        told = json.loads(file.read())
        before = datetime.fromisoformat(told["since"]).astimezone(UTC)
        if told["manner"] == manner:
            return before
    since = max(now, before + _MOMENT) if before is not None else now
    file.truncate(0)
    file.write(json.dumps({"manner": manner, "since": since.isoformat()}))
    file.flush()
    os.fsync(file.fileno())
    return since
