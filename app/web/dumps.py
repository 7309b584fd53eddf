"""Dumps over HTTP at ``/dumps/<name>.<form>.<packing>``, with byte ranges and a checksum beside; made elsewhere."""

from __future__ import annotations

import base64
from urllib.parse import quote

import pyoxigraph as ox
from flask import Blueprint, Response, abort, request
from werkzeug.exceptions import RequestedRangeNotSatisfiable
from werkzeug.wrappers import Response as Sent
from werkzeug.wsgi import wrap_file

from app.engine.dumping import ALL, FORMS, PACKINGS, Made, Wanted
from app.entities.addresses import is_iri
from app.errors import DumpPending, VersionPruned
from app.web.publishing import PACKED, dump_path
from app.web.site import Visit, visit
from app.web.validators import modified

blueprint = Blueprint("dumps", __name__)
_PATIENCE = 20.0
_LONGEST = 200
"""Characters of a file's name; its checksum's is a little longer."""

_NO_GRAPH = 4
_YEAR = 31_536_000


@blueprint.get("/dumps/<path:file>")
def dump(file: str) -> Sent:
    """A dump, or its checksum with ``.sha256`` after its name.

    Raises :class:`app.errors.DumpPending` while a large one is made, and :class:`app.errors.VersionPruned`.
    """
    seen = visit()
    bare = file.removesuffix(".sha256")
    wanted = _wanted(seen, bare)
    if seen.asked_version is None:
        suffix = file.removeprefix(bare)
        address = seen.urls.data(dump_path(wanted) + suffix, version=wanted.version)
        return Response(status=302, headers={"Location": address})
    made = seen.site.dumps.found(wanted) or _made(seen, wanted)
    if bare != file:
        return Response(f"{made.sha256}  {wanted.file_name}\n", content_type="text/plain; charset=utf-8")
    return _sent(seen, wanted, made)


def _wanted(seen: Visit, bare: str) -> Wanted:
    """What a file's name says; the version must be one that was published."""
    name, _, packing = bare.rpartition(".")
    name, _, form = name.rpartition(".")
    if not name or form not in FORMS or packing not in PACKINGS:
        abort(404)
    wanted = Wanted(seen.site.history.version(seen.version).number, name, form, packing)
    return wanted if len(wanted.file_name) <= _LONGEST else abort(404)


def _made(seen: Visit, wanted: Wanted) -> Made:
    """The file, once the process that makes it is done."""
    if wanted.version not in seen.site.history.present():
        raise VersionPruned(version=wanted.version)
    _require(seen, wanted)
    making = seen.site.making
    if making.code(making.start(seen.site.dumps, wanted), _PATIENCE) == _NO_GRAPH:
        abort(404)
    made = seen.site.dumps.found(wanted)
    if made is None:
        raise DumpPending(name=wanted.file_name)
    return made


def _require(seen: Visit, wanted: Wanted) -> None:
    """No process is started for a graph that there is not. Raises :class:`app.errors.UnknownGraph`."""
    if wanted.name == ALL or seen.site.graphs is None:
        return
    graph = f"{seen.site.settings.base_iri}graphs/{wanted.name}"
    if not is_iri(graph):
        abort(404)
    seen.site.graphs.require(ox.NamedNode(graph), wanted.version)


def _sent(seen: Visit, wanted: Wanted, made: Made) -> Response:
    """The file or the part of it that is asked for (RFC 9110 §14); it never changes."""
    file = made.path.open("rb")
    response = Response(wrap_file(request.environ, file), mimetype=PACKED[wanted.packing], direct_passthrough=True)
    response.call_on_close(file.close)
    response.content_length = made.size
    response.set_etag(made.sha256[:32])
    if (date := modified(seen.site, wanted.version)) is not None:
        response.last_modified = date
    response.cache_control.public = True
    response.cache_control.max_age = _YEAR
    name = f"{quote(wanted.name, safe='')}-v{wanted.version}.{wanted.form}.{wanted.packing}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["X-Maillage-Version"] = str(wanted.version)
    response.headers["Repr-Digest"] = f"sha-256=:{base64.b64encode(bytes.fromhex(made.sha256)).decode()}:"
    try:
        response.make_conditional(request.environ, accept_ranges=True, complete_length=made.size)
    except RequestedRangeNotSatisfiable:
        response.close()
        raise
    return response
