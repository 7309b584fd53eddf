"""Style sheet, logo, robots.txt: files that belong to the release, not to the data."""

from __future__ import annotations

from pathlib import Path

from flask import Blueprint, Response, abort

from app.web.site import visit

blueprint = Blueprint("assets", __name__)
FOLDER = Path(__file__).parent / "static"
_TYPES = {".css": "text/css; charset=utf-8", ".svg": "image/svg+xml", ".js": "text/javascript; charset=utf-8"}
_YEAR = 31_536_000
_COMPUTED = ("/sparql", "/en/sparql", "/search", "/en/search", "/paths?", "/en/paths?", "/about")


@blueprint.get("/static/<name>")
def static(name: str) -> Response:
    """A file of the folder; its address carries the release, so it may be kept for a year."""
    return _kept(FOLDER / name, FOLDER)


@blueprint.get("/static/at/<release>/<part>/<name>")
def module(release: str, part: str, name: str) -> Response:  # noqa: ARG001 the release only makes the address new
    """A file of a folder below: modules that import each other by relative addresses, and so stay in one release."""
    return _kept(FOLDER / part / name, FOLDER / part)


def _kept(path: Path, folder: Path) -> Response:
    if path.parent != folder or folder.parent not in (FOLDER, FOLDER.parent) or path.suffix not in _TYPES or not path.is_file():
        abort(404)
    response = Response(path.read_bytes(), content_type=_TYPES[path.suffix])
    response.cache_control.public = True
    response.cache_control.max_age = _YEAR
    return response


@blueprint.get("/favicon.ico")
@blueprint.get("/favicon.svg")
def favicon() -> Response:
    return static("logo.svg")


@blueprint.get("/robots.txt")
def robots() -> Response:
    """Pages may be read by robots; what is computed for each address may not."""
    text = "User-agent: *\n" + "".join(f"Disallow: {visit().urls.data(path)}\n" for path in _COMPUTED)
    text += f"Sitemap: {visit().urls.absolute(visit().urls.data('/sitemap.xml'))}\n"
    return Response(text, content_type="text/plain; charset=utf-8")
