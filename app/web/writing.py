"""Who writes over HTTP, and how what was written is told; the updates and graphs themselves have views of their own."""

from __future__ import annotations

import json

from flask import Response, request
from werkzeug.datastructures import MultiDict

from app.errors import BadParameter, TokenMissing
from app.text import Language
from app.tokens import Token
from app.updating.writing import By, Writer, Written
from app.web.site import current_site, visit

MESSAGE = "message"
_LONGEST_MESSAGE = 500


def writer() -> Writer:
    """Whoever writes to this site's store. Raises :class:`app.errors.TokenMissing` where nobody can."""
    found = current_site().writer
    if found is None:
        raise TokenMissing
    return found


def bearer() -> Token:
    """The token that the request bears (RFC 6750 §2.1). Raises :class:`app.errors.TokenMissing` or ``TokenRefused``."""
    return writer().tokens.bearer(request.headers.get("Authorization", ""))


def refuse_version(given: MultiDict[str, str]) -> None:
    """A write is always one to the newest version. Raises :class:`app.errors.BadParameter` where the request names one."""
    if "version" in given:
        raise BadParameter(name="version", value=given["version"][:40], reason="newest-only")


def by(token: Token, what: str, message: str | None) -> By:
    """The author of a write; ``what`` is what the version says where the request has no message."""
    said = " ".join((message or "").split())[:_LONGEST_MESSAGE]
    action = f"{request.method} {visit().urls.data(request.path)}"[:_LONGEST_MESSAGE]
    return By(token, said or what, action, request.remote_addr or "")


def _warned(written: Written, language: Language) -> list[dict[str, object]]:
    """The warnings of a write that was accepted, as many as a report lists."""
    findings = written.report.as_problem(language)["findings"] if written.report else []
    return [finding for finding in findings if finding["severity"] == "Warning"]


def answer(written: Written, status: int = 200) -> Response:
    """What a write did: a version, or nothing."""
    seen = visit()
    version = written.version
    told = {
        "version": version.number if version else None,
        "address": seen.urls.absolute(seen.urls.page(f"/versions/{version.number}")) if version else None,
        "added": written.added,
        "removed": written.removed,
        "graphs": list(written.graphs),
        "warnings": version.warnings if version else 0,
        "warned": _warned(written, seen.language) if version else [],
    }
    response = Response(json.dumps(told, ensure_ascii=False, indent=1) + "\n", status, content_type="application/json")
    if version:
        response.headers["X-Maillage-Version"] = str(version.number)
    response.headers["Cache-Control"] = "no-store"
    return response
