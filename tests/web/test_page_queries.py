"""Each question behind a page: parsed by two parsers, answered as it stands, and asked by some page."""

from pathlib import Path

import pytest
from rdflib.plugins.sparql import prepareQuery

from app.engine.asks import Ask
from app.engine.direct import DirectEngine
from app.engine.versions import Repository
from app.media import JSON_RESULTS, N_TRIPLES
from app.queries import Catalogue
from app.resources import folder

CATALOGUE = Catalogue.load(folder("queries"))
PAGES = sorted(query.name for query in CATALOGUE.within("pages"))
CODE = "".join(path.read_text(encoding="utf-8") for path in Path("app").rglob("*.py"))


@pytest.mark.parametrize("name", PAGES)
def test_a_page_query_is_sparql_for_two_parsers_and_asks_in_both_languages(observatory: Repository, name: str) -> None:
    query = CATALOGUE.get(name)
    prepareQuery(query.body)
    assert set(query.question) == {"fr", "en"}
    engine = DirectEngine(observatory)
    try:
        window = "" if "LIMIT" in query.body else "LIMIT 5"
        engine.answer(Ask(query.body + window, "page", JSON_RESULTS.media_type, N_TRIPLES.media_type)).body.close()
    finally:
        engine.close()


@pytest.mark.parametrize("name", PAGES)
def test_a_page_query_has_a_page(name: str) -> None:
    bare = name.removeprefix("pages/").removesuffix("-unsorted")
    assert f'"{bare}"' in CODE or f'"{name}"' in CODE
