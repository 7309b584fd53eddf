"""Values that cross between web process, broker and worker, as the JSON that carries them; no socket."""

from __future__ import annotations

import io
import os
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any, cast

from app.engine.asks import Answer, Ask
from app.engine.wire import Message, WireClosed
from app.errors import MaillageError
from app.events import Level
from app.settings import Settings

PATIENT = 6
"""How many times as long a patient ask may take as another of our pages."""

_GRACE = 10.0
_PATHS = ("data", "spool", "proxy")
_TUPLES = ("default_graphs", "named_graphs")


@dataclass(frozen=True)
class Limits:
    """What the broker and its workers are told at their start; times in seconds, sizes in bytes unless named otherwise."""

    data: Path
    characters: int = 100_000
    depth: int = 100
    rows: int = 100_000
    size: int = 100_000_000
    memory_mb: int = 512
    workers: int = 2
    seconds: float = 10.0
    queue: int = 64
    queue_seconds: float = 10.0
    per_client: int = 8
    page_workers: int = 2
    page_seconds: float = 10.0
    services: tuple[str, ...] = ()
    spool: Path | None = None
    proxy: Path | None = None
    cache_bytes: int = 64_000_000
    memory_bytes: int = 0
    columns_bytes: int = 0
    log_level: Level = "warning"

    @classmethod
    def of(cls, settings: Settings) -> Limits:
        return cls(
            data=settings.data.absolute(),
            characters=settings.query_characters,
            depth=settings.query_depth,
            rows=settings.query_rows,
            size=settings.query_bytes_mb * 1_000_000,
            memory_mb=settings.query_memory_mb,
            workers=settings.query_workers,
            seconds=settings.query_seconds,
            queue=settings.query_queue,
            queue_seconds=settings.query_queue_seconds,
            per_client=settings.query_per_client,
            page_workers=settings.page_workers,
            page_seconds=settings.page_seconds,
            services=settings.service_allow,
            cache_bytes=settings.cache_mb * 1_000_000,
            memory_bytes=settings.memory_mb * 1_000_000,
            columns_bytes=settings.columns_mb * 1_000_000,
            log_level=settings.log_level,
        )

    @property
    def patience(self) -> float:
        """Seconds after which an answer or a refusal has certainly come, unless the broker is gone."""
        return _GRACE + self.queue_seconds + max(self.seconds, self.page_seconds * PATIENT)

    def to_json(self) -> dict[str, Any]:
        paths = {name: str(getattr(self, name)) for name in _PATHS if getattr(self, name) is not None}
        return {**asdict(self), **paths}

    @classmethod
    def from_json(cls, content: dict[str, Any]) -> Limits:
        paths = {name: Path(content[name]) for name in _PATHS if content[name] is not None}
        return cls(**{**content, **paths, "services": tuple(content["services"])})


def ask_to_json(ask: Ask) -> dict[str, Any]:
    return {"op": "ask", **{each.name: getattr(ask, each.name) for each in fields(ask)}}


def ask_from_json(content: dict[str, Any]) -> Ask:
    values = {each.name: content[each.name] for each in fields(Ask)}
    return Ask(**{**values, **{name: tuple(values[name]) for name in _TUPLES}})


def answer_to_message(answer: Answer) -> Message:
    """A file is the answer's own: it closes with ``answer.body``."""
    told = {name: getattr(answer, name) for name in ("kind", "media_type", "version", "rows", "seconds", "size")}
    if isinstance(answer.body, io.BytesIO):
        return Message(told, body=answer.body.getvalue())
    return Message(told, answer.body.fileno())


def error_to_message(error: MaillageError) -> Message:
    return Message({"error": error.key, "details": error.details})


def answer_from_message(message: Message) -> Answer:
    """Raises the error that the message carries, or :class:`app.engine.wire.WireClosed` for what is no answer."""
    raise_error(message)
    if message.body is not None:
        return Answer(**message.content, body=io.BytesIO(message.body))
    if message.file is None:
        raise WireClosed("an answer without its result")
    return Answer(**message.content, body=cast(Any, os.fdopen(message.file, "rb")))


def raise_error(message: Message) -> None:
    """Raises the error that the message carries, if it does."""
    if "error" in message.content:
        message.close()
        raise MaillageError.revive(message.content["error"], message.content["details"])
