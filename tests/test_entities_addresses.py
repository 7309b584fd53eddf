"""Which page shows an IRI, and back."""

import pytest

from app.entities.addresses import Addresses, is_iri

HERE = Addresses("http://obs.example/", {"actor", "source", "theme", "territory"})


@pytest.mark.parametrize(
    ("iri", "path"),
    [
        ("http://obs.example/id/actor/poles-noe", "/actor/poles-noe"),
        ("http://obs.example/id/actor/épicerie-œuf", "/actor/%C3%A9picerie-%C5%93uf"),
        ("http://obs.example/id/actor/a%C3%A9", "/actor/a%25C3%25A9"),
        ("http://obs.example/id/actor/a?b#c", "/actor/a%3Fb%23c"),
        ("http://obs.example/id/actor/a/b", "/actor/a/b"),
        ("https://w3id.org/maillage/theme/velo", "/theme/velo"),
        ("https://w3id.org/maillage/territory/commune-91377", "/territory/commune-91377"),
        ("https://w3id.org/maillage/ontology#Actor", "/ontology#Actor"),
        ("https://w3id.org/maillage/ontology", "/ontology"),
        ("https://w3id.org/maillage/shape#Actor-name", "/shapes#Actor-name"),
        ("http://obs.example/id/unknown/x", "/about?iri=http%3A%2F%2Fobs.example%2Fid%2Funknown%2Fx"),
        ("http://obs.example/id/theme/x", "/about?iri=http%3A%2F%2Fobs.example%2Fid%2Ftheme%2Fx"),
        ("http://other.example/x?y=1&z=2", "/about?iri=http%3A%2F%2Fother.example%2Fx%3Fy%3D1%26z%3D2"),
        ("https://w3id.org/maillage/theme/", "/about?iri=https%3A%2F%2Fw3id.org%2Fmaillage%2Ftheme%2F"),
    ],
)
def test_every_iri_has_a_page(iri: str, path: str) -> None:
    assert HERE.path(iri) == path


@pytest.mark.parametrize("name", ["poles-noe", "a/b", "épicerie", "a%C3%A9"])
def test_the_name_in_a_page_leads_back_to_the_iri(name: str) -> None:
    assert HERE.place(HERE.iri("actor", name)) == ("actor", name)


def test_themes_and_territories_are_shared_by_all_observatories() -> None:
    assert HERE.iri("theme", "velo") == "https://w3id.org/maillage/theme/velo"


def test_a_graph_leads_to_the_description_of_its_source() -> None:
    assert HERE.source_of("http://obs.example/graphs/posts") == "http://obs.example/id/source/posts"
    assert HERE.source_of("http://other.example/graphs/posts") is None
    assert HERE.source_of("http://obs.example/graphs/") is None


@pytest.mark.parametrize("text", ["http://a.example/é", "urn:isbn:1", "tag:a,2020:b"])
def test_an_absolute_iri_is_one(text: str) -> None:
    assert is_iri(text)


@pytest.mark.parametrize(
    "text", ["", "relative", "/a", "http:", "http://a b", "http://a>b", 'http://a"b', "http://a\nb", "1http://a", "é:x", "a{b}:c"]
)
def test_what_would_break_out_of_angle_brackets_is_not_an_iri(text: str) -> None:
    assert not is_iri(text)
