"""Pages begin with the questions that they are sure to ask: each of them is asked, while it is under way."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import pytest

from app.assembly import load_catalogue, load_shapes, load_vocabulary
from app.engine.asks import Answer, Ask, Gone
from app.engine.direct import DirectEngine
from app.engine.versions import Repository
from app.settings import Settings
from app.web import create_app

PAGES = (
    "/actor/grainerie",
    "/en/actor/atelier",
    "/actor/comite",
    "/partnership/convention",
    "/theme/alimentation",
)


class Watching(DirectEngine):
    """Keeps what was begun, and what of it was asked within its block."""

    def __init__(self, repository: Repository) -> None:
        super().__init__(repository)
        self.begun: list[Ask] = []
        self.asked: list[Ask] = []
        self._open = 0

    @contextmanager
    def ahead(self, asks: Sequence[Ask]) -> Iterator[None]:
        self.begun += asks
        self._open += 1
        yield
        self._open -= 1

    def answer(self, ask: Ask, gone: Gone | None = None) -> Answer:
        if self._open:
            self.asked.append(ask)
        return super().answer(ask, gone)


@pytest.mark.parametrize("address", PAGES)
def test_what_is_begun_is_asked_once(observatory: Repository, address: str) -> None:
    vocabulary = load_vocabulary()
    engine = Watching(observatory)
    app = create_app(engine, Settings(), vocabulary, load_shapes(vocabulary), load_catalogue(), observatory)
    assert app.test_client().get(address, headers={"Accept": "text/html"}).status_code == 200
    engine.close()
    assert len(engine.begun) >= 3
    assert [engine.asked.count(ask) for ask in engine.begun] == [1] * len(engine.begun)
