"""Synthetic data: plainly invented, always the same for the same seed, valid, and shaped like a real network."""

import hashlib
import random
import re
from collections import Counter, defaultdict
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.generate import LAST_YEAR, YEARS, Commune, generate, read_communes, read_themes
from app.generate.chance import Popularity, Weighted, heavy_tailed, pareto, with_key
from app.terms import MAILLAGE
from seed.make.payees import is_siret, payees, read_rows
from seed.make.posts import POSTS

BASE = "http://localhost:8000/"
COMMUNES = [Commune("http://example.org/large", 90_000), Commune("http://example.org/small", 10_000)]
THEMES = [f"http://example.org/theme-{number}" for number in range(1, 21)]
TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"


def quads(actors: int, seed: int = 1) -> list[ox.Quad]:
    lines = generate(actors, seed, BASE, COMMUNES, THEMES)
    return list(ox.parse("".join(lines).encode(), format=ox.RdfFormat.N_QUADS))


@pytest.fixture(scope="module")
def world() -> list[ox.Quad]:
    return quads(3000)


def values(world: list[ox.Quad], name: str) -> list[str]:
    return [quad.object.value for quad in world if quad.predicate.value == str(MAILLAGE[name])]


def of_class(world: list[ox.Quad], name: str) -> set[str]:
    return {quad.subject.value for quad in world if quad.predicate.value == TYPE and quad.object.value == str(MAILLAGE[name])}


# --- The same again


def test_the_same_seed_gives_the_same_lines_on_every_machine() -> None:
    text = "".join(generate(50, 7, BASE, COMMUNES, THEMES))
    assert text == "".join(generate(50, 7, BASE, COMMUNES, THEMES))
    assert hashlib.sha256(text.encode()).hexdigest()[:16] == "ab9992cf7fb66dec"


def test_another_seed_gives_another_world() -> None:
    assert list(generate(50, 7, BASE, COMMUNES, THEMES)) != list(generate(50, 8, BASE, COMMUNES, THEMES))


def test_it_disturbs_no_one_elses_draws() -> None:
    random.seed(3)
    expected = random.random()
    random.seed(3)
    quads(10)
    assert random.random() == expected


# --- Valid and plainly invented


@settings(max_examples=40)
@given(actors=st.integers(2, 60), seed=st.integers(0, 2**32))
def test_any_small_world_holds_together(actors: int, seed: int) -> None:
    world = quads(actors, seed)
    assert len(world) == len(set(world))
    assert {quad.graph_name.value for quad in world} == {f"{BASE}graphs/synthetic"}
    typed = {quad.subject.value for quad in world if quad.predicate.value == TYPE}
    assert {quad.subject.value for quad in world} == typed
    pointed_at = {
        quad.object.value for quad in world if isinstance(quad.object, ox.NamedNode) and quad.object.value.startswith(BASE)
    }
    assert pointed_at <= typed
    assert len([iri for iri in typed if "/id/actor/" in iri]) == actors
    parties = partners(world)
    assert all(2 <= len(set(found)) == len(found) <= 8 for found in parties.values())
    assert set(parties) == of_class(world, "Partnership")


def partners(world: list[ox.Quad]) -> dict[str, list[str]]:
    actor = {quad.subject.value: quad.object.value for quad in world if quad.predicate.value == str(MAILLAGE.participant)}
    found = defaultdict(list)
    for quad in world:
        if quad.predicate.value == str(MAILLAGE.participation):
            found[quad.subject.value].append(actor[quad.object.value])
    return found


def test_every_line_is_one_statement_with_its_end() -> None:
    for line in generate(30, 1, BASE, COMMUNES, THEMES):
        assert line.endswith(" .\n")
        assert line.count("\n") == 1


def test_every_name_says_that_it_is_synthetic_and_the_source_says_so_twice(world: list[ox.Quad]) -> None:
    assert all(re.search("synth[eé]ti", name, re.IGNORECASE) for name in values(world, "name"))
    about = [quad.object.value for quad in world if quad.subject.value == f"{BASE}id/source/synthetic"]
    assert any("rien n’y est réel" in text for text in about)
    assert any("nothing in them is real" in text for text in about)


def test_identifiers_are_valid_unique_and_begin_with_0_as_no_real_one_does(world: list[ox.Quad]) -> None:
    sirets = values(world, "siret")
    assert len(set(sirets)) == len(sirets) > 0
    assert all(is_siret(siret) and siret.startswith("0") for siret in sirets)
    assert not any(payee.siren.startswith("0") for payee in payees(read_rows(POSTS)))


def test_there_is_no_contact_of_anyone(world: list[ox.Quad]) -> None:
    assert not any("@" in quad.object.value for quad in world if isinstance(quad.object, ox.Literal))


@pytest.mark.parametrize("actors", [-1, 0, 1, 10_000_000])
def test_too_few_or_too_many_actors_are_refused_before_the_first_line(actors: int) -> None:
    with pytest.raises(ValueError, match="actors"):
        generate(actors, 1, BASE, COMMUNES, THEMES)


@pytest.mark.parametrize(
    ("communes", "themes"), [([], THEMES), (COMMUNES, []), ([Commune("http://example.org/empty", 0)], THEMES)]
)
def test_nowhere_or_nothing_to_be_about_is_refused(communes: list[Commune], themes: list[str]) -> None:
    with pytest.raises(ValueError, match="weight"):
        generate(2, 1, BASE, communes, themes)


# --- Shaped like a real network


def test_dates_cover_fifteen_years_and_no_end_comes_before_its_start(world: list[ox.Quad]) -> None:
    starts, ends = (
        {quad.subject.value: quad.object.value for quad in world if quad.predicate.value == str(MAILLAGE[name])}
        for name in ("startDate", "endDate")
    )
    years = {
        int(day[:4]) for day in (*starts.values(), *ends.values(), *values(world, "validFrom"), *values(world, "validThrough"))
    }
    assert years == set(range(LAST_YEAR - YEARS + 1, LAST_YEAR + 1))
    assert all(starts[subject] <= end for subject, end in ends.items())


def test_communes_are_drawn_by_their_population(world: list[ox.Quad]) -> None:
    counts = Counter(values(world, "territory"))
    assert 0.88 < counts["http://example.org/large"] / counts.total() < 0.92


def test_some_themes_and_some_partners_are_much_commoner_than_most(world: list[ox.Quad]) -> None:
    themes = Counter(values(world, "mainTheme"))
    assert themes[THEMES[0]] > 10 * themes[THEMES[19]] > 0
    degrees = sorted(Counter(values(world, "participant")).values(), reverse=True)
    middle = degrees[len(degrees) // 2]
    assert degrees[0] > 20 * middle
    assert sum(degrees[: len(degrees) // 10]) > 0.3 * sum(degrees)


def test_there_is_some_of_everything(world: list[ox.Quad]) -> None:
    for kind in ("Association", "WorkerCooperative", "Foundation", "Project", "Membership", "Event", "Offer", "Need"):
        assert of_class(world, kind), kind
    assert 30 < len(world) / 3000 < 40


def test_two_party_partnerships_are_the_rule_and_eight_the_exception(world: list[ox.Quad]) -> None:
    sizes = Counter(len(parties) for parties in partners(world).values())
    assert sizes[2] > sizes[3] > sizes[5] > 0
    assert max(sizes) >= 7


# --- Draws and inputs


def test_a_weighted_draw_never_gives_what_weighs_nothing() -> None:
    draws = random.Random(1)
    weighted = Weighted(["never", "always", "never either"], [0, 1, 0])
    assert {weighted.draw(draws) for _ in range(200)} == {"always"}


def test_weights_must_fit_their_values() -> None:
    with pytest.raises(ValueError, match="weight"):
        Weighted(["a", "b"], [1])


def test_zipfs_law_halves_the_second() -> None:
    counts = Counter(heavy_tailed(["first", "second"]).draw(random.Random(seed)) for seed in range(3000))
    assert 1.8 < counts["first"] / counts["second"] < 2.2


def test_what_was_kept_is_drawn_again() -> None:
    popular = Popularity(newcomers=0)
    popular.keep([42])
    assert {popular.draw(random.Random(seed), 100) for seed in range(20)} == {42}


def test_a_large_number_is_cut() -> None:
    assert max(pareto(random.Random(seed), 0.5, 9) for seed in range(200)) == 9
    assert min(pareto(random.Random(seed), 0.5, 9) for seed in range(200)) >= 1


def test_the_key_makes_a_valid_siret() -> None:
    assert with_key("7328293") != with_key("7328294")
    assert with_key("73282932") == "732829320"
    assert is_siret(with_key("7328293200007"))


def test_communes_and_themes_are_read_from_the_repository() -> None:
    communes = read_communes()
    assert len(communes) == 1266
    assert max(communes, key=lambda one: one.population) == ("https://w3id.org/maillage/territory/commune-75056", 2_103_778)
    themes = read_themes()
    assert len(themes) == len(set(themes)) > 60


def test_an_uncompressed_file_is_read_too(tmp_path: Path) -> None:
    path = tmp_path / "territories.ttl"
    path.write_text(f"<http://e/c> a <{MAILLAGE.Commune}> ; <{MAILLAGE.population}> 12 . <http://e/d> a <{MAILLAGE.Commune}> .")
    assert read_communes(path) == [("http://e/c", 12)]
