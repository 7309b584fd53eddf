"""In which language a command speaks: what was asked for, else the locale's, else French."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from app.text import LANGUAGES, Language


def chosen_language(arguments: Sequence[str], environment: Mapping[str, str]) -> Language:
    """``--lang`` wherever it stands; else the first of LC_ALL, LC_MESSAGES and LANG that is set (POSIX.1-2017, 8.2).

    The locales ``C`` and ``POSIX`` are those of programs and say nothing of a reader: French. Any other language: English.
    """
    asked = _option(arguments)
    for language in LANGUAGES:
        if asked == language:
            return language
    locale = next((environment[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if environment.get(name)), "")
    tag = locale.partition(".")[0].partition("_")[0].lower()
    return "fr" if tag in ("fr", "c", "posix", "") else "en"


def _option(arguments: Sequence[str]) -> str | None:
    for place, argument in enumerate(arguments):
        if argument == "--":
            break
        if argument == "--lang":
            return next(iter(arguments[place + 1 :]), None)
        if argument.startswith("--lang="):
            return argument.removeprefix("--lang=")
    return None
