"""Each limit of a query is in the service description, in words and as a value, and is a setting."""

from __future__ import annotations

from dataclasses import fields

import pytest
import rdflib
from flask.testing import FlaskClient

from app.settings import Settings
from app.text import LANGUAGES, number
from app.web.limits import SHOWN, sentence

SCHEMA = rdflib.Namespace("https://schema.org/")


@pytest.fixture
def described(client: FlaskClient) -> rdflib.Graph:
    return rdflib.Graph().parse(data=client.get("/sparql", headers={"Accept": "text/turtle"}).text, format="turtle")


def test_every_setting_of_queries_and_of_writing_is_shown_and_no_other() -> None:
    areas = ("query_", "update_", "upload_", "literal_")
    assert set(SHOWN) == {field.name for field in fields(Settings) if field.name.startswith(areas)}


@pytest.mark.parametrize("name", SHOWN)
def test_a_limit_is_described_with_its_value_and_its_name_in_both_languages(described: rdflib.Graph, name: str) -> None:
    [limit] = described.subjects(SCHEMA.propertyID, rdflib.Literal(f"MAILLAGE_{name.upper()}"))
    assert float(described.value(limit, SCHEMA.maxValue)) == getattr(Settings(), name)
    assert {text.language for text in described.objects(limit, SCHEMA.name)} == set(LANGUAGES)
    assert described.value(predicate=SCHEMA.additionalProperty, object=limit) is not None


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_sentence_tells_every_limit(described: rdflib.Graph, language: str) -> None:
    text = sentence(Settings(query_rows=123_456), language)
    assert number(123_456, language) in text
    assert rdflib.Literal(sentence(Settings(), language), lang=language) in set(described.objects(None, rdflib.RDFS.comment))
