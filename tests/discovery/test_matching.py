"""Needs with offers and calls with candidates, on an invented market with every answer written out."""

from __future__ import annotations

import datetime
from decimal import Decimal
from pathlib import Path

import pytest

from app.assembly import load_vocabulary
from app.discovery.matching import Market, Matches, advanced, candidates_for, criteria, open_calls_for, read_market
from app.discovery.matching.answers import Desk, Filter
from app.discovery.matching.listing import Listing, Scope, Span
from app.discovery.matching.reading import KINDS, read_scopes
from app.discovery.matching.wording import Words, mentioned
from app.discovery.places import Places
from app.discovery.themes import ThemeTree
from app.entities.names import Names
from app.entities.questions import Questions
from app.terms import TERRITORY, THEME
from tests.discovery.asking import BASE, questions_on, short, store_of

ON = datetime.date(2024, 5, 1)


@pytest.fixture(scope="module")
def questions() -> Questions:
    return questions_on(store_of(Path("tests/discovery/market.ttl")))


@pytest.fixture(scope="module")
def market(questions: Questions) -> Market:
    return read_market(questions, ThemeTree.read(questions), Places.read(questions))


def listing(market: Market, name: str) -> Listing:
    return market.listings[f"{BASE}id/{name}"]


def states(market: Market, need: str, offer: str) -> dict[str, str]:
    return {it.criterion: it.state for it in market.compare(listing(market, need), listing(market, offer))}


def found(matches: Matches) -> list[str]:
    return short(match.other.iri for match in matches.items)


def test_a_need_finds_the_offers_that_may_suit_it_the_best_first(market: Market) -> None:
    matches = market.match(listing(market, "need/cuisine"))
    assert found(matches) == ["offer/cuisine-de-la-halle", "offer/salle-sans-rien"]
    assert [match.points for match in matches.items] == [4.5, 1.0]
    assert (matches.wrong_days, matches.nothing_common, matches.past) == (1, 1, 0)


def test_an_offer_finds_the_same_pair_from_its_side(market: Market) -> None:
    assert found(market.match(listing(market, "offer/cuisine-de-la-halle"))) == ["need/cuisine"]


def test_each_criterion_of_a_pair_is_told_apart(market: Market) -> None:
    assert states(market, "need/cuisine", "offer/cuisine-de-la-halle") == {
        "kind": "met",
        "theme": "met",
        "place": "met",
        "dates": "met",
        "capacity": "near",
    }


def test_what_is_not_stated_is_unknown_and_counts_nothing(market: Market) -> None:
    assert states(market, "need/cuisine", "offer/salle-sans-rien") == {
        "kind": "met",
        "theme": "unknown",
        "place": "unknown",
        "dates": "unknown",
        "capacity": "unknown",
    }


def test_on_a_day_what_is_over_is_left_out_and_counted(market: Market) -> None:
    matches = market.match(listing(market, "need/cuisine"), on=ON)
    assert found(matches) == ["offer/cuisine-de-la-halle", "offer/salle-sans-rien"]
    assert (matches.wrong_days, matches.past) == (0, 1)


def test_an_actor_is_not_matched_with_itself_nor_one_kind_with_another(market: Market) -> None:
    names = found(market.match(listing(market, "need/cuisine")))
    assert "offer/cuisine-a-soi" not in names
    assert "offer/camion" not in names


def test_an_internship_is_an_offer_of_places_in_its_weeks(market: Market) -> None:
    (match,) = market.match(listing(market, "need/stages")).items
    assert short([match.other.iri]) == ["opportunity/stage"]
    assert {it.criterion: (it.state, it.reason) for it in match.verdicts} == {
        "kind": ("met", "kind-met"),
        "theme": ("unmet", "theme-unmet"),
        "place": ("met", "place-within"),
        "dates": ("met", "dates-met"),
        "capacity": ("met", "capacity-met"),
    }


def test_a_volunteer_mission_is_a_need_with_the_themes_and_places_of_its_actor(market: Market) -> None:
    (match,) = market.match(listing(market, "opportunity/mission")).items
    assert short([match.other.iri]) == ["offer/benevoles"]
    assert short([str(match.own.scope.themes_of)]) == ["actor/cantine"]


def test_a_filter_keeps_themes_below_the_chosen_one_and_what_lies_in_the_area(market: Market, questions: Questions) -> None:
    def chosen(**filters: str) -> list[str]:
        return short(one.iri for one in Desk(market, questions, Filter(**filters)).chosen("need"))

    assert chosen(theme=f"{THEME}alimentation") == ["need/cuisine", "need/argent", "opportunity/mission"]
    assert chosen(kind=f"{KINDS}internships") == ["need/stages"]
    assert chosen(area=f"{TERRITORY}departement-98") == ["need/stages", "need/cuisine", "need/argent", "opportunity/mission"]
    assert chosen(area=f"{TERRITORY}commune-97001") == []


def test_a_call_finds_actors_and_projects_of_its_themes_and_places(market: Market, questions: Questions) -> None:
    candidates = candidates_for(market.calls[f"{BASE}id/call/mieux-manger"], market, questions, ON)
    assert candidates.complete
    assert short(one.iri for one in candidates.items) == ["actor/cantine", "project/potager"]
    told = [{it.criterion: it.state for it in one.verdicts} for one in candidates.items]
    assert told[0] == {"theme": "met", "place": "met", "deadline": "met", "funding": "met", "audience": "unknown"}
    assert told[1] == {"theme": "met", "place": "unknown", "deadline": "met", "funding": "unknown", "audience": "unknown"}


def test_an_actor_finds_the_call_until_its_deadline_only(market: Market, questions: Questions) -> None:
    actor = f"{BASE}id/actor/cantine"
    scope = read_scopes(questions, [actor])[actor]
    assert [one.call.iri for one in open_calls_for(actor, scope, market, ON)] == [f"{BASE}id/call/mieux-manger"]
    assert open_calls_for(actor, scope, market, datetime.date(2024, 10, 1)) == ()
    (unsure,) = open_calls_for(actor, scope, market)
    assert [it.state for it in unsure.verdicts if it.criterion == "deadline"] == ["unknown"]


def test_an_actor_has_the_matches_of_all_that_it_needs_and_offers(market: Market, questions: Questions) -> None:
    about = Desk(market, questions).about(f"{BASE}id/actor/halle") or []
    assert [short([one.own.iri])[0] for one in about if not isinstance(one.own, str)] == [
        "offer/cuisine-de-la-halle",
        "opportunity/stage",
        "offer/cuisine-de-2020",
        "offer/camion",
    ]
    assert Desk(market, questions).about(f"{BASE}id/actor/nobody") is None


@pytest.mark.parametrize(
    ("need", "offer", "state"),
    [
        (("2024-01-01", "2024-06-30"), ("2024-06-30", None), "met"),
        (("2024-01-01", "2024-06-30"), ("2024-07-01", None), "unmet"),
        (("2024-01-01", None), ("2024-07-01", None), "unknown"),
        (("2024-01-01", None), ("2023-01-01", "2024-01-01"), "met"),
        ((None, "2024-01-01"), ("2023-01-01", None), "unknown"),
        ((None, "2024-01-01"), (None, "2024-01-01"), "met"),
        ((None, None), ("2024-01-01", None), "unknown"),
    ],
)
def test_a_common_day_is_met_only_where_the_dates_prove_it(need: tuple, offer: tuple, state: str) -> None:
    spans = [Span(*(datetime.date.fromisoformat(day) if day else None for day in days)) for days in (need, offer)]
    one, other = (Listing("x", "need", frozenset(), spans=() if span == Span() else (span,)) for span in spans)
    assert criteria.dates(one, other).state == state


@pytest.mark.parametrize(
    ("wanted", "given", "state"), [(2, 2, "met"), (2, 3, "met"), (2, 1, "near"), (2, 0, "unmet"), (None, 3, "unknown")]
)
def test_a_quantity_is_met_near_or_unknown(wanted: int | None, given: int, state: str) -> None:
    need = Listing("x", "need", frozenset(), quantity=None if wanted is None else Decimal(wanted))
    assert criteria.capacity(need, Listing("y", "offer", frozenset(), quantity=Decimal(given))).state == state


def test_themes_under_one_theme_are_near_and_two_branches_are_not() -> None:
    tree = ThemeTree({"b": "a", "c": "a", "e": "d"})
    near = tree.nearest({"b"}, {"c", "e"})
    assert near is not None
    assert (near.common, near.similarity) == ("a", 0.5)
    assert tree.nearest({"b"}, {"e"}) is None
    assert criteria.theme(Scope(frozenset("b")), Scope(frozenset("a")), tree).state == "met"
    assert criteria.theme(Scope(frozenset("b")), Scope(frozenset("c")), tree).state == "near"


def test_a_loop_of_themes_or_territories_ends() -> None:
    assert ThemeTree({"a": "b", "b": "a"}).line("a") == ("a", "b")
    assert Places({"a": frozenset("b"), "b": frozenset("a")}, {}).above("a") == {"a", "b"}


@pytest.mark.parametrize(("north", "state"), [(48.08, "met"), (48.2, "near"), (48.3, "unmet")])
def test_distance_decides_between_two_territories_that_do_not_hold_one_another(north: float, state: str) -> None:
    places = Places({}, {"one": (2.0, 48.0), "other": (2.0, north)})
    verdict = criteria.place(Scope(territories=frozenset(["one"])), Scope(territories=frozenset(["other"])), places)
    assert verdict.state == state


def test_a_match_is_said_in_both_languages(market: Market, questions: Questions) -> None:
    pair = market.match(listing(market, "need/cuisine")).items[0]
    told = {}
    for language in ("fr", "en"):
        names = Names(load_vocabulary(), language)
        names.ask(questions, mentioned(pairs=[pair]))
        told[language] = [reason.text.replace("\u00a0", " ") for reason in Words(names, language).match(pair).reasons]
    assert told["fr"] == [
        "même ressource : local ou terrain",
        "« Circuits courts » relève du thème « Alimentation et agriculture »",
        "Amont et Aval sont à 5 km à vol d’oiseau",
        "valables ensemble du 1er mars au 30 juin 2024",
        "l’offre (1) couvre une partie du besoin (2)",
    ]
    assert told["en"][3:] == ["both valid from 1 March to 30 June 2024", "the offer (1) covers a part of the need (2)"]


EDITS = """
DELETE DATA { <B/need/cuisine> m:quantity 2 . <B/period/2> m:startDate "2024-11-18"^^x:date . <B/offer/camion> a m:Offer } ;
INSERT DATA { <B/need/cuisine> m:quantity 5 . <B/period/2> m:startDate "2024-11-19"^^x:date .
    <B/actor/cantine> m:territory <https://w3id.org/maillage/territory/commune-98002> .
    <B/call/autre> a m:CallForProjects ; m:deadline "2025-01-01"^^x:date .
    <B/need/nouveau> a m:Need ; m:neededBy <B/actor/college> }
"""


def test_the_market_of_a_later_version_is_the_same_read_anew_or_by_what_changed() -> None:
    store = store_of(Path("tests/discovery/market.ttl"))
    questions = questions_on(store)
    tree, places = ThemeTree.read(questions), Places.read(questions)
    earlier = read_market(questions, tree, places)
    prefixes = "PREFIX m: <https://w3id.org/maillage/ontology#> PREFIX x: <http://www.w3.org/2001/XMLSchema#> "
    store.update(prefixes + EDITS.replace("<B/", f"<{BASE}id/"))
    names = ["need/cuisine", "period/2", "offer/camion", "actor/cantine", "call/autre", "need/nouveau"]
    later = advanced(earlier, questions, [f"{BASE}id/{name}" for name in names], tree, places)
    anew = read_market(questions, tree, places)
    assert later.listings == anew.listings
    assert later.calls == anew.calls
    assert later.listings != earlier.listings
    assert f"{BASE}id/offer/camion" not in later.listings
    mission = later.listings[f"{BASE}id/opportunity/mission"]
    assert mission.scope.territories == {f"{TERRITORY}commune-98001", f"{TERRITORY}commune-98002"}
