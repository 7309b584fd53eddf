"""Moving about on a map: the part that an address asks for, the links to the parts beside it, the picture below; no route.

Without a script the links are pages; with one (``static/map/look.js``) the same links move the drawing where it stands.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from flask import Response, request

from app.charts.maps import Projection
from app.charts.tiles import Tile, tiles
from app.charts.viewing import MOST, View
from app.errors import BadParameter
from app.web.responses import POLICY
from app.web.site import Visit

Link = Callable[[Mapping[str, str | None]], str]
"""From the parameters of a part to the address of the page that shows it."""


@dataclass(frozen=True)
class Looking:
    """A part of a map, with a link for each step (None where it leads nowhere) and the tiles below it."""

    view: View
    steps: Mapping[str, str | None]
    tiles: tuple[Tile, ...] = ()
    credit: str = ""

    @property
    def most(self) -> float:
        return MOST


def look(seen: Visit, projection: Projection, link: Link) -> Looking:
    """What ``centre`` and ``zoom`` of the address ask for. Raises :class:`app.errors.BadParameter` for what is neither."""
    try:
        view = View.read(projection, request.args.get("centre", ""), request.args.get("zoom", ""))
    except ValueError as error:
        name = str(error)
        value = request.args.get(name, "")[:40]
        raise BadParameter(name=name, value=value, reason=f"map.reason-{name}", most=int(MOST)) from error
    wanted = {
        "nearer": view.enlarged(2),
        "further": view.enlarged(0.5),
        "west": view.moved(-1, 0),
        "north": view.moved(0, -1),
        "south": view.moved(0, 1),
        "east": view.moved(1, 0),
        "whole": View.whole(projection),
    }
    steps = {name: None if one.is_like(view) else link(one.given) for name, one in wanted.items()}
    template = seen.site.settings.map_tiles
    below = tuple(tiles(view, template)) if template else ()
    return Looking(view, steps, below, seen.site.settings.map_tiles_credit)


def allow_tiles(seen: Visit, response: Response) -> Response:
    """Lets the browser fetch pictures from the tile server of the settings, on this page only; from none where none is set."""
    if seen.site.settings.map_tiles:
        parts = urlsplit(seen.site.settings.map_tiles)
        host = f"{parts.scheme}://{parts.netloc}"
        response.headers["Content-Security-Policy"] = POLICY.replace("img-src 'self'", f"img-src 'self' {host}")
    return response
