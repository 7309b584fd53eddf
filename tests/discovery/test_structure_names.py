"""The isolated in the order of names, as a reader of each language looks for one, whatever their addresses are."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from app.assembly.indexing import load_indexes
from app.discovery.network import Network
from app.discovery.structure.selecting import by_name
from app.engine.indexes import Indexes
from app.engine.versions import Repository
from app.facts import open_facts
from app.text import Language
from tests.discovery.networks import BASE, quads
from tests.engine.versioned import FAST, write

ACTORS = """
<id/actor/1> a :Association ; :name "Zèbre"@fr , "Yak"@en .
<id/actor/2> a :Association ; :name "Épi"@fr , "Ear"@en .
<id/actor/3> a :Association ; :name "Étoile"@fr .
<id/actor/4> a :Association ; :name "atelier"@fr , "workshop"@en .
<id/actor/5> a :Association ; :theme theme:velo . theme:velo a :Theme .
"""


@pytest.mark.parametrize(("language", "order"), [("fr", "42315"), ("en", "23415")])
def test_names_are_in_the_order_of_the_reader_s_language(tmp_path: Path, language: Language, order: str) -> None:
    repository = Repository(tmp_path / "data", BASE, options=FAST, indexes=load_indexes())
    version = write(repository, frozenset(quads(ACTORS)))
    assert version is not None
    network = Indexes(repository.lease, "network", Network.open).at(version.number)
    facts = Indexes(repository.lease, "facts", open_facts).at(version.number)
    theme = network.ordinal("https://w3id.org/maillage/theme/velo")
    assert theme is not None
    nodes = np.array([theme, *network.nodes("actor")[::-1]])
    told = by_name(network, facts, nodes, language)
    assert "".join(network.iri(node).removeprefix(f"{BASE}id/actor/") for node in told.tolist()[:-1]) == order
    assert told.tolist()[-1] == theme, "what the facts do not know is last"
    nobody = by_name(network, facts, nodes[:0], language)
    assert nobody.tolist() == []
