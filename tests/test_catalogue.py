"""Each question of the catalogue against a small territory that a person can read, with every answer written out."""

import tomllib
from pathlib import Path

import pyoxigraph as ox
import pytest

from app.errors import BadParameter
from app.queries import Catalogue
from app.queries.rules import Rules

FOLDER = Path("tests/catalogue")
CATALOGUE = Catalogue.load(Path("queries"))
PUBLIC = {query.name for query in CATALOGUE.within("")}
EXPECTED = tomllib.loads((FOLDER / "expected.toml").read_text(encoding="utf-8"))
CASES = [(name, case) for name, cases in EXPECTED.items() for case in cases]
SHORT = {
    "ex:": "http://example.org/id/",
    "maillage:": "https://w3id.org/maillage/ontology#",
    "theme:": "https://w3id.org/maillage/theme/",
    "territory:": "https://w3id.org/maillage/territory/",
    "code:": "https://w3id.org/maillage/code/",
}


@pytest.fixture(scope="module")
def store() -> ox.Store:
    """The small territory with the themes, the ontology and the derived links, merged as the service merges them."""
    merged = ox.Store()
    for path in (FOLDER / "territory.ttl", *sorted(Path("ontology").glob("*.ttl"))):
        merged.load(path=str(path))
    links = Rules.of(CATALOGUE).all_links(merged.query)
    merged.extend(ox.Quad(link.subject, link.predicate, link.object) for link in links)
    return merged


def term(text: str, type_: str) -> ox.NamedNode | ox.Literal:
    if type_ == "iri":
        prefix, _, rest = text.partition(":")
        return ox.NamedNode(SHORT[prefix + ":"] + rest)
    return ox.Literal(text, datatype=ox.NamedNode(f"http://www.w3.org/2001/XMLSchema#{type_}"))


def short(value: ox.NamedNode | ox.Literal | None) -> str | None:
    if value is None:
        return None
    for prefix, namespace in SHORT.items():
        if isinstance(value, ox.NamedNode) and value.value.startswith(namespace):
            return prefix + value.value.removeprefix(namespace)
    return value.value


def ask(store: ox.Store, name: str, params: dict[str, str]) -> list[dict[str, str | None]]:
    query = CATALOGUE.get(name)
    types = {parameter.name: parameter.type for parameter in query.params}
    solutions = store.query(query.bind({key: term(text, types[key]) for key, text in params.items()}))
    names = [variable.value for variable in solutions.variables]
    return [{key: short(solution[key]) for key in names} for solution in solutions]


def test_every_public_question_has_an_expected_answer_that_is_not_empty() -> None:
    assert {name for name, case in CASES if case["rows"]} == PUBLIC


@pytest.mark.parametrize(("name", "case"), CASES, ids=[f"{name}-{i}" for i, (name, _) in enumerate(CASES)])
def test_a_question_answers_what_a_reader_of_the_territory_would(store: ox.Store, name: str, case: dict) -> None:
    found = ask(store, name, case["params"])
    named = [{key: row.get(key) for key in wanted} for row, wanted in zip(found, case["rows"], strict=False)]
    if case.get("ordered", True):
        assert named == case["rows"], found
    else:
        assert all(any(wanted.items() <= row.items() for row in found) for wanted in case["rows"]), found
    assert len(found) == len(case["rows"]), found


@pytest.mark.parametrize("name", sorted(PUBLIC))
def test_a_question_with_its_examples_runs_and_without_what_it_requires_is_refused(store: ox.Store, name: str) -> None:
    query = CATALOGUE.get(name)
    required = [parameter for parameter in query.params if parameter.required]
    if required:
        with pytest.raises(BadParameter):
            query.bind({})
    nowhere = ox.NamedNode("http://example.org/id/nowhere")
    no_match = {p.name: nowhere if p.type == "iri" else ox.Literal("0001-01-01") for p in query.params}
    if no_match:
        assert list(store.query(query.bind(no_match))) == []


@pytest.mark.parametrize("name", sorted(PUBLIC))
def test_a_question_explains_itself_and_labels_its_parameters(name: str) -> None:
    query = CATALOGUE.get(name)
    assert set(query.explanation) == {"fr", "en"}
    assert query.tags
    assert all(set(parameter.label) == {"fr", "en"} for parameter in query.params)


def test_two_fundings_of_one_year_are_one_sum_whatever_their_days(store: ox.Store) -> None:
    more = ox.Store()
    more.extend(store)
    ours = {
        "aide-2021-bis": 'm:startDate "2021-09-01"^^x:date ; m:amount 500 ; m:partnershipKind <code/partnership-kind/funding>',
        "bis-a": "m:participant <http://example.org/id/agglo> ; m:role <code/role/funds>",
        "bis-b": "m:participant <http://example.org/id/grainerie> ; m:role <code/role/receives-funding>",
    }
    turtle = "@prefix m: <https://w3id.org/maillage/ontology#> . @prefix x: <http://www.w3.org/2001/XMLSchema#> .\n"
    turtle += "".join(f"<http://example.org/id/{name}> {said} .\n" for name, said in ours.items())
    turtle += (
        "<http://example.org/id/aide-2021-bis> m:participation <http://example.org/id/bis-a>, <http://example.org/id/bis-b> ."
    )
    more.load(turtle, ox.RdfFormat.TURTLE, base_iri="https://w3id.org/maillage/")
    assert [(row["total"], row["partnerships"]) for row in ask(more, "who-funds-whom", {"year": "2021"})] == [("2500", "2")]
