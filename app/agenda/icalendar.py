"""Entries as an iCalendar file (RFC 5545): lines of at most 75 octets, escaped texts, whole days and moments; no network."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

MEDIA_TYPE = "text/calendar; charset=utf-8"
_OCTETS = 75
_EMPTY = ("BEGIN:VTIMEZONE", "TZID:UTC", "BEGIN:STANDARD", "DTSTART:19700101T000000", "TZOFFSETFROM:+0000", "TZOFFSETTO:+0000")
_END_EMPTY = ("END:STANDARD", "END:VTIMEZONE")
"""A calendar has at least one component (§3.6); one without events has the time zone of its time stamps."""


@dataclass(frozen=True)
class Happening:
    """One event: ``start`` and ``end`` are days (the last one included) or moments; no end where none is known."""

    uid: str
    stamp: datetime.datetime
    start: datetime.date
    end: datetime.date | None
    summary: str
    description: str = ""
    location: str = ""
    url: str = ""
    categories: Sequence[str] = ()


def write_calendar(name: str, product: str, happenings: Iterable[Happening]) -> bytes:
    """The whole calendar. ``product`` names the program (``PRODID``)."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:{escape(product)}", "CALSCALE:GREGORIAN", f"X-WR-CALNAME:{escape(name)}"]
    events = [line for one in happenings for line in _event(one)]
    lines += events or [*_EMPTY, *_END_EMPTY]
    return "".join(fold(line) + "\r\n" for line in (*lines, "END:VCALENDAR")).encode("utf-8")


def _event(one: Happening) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{escape(one.uid)}"
    yield f"DTSTAMP:{_utc(one.stamp)}"
    yield f"DTSTART{_time(one.start)}"
    if one.end is not None:
        yield f"DTEND{_time(_after(one.end))}"
    yield f"SUMMARY:{escape(one.summary)}"
    for key, text in (("DESCRIPTION", one.description), ("LOCATION", one.location)):
        if text:
            yield f"{key}:{escape(text)}"
    if one.url:
        yield f"URL:{_uri(one.url)}"
    if one.categories:
        yield f"CATEGORIES:{','.join(map(escape, one.categories))}"
    yield "END:VEVENT"


def _after(end: datetime.date) -> datetime.date:
    """``DTEND`` is exclusive (§3.6.1): the day after the last one; a moment as it is."""
    return end if isinstance(end, datetime.datetime) else end + datetime.timedelta(days=1) if end < datetime.date.max else end


def _time(value: datetime.date) -> str:
    if not isinstance(value, datetime.datetime):
        return f";VALUE=DATE:{value:%Y%m%d}" if value.year >= 1000 else f";VALUE=DATE:{value.year:04}{value:%m%d}"
    return f":{_utc(value)}" if value.tzinfo else f":{value:%Y%m%dT%H%M%S}"


def _utc(moment: datetime.datetime) -> str:
    return f"{moment.astimezone(datetime.UTC):%Y%m%dT%H%M%SZ}"


def escape(text: str) -> str:
    """A TEXT value (§3.3.11), without control characters."""
    plain = "".join(c for c in text.replace("\r\n", "\n").replace("\r", "\n") if c == "\n" or (ord(c) >= 0x20 and ord(c) != 0x7F))
    return plain.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def _uri(text: str) -> str:
    return "".join(c for c in text if ord(c) > 0x20 and ord(c) != 0x7F)


def fold(line: str) -> str:
    """A line in pieces of at most 75 octets, none of which cuts a character (§3.1)."""
    pieces, piece, size = [], "", 0
    for character in line:
        width = len(character.encode("utf-8"))
        if size + width > _OCTETS:
            pieces.append(piece)
            piece, size = " ", 1
        piece += character
        size += width
    return "\r\n".join([*pieces, piece])
