"""Who should meet: scores that can be followed by hand, what is linked already left out, hubs that drive nothing."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from app.discovery.matching import Market
from app.discovery.matching.listing import Call, Listing, Scope
from app.discovery.network import Network
from app.discovery.places import Places
from app.discovery.suggestions import Scopes, Suggester, Suggestion
from app.discovery.suggestions.evaluation import before, evaluate
from app.discovery.suggestions.wording import calls_of, mentioned
from app.discovery.themes import ThemeTree
from tests.discovery.networks import BASE, quads, written

TERRITORY, THEME = "https://w3id.org/maillage/territory/", "https://w3id.org/maillage/theme/"
TREE = ThemeTree({f"{THEME}velo": f"{THEME}mobilite", f"{THEME}bus": f"{THEME}mobilite"})
PLACES = Places(
    {f"{TERRITORY}ici": frozenset({f"{TERRITORY}tout"}), f"{TERRITORY}la": frozenset({f"{TERRITORY}tout"})},
    {f"{TERRITORY}ici": (2.0, 48.0), f"{TERRITORY}la": (2.0, 48.045)},
)


def partnership(name: str, *parties: str, more: str = "") -> str:
    """Parties as ``role actor``."""
    said = f"<id/partnership/{name}> a :Partnership {more} . "
    for turn, party in enumerate(parties):
        role, _, actor = party.partition(" ")
        said += f"<id/partnership/{name}> :participation <id/participation/{name}-{turn}> . "
        said += f"<id/participation/{name}-{turn}> a :Participation ; :participant <id/actor/{actor}> ; :role role:{role} . "
    return said


def actors(*names: str, more: str = "") -> str:
    return "".join(f"<id/actor/{name}> a :Association {more} . " for name in names)


def suggester(network: Network, **listings: Listing) -> Suggester:
    market = Market({one.iri: one for one in listings.values()}, {}, TREE, PLACES)
    return Suggester(network, Scopes(network, TREE, PLACES), market)


def of(made: Suggester, name: str, kinds: tuple[str, ...] = ("actor",)) -> dict[str, Suggestion]:
    node = made.network.ordinal(f"{BASE}id/{name}")
    assert node is not None
    return {made.network.iri(one.other).removeprefix(f"{BASE}id/"): one for one in made.for_entity(node, kinds).items}


def test_a_shared_partner_gives_what_it_has_in_equal_parts_to_all_who_have_it(tmp_path: Path) -> None:
    said = actors(*"abcx") + "".join(partnership(f"p{name}", f"signs {name}", "signs x") for name in "abc")
    found = of(suggester(written(tmp_path / "n", quads(said))), "actor/a")
    assert {name: one.score for name, one in found.items()} == {"actor/b": pytest.approx(1 / 3), "actor/c": pytest.approx(1 / 3)}


def test_those_who_share_a_partnership_or_a_project_or_a_link_are_not_suggested(tmp_path: Path) -> None:
    said = (
        actors(*"abcdexy")
        + partnership("p", "signs a", "signs x", "signs b")
        + partnership("q", "signs c", "signs x")
        + "<id/project/m> a :Project ; :leader <id/actor/a>, <id/actor/d> . "
        + partnership("r", "signs d", "signs x")
        + "<id/membership/m> a :Membership ; :member <id/actor/e> ; :memberOf <id/actor/a> . "
        + partnership("s", "signs e", "signs x")
    )
    assert set(of(suggester(written(tmp_path / "n", quads(said))), "actor/a")) == {"actor/c"}


def test_what_most_actors_share_is_no_reason_and_adds_next_to_nothing(tmp_path: Path) -> None:
    names = [f"a{n}" for n in range(30)]
    said = actors("funder", "x", *names) + "".join(
        partnership(f"p{n}", f"receives-funding a{n}", "funds funder") for n in range(30)
    )
    said += partnership("q0", "signs a0", "signs x") + partnership("q1", "signs a1", "signs x")
    found = of(suggester(written(tmp_path / "n", quads(said))), "actor/a0")
    assert set(found) == {"actor/a1"}
    assert [context.is_hub for context in found["actor/a1"].contexts] == [False, True]
    assert found["actor/a1"].score == pytest.approx(1 / 2 + 1 / 30)


def test_working_groups_of_what_one_leads_are_not_suggested_to_it(tmp_path: Path) -> None:
    said = (
        actors("a", "b")
        + "<id/project/m> a :Project ; :leader <id/actor/a> ; :partOf <id/programme/g> . <id/programme/g> a :Programme . "
        + "<id/actor/groupe> a :WorkingGroup ; :unitOf <id/project/m> . "
        + "<id/project/n> a :Project ; :leader <id/actor/b> ; :partOf <id/programme/g> . "
    )
    found = of(suggester(written(tmp_path / "n", quads(said))), "actor/a")
    assert set(found) == {"actor/b"}
    assert [context.kind for context in found["actor/b"].contexts] == ["programme"]


def test_projects_that_the_same_actor_leads_are_not_suggested_to_each_other(tmp_path: Path) -> None:
    said = actors(*"ab") + "".join(
        f"<id/project/{name}> a :Project ; :leader <id/actor/{leader}> ; :partOf <id/programme/g> . "
        for name, leader in (("spring", "a"), ("autumn", "a"), ("other", "b"))
    )
    said += "<id/programme/g> a :Programme . "
    found = of(suggester(written(tmp_path / "n", quads(said))), "project/spring", ("project",))
    assert set(found) == {"project/other"}


def test_near_themes_in_near_places_are_a_reason_and_a_place_alone_is_none(tmp_path: Path) -> None:
    said = (
        "<id/actor/a> a :Association ; :theme theme:velo ; :territory territory:ici . "
        "<id/actor/b> a :Association ; :theme theme:bus ; :territory territory:la . "
        "<id/actor/c> a :Association ; :territory territory:la . "
        "theme:velo a :Theme . theme:bus a :Theme . territory:ici a :Commune . territory:la a :Commune . "
    )
    found = of(suggester(written(tmp_path / "n", quads(said))), "actor/a")
    assert set(found) == {"actor/b"}
    pair = found["actor/b"]
    assert pair.theme is not None
    assert pair.theme.common == f"{THEME}mobilite"
    assert pair.place is not None
    assert round(pair.place.kilometres or 0) == 5
    assert pair.place_points == pytest.approx(0.15 / (1 + 0.5), rel=0.01)


def test_a_need_that_another_s_offer_meets_is_a_reason(tmp_path: Path) -> None:
    network = written(tmp_path / "n", quads(actors("a", "b", "c")))
    need = Listing(f"{BASE}id/need/n", "need", frozenset({"k"}), (f"{BASE}id/actor/a",), Scope(frozenset({f"{THEME}velo"})))
    offer = Listing(f"{BASE}id/offer/o", "offer", frozenset({"k"}), (f"{BASE}id/actor/b",), Scope(frozenset({f"{THEME}velo"})))
    (pair,) = of(suggester(network, need=need, offer=offer), "actor/a").values()
    assert pair.match is not None
    assert pair.match.other.iri == offer.iri
    assert pair.score == pytest.approx(0.6 * 2 / 5)


def test_a_call_is_told_where_both_could_answer_it(tmp_path: Path) -> None:
    themes = "theme:velo a :Theme . theme:pain a :Theme . "
    said = themes + actors("a", "b", more="; :theme theme:velo") + actors("c", more="; :theme theme:pain")
    network = written(tmp_path / "n", quads(said))
    calls = {iri: Call(iri, scope=Scope(frozenset({f"{THEME}{name}"}))) for iri, name in (("appel", "bus"), ("autre", "pain"))}
    made = Suggester(network, Scopes(network, TREE, PLACES), Market({}, calls, TREE, PLACES))
    a, b, c = (node for name in "abc" if (node := network.ordinal(f"{BASE}id/actor/{name}")) is not None)
    assert calls_of(made, Suggestion(a, b)) == ["appel"]
    assert calls_of(made, Suggestion(a, c)) == []
    assert "appel" in mentioned(made, [Suggestion(a, b)])


def test_both_sides_of_a_pair_have_the_same_score(tmp_path: Path) -> None:
    said = actors(*"abxy") + partnership("p", "signs a", "signs x") + partnership("q", "leads b", "takes-part x")
    made = suggester(written(tmp_path / "n", quads(said)))
    assert of(made, "actor/a")["actor/b"].score == of(made, "actor/b")["actor/a"].score


def test_the_pairs_of_an_area_are_those_of_its_actors_with_the_same_scores(tmp_path: Path) -> None:
    said = (
        actors("a", "b", more="; :territory territory:ici")
        + actors("c", more="; :territory territory:ailleurs")
        + actors("x")
        + "".join(partnership(f"p{name}", f"signs {name}", "signs x") for name in "abc")
        + "territory:ici a :Commune . territory:ailleurs a :Commune . "
    )
    made = suggester(written(tmp_path / "n", quads(said)))
    (pair,) = made.within(f"{TERRITORY}tout").items
    assert {made.network.iri(node).rpartition("/")[2] for node in (pair.one, pair.other)} == {"a", "b"}
    assert pair.score == of(made, "actor/a")["actor/b"].score
    assert len(made.within(None).items) == 3


def test_an_entity_of_which_nothing_is_known_has_no_suggestion(tmp_path: Path) -> None:
    made = suggester(written(tmp_path / "n", quads(actors("a", "b"))))
    assert of(made, "actor/a") == {}
    assert made.within(None).items == ()
    assert made.within(f"{TERRITORY}nowhere").items == ()


def contract(name: str, actor: str, thing: str, year: int) -> str:
    more = f'; :servesPolicy <id/policy/{thing}> ; :startDate "{year}"^^xsd:gYear'
    return partnership(name, "funds funder", f"receives-funding {actor}", more=more)


def test_the_network_before_a_year_has_neither_later_links_nor_funders(tmp_path: Path) -> None:
    said = (
        actors("funder", "a") + "<id/policy/c> a :PublicPolicy . " + contract("p", "a", "c", 2020) + contract("q", "a", "c", 2021)
    )
    network = written(tmp_path / "n", quads(said))
    cut = before(network, 2021)
    assert len(network.all_links()) == 6
    kept = {(cut.iri(s).rpartition("/")[2], cut.iri(t).rpartition("/")[2]) for s, t, *_ in cut.all_links().tolist()}
    assert kept == {("a", "p"), ("p", "c")}


def test_an_evaluation_counts_what_came_and_concludes_nothing_from_one_case(tmp_path: Path) -> None:
    said = actors("funder", *"abcd") + "".join(f"<id/policy/{thing}> a :PublicPolicy . " for thing in "uvw")
    rows = [
        ("a", "u", 2020),
        ("b", "u", 2020),
        ("b", "v", 2020),
        ("c", "w", 2020),
        ("a", "v", 2021),
        ("d", "u", 2021),
        ("b", "u", 2021),
    ]
    said += "".join(contract(f"p{turn}", *row) for turn, row in enumerate(rows))
    told = evaluate(suggester(written(tmp_path / "n", quads(said))), samples=200)
    assert told is not None
    assert (told.year, told.since, told.actors, told.things, told.known) == (2021, 2020, 3, 3, 4)
    assert (told.came, told.foreseeable, told.cases, told.candidates) == (2, 1, 1, 5)
    by_name = {measure.method: measure.auc.value for measure in told.measures}
    assert by_name["common-neighbours"] == by_name["resource-allocation"] == by_name["suggestions"] == 1.0
    assert by_name["popularity"] == pytest.approx(1 / 4)
    assert told.too_few
    assert told.verdict("popularity") == "inconclusive"
    again = evaluate(suggester(written(tmp_path / "m", quads(said))), samples=200)
    assert again == told


def test_without_dated_partnerships_there_is_nothing_to_evaluate(tmp_path: Path) -> None:
    said = actors("a", "b") + partnership("p", "signs a", "signs b")
    assert evaluate(suggester(written(tmp_path / "n", quads(said)))) is None


THEMES = [f"{THEME}{name}" for name in ("velo", "bus", "mobilite", "pain", "ble", "repas")]
AREAS = [f"{TERRITORY}{name}" for name in ("ici", "la", "loin", "tout", "reste", "rien")]
GROVE = ThemeTree({**TREE.broader, f"{THEME}pain": f"{THEME}repas", f"{THEME}ble": f"{THEME}pain"})
LAND = Places(
    {
        f"{TERRITORY}{one}": frozenset({f"{TERRITORY}{other}"})
        for one, other in (("ici", "tout"), ("la", "tout"), ("loin", "reste"))
    },
    {**PLACES.centres, f"{TERRITORY}loin": (2.0, 48.3)},
)


@pytest.mark.parametrize("seed", range(20))
def test_all_candidates_are_as_near_as_each_is_by_itself(tmp_path: Path, seed: int) -> None:
    draw = random.Random(seed)
    said = "".join(f"<{theme}> a :Theme . " for theme in THEMES) + "".join(f"<{area}> a :Commune . " for area in AREAS)
    for name in "abcdefgh":
        said += actors(name)
        said += "".join(f"<id/actor/{name}> :theme <{theme}> . " for theme in draw.sample(THEMES, draw.randint(0, 3)))
        said += "".join(f"<id/actor/{name}> :territory <{area}> . " for area in draw.sample(AREAS, draw.randint(0, 3)))
    network = written(tmp_path / "n", quads(said))
    scopes = Scopes(network, GROVE, LAND)
    nodes = network.nodes("actor")
    for own in scopes.of(nodes):
        themes, areas = scopes.nearness(own, nodes)
        its = scopes.of(nodes)
        assert themes.tolist() == [scopes.theme(own, one)[0] for one in its]
        assert areas.tolist() == [scopes.place(own, one)[0] for one in its]
