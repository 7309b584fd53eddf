"""The derived links: each rule on a readable example, and their upkeep from changes against deriving everything anew."""

from collections.abc import Iterable
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.queries import Catalogue
from app.queries.canned import CannedQuery
from app.queries.rules import Rule, Rules
from app.terms import CODE, MAILLAGE

RULES = Rules.of(Catalogue.load(Path("queries")))
EX = "http://example.org/"


def node(name: str) -> ox.NamedNode:
    return ox.NamedNode(EX + name)


def term(name: str) -> ox.NamedNode:
    return ox.NamedNode(str(MAILLAGE[name]))


def role(name: str) -> ox.NamedNode:
    return ox.NamedNode(str(CODE[f"role/{name}"]))


def store_of(triples: Iterable[ox.Triple]) -> ox.Store:
    store = ox.Store()
    store.extend(ox.Quad(t.subject, t.predicate, t.object) for t in triples)
    return store


def partnership(name: str, *parties: tuple[str, str]) -> set[ox.Triple]:
    said = set()
    for place, (actor, as_role) in enumerate(parties):
        part = node(f"{name}-{place}")
        said.add(ox.Triple(node(name), term("participation"), part))
        said.add(ox.Triple(part, term("participant"), node(actor)))
        said.add(ox.Triple(part, term("role"), role(as_role)))
    return said


def links(triples: set[ox.Triple]) -> set[tuple[str, str, str]]:
    short = lambda value: value.split("#")[-1].removeprefix(EX)  # noqa: E731
    return {(short(t.subject.value), short(t.predicate.value), short(t.object.value)) for t in triples}


@pytest.mark.parametrize(
    ("parties", "expected"),
    [
        ([("a", "signs"), ("b", "signs")], {("a", "partnerOf", "b"), ("b", "partnerOf", "a")}),
        ([("a", "funds"), ("b", "receives-funding")], {("a", "funds", "b")}),
        ([("a", "supports"), ("b", "leads")], {("a", "supports", "b")}),
        ([("a", "hosts"), ("b", "takes-part")], {("a", "hosts", "b")}),
        ([("a", "sponsors"), ("b", "is-supported")], {("a", "sponsors", "b")}),
        ([("a", "prescribes"), ("b", "hosts")], {("a", "prescribesTo", "b")}),
        ([("a", "provides-premises"), ("b", "leads")], {("a", "providesPremisesTo", "b")}),
        ([("a", "signs"), ("a", "leads")], set()),
        ([("a", "funds"), ("b", "funds")], set()),
        ([("a", "signs")], set()),
    ],
)
def test_roles_in_a_partnership_become_links(parties: list[tuple[str, str]], expected: set[tuple[str, str, str]]) -> None:
    assert links(RULES.all_links(store_of(partnership("p", *parties)).query)) == expected


def test_a_partnership_links_its_parties_to_what_it_concerns_and_a_membership_to_its_body() -> None:
    said = partnership("p", ("a", "signs"), ("b", "funds")) | {
        ox.Triple(node("p"), term("concerns"), node("project")),
        ox.Triple(node("m"), term("member"), node("a")),
        ox.Triple(node("m"), term("memberOf"), node("network")),
    }
    assert links(RULES.all_links(store_of(said).query)) == {
        ("a", "takesPartIn", "project"),
        ("b", "takesPartIn", "project"),
        ("a", "memberOfActor", "network"),
    }


def test_a_link_that_loses_one_reason_stays_while_another_holds() -> None:
    first, second = partnership("p", ("a", "signs"), ("b", "signs")), partnership("q", ("a", "leads"), ("b", "leads"))
    before, after = store_of(first | second), store_of(second)
    assert RULES.changed_links(before.query, after.query, set(), first) == (set(), set())


PARTY = st.tuples(st.sampled_from("abcd"), st.sampled_from(["signs", "leads", "funds", "receives-funding", "hosts"]))
STATES = st.lists(st.tuples(st.sampled_from("pqr"), st.lists(PARTY, max_size=3)), max_size=3)


@settings(max_examples=150)
@given(STATES, STATES, st.data())
def test_links_kept_from_changes_equal_links_derived_anew(old, new, data) -> None:
    def state(described) -> set[ox.Triple]:
        said = set().union(*(partnership(name, *parties) for name, parties in described))
        return set(data.draw(st.lists(st.sampled_from(sorted(said, key=str)), unique=True))) if said else said

    before, after = state(old), state(new)
    ask_before, ask_after = store_of(before).query, store_of(after).query
    gained, lost = RULES.changed_links(ask_before, ask_after, after - before, before - after)
    assert (RULES.all_links(ask_before) | gained) - lost == RULES.all_links(ask_after)


ROLES = [path.stem for path in Path("queries/rules").glob("*.rq") if "role:" in path.read_text(encoding="utf-8")]


@settings(max_examples=100)
@given(STATES)
def test_a_rule_that_begins_with_its_roles_gives_the_links_that_it_gives_with_none_bound(described) -> None:
    ask = store_of(set().union(*(partnership(name, *parties) for name, parties in described))).query
    for rule in RULES.rules:
        assert rule.all_links(ask) == rule.links(ask, {})


def test_the_roles_of_a_rule_are_read_from_its_filters() -> None:
    choices = {rule.query.name.removeprefix("rules/"): rule.choices for rule in RULES.rules}
    assert choices["funds"]["ourRole"] == (role("funds"),)
    assert sorted(name for name, found in choices.items() if {"ourRole", "theirRole"} <= found.keys()) == sorted(ROLES)


@pytest.mark.parametrize(
    "condition",
    [
        "FILTER(?object IN (role:leads) || ?subject = role:leads)",
        "FILTER(?object NOT IN (role:leads))",
        'FILTER(?object IN (role:leads, "leads"))',
        "{ ?object maillage:theme ?subject FILTER(?object IN (role:leads)) }",
    ],
)
def test_what_need_not_hold_for_every_link_is_no_choice(condition: str) -> None:
    body = f"VALUES ?subject {{ UNDEF }} VALUES ?object {{ UNDEF }} ?subject maillage:theme ?object . {condition} }}"
    text = f"PREFIX role: <{CODE}role/>\n{HEAD}{body}"
    assert Rule.read(CannedQuery(name="rules/chosen", text=text)).choices == {}


HEAD = "PREFIX maillage: <https://w3id.org/maillage/ontology#>\nCONSTRUCT { ?subject maillage:funds ?object } WHERE {\n"


@pytest.mark.parametrize(
    "body",
    [
        "?subject maillage:theme ?object OPTIONAL { ?object maillage:name ?n } }",
        "VALUES ?subject { UNDEF } ?subject maillage:theme ?object }",
        "VALUES ?subject { UNDEF } VALUES ?object { UNDEF } ?subject maillage:theme+ ?object }",
        "VALUES ?subject { UNDEF } VALUES ?object { UNDEF } VALUES ?p { UNDEF } ?subject ?p ?object }",
    ],
)
def test_a_rule_that_cannot_be_kept_from_changes_is_refused(body: str) -> None:
    with pytest.raises(ValueError, match="rules/bad"):
        Rule.read(CannedQuery(name="rules/bad", text=HEAD + body))


def test_a_rule_may_not_read_what_a_rule_derives() -> None:
    body = "VALUES ?subject { UNDEF } VALUES ?object { UNDEF } ?object maillage:funds ?subject }"
    query = CannedQuery(name="rules/circular", text=HEAD + body)
    with pytest.raises(ValueError, match="never what is derived"):
        Rules.of(Catalogue({query.name: query}))
