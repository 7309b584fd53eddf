"""SERVICE in an update, in every disguise that a query may give it: nobody is called, even without the walls of a process."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pyoxigraph as ox
import pytest
from listener import Listener
from test_guard import DISGUISES, aimed

from app.errors import MaillageError, QuerySyntax, ServiceRefused
from app.updating.evaluate import Evaluation
from app.updating.orders import Order

BASE = "http://observatoire.example/"
SELECT = re.compile(r"SELECT ?\*(?: )?(?=\{)")
TEMPLATES = {
    "insert": "INSERT { <urn:a> <urn:b> ?a } WHERE ",
    "delete": "DELETE { ?a <urn:b> ?c } INSERT { } WHERE ",
    "where": "WITH <urn:g> DELETE { <urn:a> ?b ?c } USING <urn:g> WHERE ",
}


@pytest.fixture(scope="module")
def listener() -> Iterator[Listener]:
    listener = Listener()
    yield listener
    listener.close()


def update(query: str, template: str) -> str:
    """The same group behind another word."""
    return SELECT.sub(TEMPLATES[template], query, count=1)


ASKING = [name for name, text in DISGUISES.items() if SELECT.search(text)]


@pytest.mark.parametrize("template", TEMPLATES)
@pytest.mark.parametrize("name", ASKING)
def test_no_disguise_of_service_in_an_update_reaches_the_network(
    name: str, template: str, listener: Listener, tmp_path: Path
) -> None:
    before = listener.calls
    store = ox.Store()
    store.add(ox.Quad(*(ox.NamedNode("http://e/s"),) * 3))
    order = Order(update(aimed(DISGUISES[name], listener), template), None, tmp_path, BASE, BASE)
    with pytest.raises((ServiceRefused, QuerySyntax)):
        Evaluation(order, store, {}).run()
    assert listener.calls == before


@pytest.mark.parametrize("name", ASKING)
def test_nor_in_the_second_operation(name: str, listener: Listener, tmp_path: Path) -> None:
    before = listener.calls
    text = f"INSERT DATA {{ <urn:a> <urn:b> 1 }} ;\n{update(aimed(DISGUISES[name], listener), 'insert')}"
    with pytest.raises(MaillageError):
        Evaluation(Order(text, None, tmp_path, BASE, BASE), ox.Store(), {}).run()
    assert listener.calls == before


def test_most_of_them_would_be_called_by_the_bare_engine(listener: Listener) -> None:
    calling = 0
    for name in ASKING:
        before = listener.calls
        with suppress(SyntaxError, OSError, RuntimeError):
            ox.Store().update(update(aimed(DISGUISES[name], listener), "insert"))
        calling += listener.calls > before
    assert calling >= 15
