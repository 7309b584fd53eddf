"""“Near” as a field of a form, on pages that are no list, and the communes from which a browser finds its own at
``/communes.json``. A reader's position is never sent: the browser compares it with these."""

from __future__ import annotations

import json
from dataclasses import dataclass

from flask import Blueprint, Response, request

from app.browsing import Near
from app.browsing.choosing import Place
from app.entities.model import Node
from app.entities.names import Names
from app.errors import BadParameter
from app.facts import Mask
from app.statistics.wording import Labels
from app.terms import TERRITORY
from app.text import pick
from app.web.figures import labels
from app.web.responses import conditional
from app.web.site import Visit, visit

blueprint = Blueprint("near", __name__)
_DIGITS = 4
"""Of a degree: some ten metres, for a point that stands for a whole commune."""


@dataclass(frozen=True)
class Around:
    """A place and a distance that were asked for: as typed, what it was taken for, and what it is called or may be."""

    near: Near
    place: Place
    label: str
    candidates: tuple[Node, ...] = ()

    @property
    def is_known(self) -> bool:
        return bool(self.place.territories)

    @property
    def word(self) -> str:
        """The place as an address writes it."""
        one = self.place.territories[0] if len(self.place.territories) == 1 else self.near.place
        return one.removeprefix(str(TERRITORY))

    @property
    def given(self) -> dict[str, str | None]:
        """The parameters of an address that asks the same."""
        return {"near": self.word, "km": f"{self.near.km:g}"}

    def mask(self, seen: Visit) -> Mask:
        """The rows of the facts that are there."""
        return seen.browser.positions_within(list(self.place.centres), self.near.km)

    def require(self) -> None:
        """Raises :class:`app.errors.BadParameter` for a place that nothing certain is called so."""
        if not self.is_known:
            text = self.near.place[:200]
            raise BadParameter(name="near", value=text, reason="list.unclear-near", text=text)


def asked_around(seen: Visit) -> Around | None:
    """What ``near`` and ``km`` of the address ask for. Raises :class:`app.errors.BadParameter` for a wrong distance."""
    try:
        near = Near.read(request.args)
    except ValueError as error:
        value = request.args.get("km", "")[:40]
        raise BadParameter(name="km", value=value, reason="list.reason-km") from error
    if near is None:
        return None
    place = seen.browser.chooser.place(near.place)
    said = labels(seen, Names(seen.site.vocabulary, seen.language))
    found = [_node(said, iri) for iri in place.territories]
    return Around(near, place, found[0].label if len(found) == 1 else near.place, tuple(_node(said, i) for i in place.candidates))


def _node(said: Labels, iri: str) -> Node:
    return said.node("territory", iri.removeprefix(str(TERRITORY)))


@blueprint.get("/communes.json")
def communes() -> Response:
    """Every commune that has a centre: its word in addresses, its name, its longitude and latitude."""
    return conditional("communes", lambda: Response(_written(visit()), content_type="application/json"))


def _written(seen: Visit) -> bytes:
    """As it is sent: written once for a language, as long as the version's facts are held, which others may share."""
    communes = seen.facts.remembered(f"communes.json {seen.language}", lambda: _write(seen).encode())
    return b'{"version":%d,"communes":%b}\n' % (seen.version, communes)


def _write(seen: Visit) -> str:
    tables = seen.facts.tables
    tree = tables.territory_tree
    found = []
    for number in tree.of_level("Commune"):
        branch = tree[number]
        named = pick(branch.names, seen.language)
        if branch.centre and named:
            longitude, latitude = (round(degrees, _DIGITS) for degrees in branch.centre)
            found.append([tables.territories[number].removeprefix(str(TERRITORY)), named[0], longitude, latitude])
    found.sort()
    return json.dumps(found, ensure_ascii=False, separators=(",", ":"))
