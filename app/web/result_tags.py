"""Validators of query results: who has a result already is told so without a query; not the results themselves.

A tag names the release, the version and all of the request that the answer depends on. It is weak (RFC 9110 §8.8.1): the rows
of an unordered query are the same each time, but may come in another order.
"""

from __future__ import annotations

import hashlib
import json

from flask import Response, request

from app.engine.asks import Ask
from app.engine.volatile import is_volatile
from app.web.site import visit


def unchanged(ask: Ask) -> Response | None:
    """``304`` where the reader's own copy is what would be sent; None where the engine is to be asked."""
    if request.method not in ("GET", "HEAD") or not request.if_none_match:
        return None
    site = visit().site
    version = ask.version if ask.version is not None else site.engine.version()
    tag = _tag(ask, version)
    if tag is None or not request.if_none_match.contains_weak(tag):
        return None
    return tagged(Response(status=304), ask, version)


def tagged(response: Response, ask: Ask, version: int) -> Response:
    """The response with its version and, where the same request gives the same again, its validator."""
    response.headers["X-Maillage-Version"] = str(version)
    if request.method in ("GET", "HEAD"):
        tag = _tag(ask, version)
        if tag is None:
            response.cache_control.no_store = True
        else:
            response.set_etag(tag, weak=True)
            response.cache_control.no_cache = True
    return response


def _tag(ask: Ask, version: int) -> str | None:
    site = visit().site
    if is_volatile(ask.query, federated=bool(site.settings.service_allow)):
        return None
    parts = [site.release, version, site.erased, ask.query, ask.solutions, ask.graph, ask.default_graphs, ask.named_graphs]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:24]
