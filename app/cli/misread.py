"""What is said of a name or a value on the command line that leads to no record, or to several; no search of its own."""

from __future__ import annotations

from app.asking import Filled
from app.errors import BadParameter
from app.text import Language, say


def misread(filled: Filled, name: str, language: Language) -> BadParameter:
    """The error of an argument or an option that was not understood, with the records that it may mean."""
    return BadParameter(name=name, value=filled.text, reason=_reason(filled, language) + _offered(filled))


def unknown_name(text: str, language: Language) -> str:
    """That no record bears a name, and the command that finds those that nearly do."""
    return say("cli.unknown-name", language, text=text)


def _reason(filled: Filled, language: Language) -> str:
    if filled.reason == "unknown-name":
        return unknown_name(filled.text, language)
    return say(f"queries.{filled.reason or 'missing'}", language)


def _offered(filled: Filled) -> str:
    return "".join(f"\n  {choice.iri}  {choice.label}" for choice in filled.candidates)
