"""The commands of discovery, on the store of the seed."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from app.assembly import load_catalogue, load_shapes, load_vocabulary, open_repository
from app.engine.direct import DirectEngine
from app.settings import Settings
from app.web import create_app
from tests.cli.conftest import BASE, Command

NEED = Path("app/web/templates/need.ttl").resolve()


@pytest.fixture
def served(store: Path) -> FlaskClient:
    """The pages over the same store."""
    settings = Settings(data=store, base_iri=BASE)
    repository = open_repository(settings)
    vocabulary = load_vocabulary()
    parts = (settings, vocabulary, load_shapes(vocabulary), load_catalogue(), repository)
    return create_app(DirectEngine(repository), *parts).test_client()


def test_needs_are_matched_with_offers_and_reasons(maillage: Command, store: Path) -> None:
    done = maillage("matches")
    assert done.code == 0
    lines = done.output.splitlines()
    assert "Places de stage de 3e pour le collège Blaise Pascal: 1 proposal" in lines
    assert "    met – Dates: both valid from 16 to 20 November 2020" in lines
    assert "    unknown – Quantity: neither says how many" in lines


def test_matches_of_one_record_are_json_for_programs(maillage: Command, store: Path) -> None:
    done = maillage("matches", "--for", f"{BASE}id/need/places-de-stage-denis-diderot-2020", "--json")
    (one,) = done.document
    assert one["total"] == 1
    assert one["proposals"][0]["iri"] == f"{BASE}id/opportunity/stage-de-troisieme-denis-diderot-2020"
    assert {it["criterion"]: it["state"] for it in one["proposals"][0]["reasons"]} == {
        "kind": "met",
        "theme": "met",
        "place": "met",
        "dates": "met",
        "capacity": "unknown",
    }


def test_an_actor_may_be_named(maillage: Command, store: Path) -> None:
    assert len(maillage("matches", "--for", "Collège Denis Diderot", "--json").document) == 1


def test_a_name_that_nothing_bears_and_a_day_that_is_none_are_refused(maillage: Command, store: Path) -> None:
    assert maillage("matches", "--for", "Personne du tout").code == 2
    assert maillage("matches", "--on", "demain").code == 2


def test_the_example_of_a_need_on_the_page_obeys_the_rules_and_is_matched(maillage: Command, store: Path) -> None:
    shutil.copy(NEED, "need.ttl")
    assert maillage("validate", "need.ttl").code == 0
    assert maillage("import", "need.ttl").code == 0
    (one,) = maillage("matches", "--for", f"{BASE}id/need/salle-du-mardi", "--json").document
    assert one["total"] == 0


def test_suggestions_come_with_reasons_and_points(maillage: Command, store: Path) -> None:
    done = maillage("suggest", "PôleS NOE", "--json")
    (one,) = done.document["suggestions"]
    assert one["other"]["name"] == "La Cité Phares"
    assert one["reasons"][0]["reason"] == "are linked to the same programme: Coopératives de jeunes majeurs en Île-de-France"
    assert abs(sum(reason["points"] for reason in one["reasons"]) - one["score"]) < 1e-9
    assert maillage("suggest", "Essonne", "--limit", "2").output.splitlines()[-1].startswith(tuple("0123456789"))
    assert maillage("suggest", f"{BASE}id/actor/nobody").code == 1


def test_the_evaluation_on_the_real_posts_is_inconclusive_and_says_why(maillage: Command, store: Path) -> None:
    told = maillage("evaluate", "--json", "--samples", "200").document
    assert (told["year"], told["actors"], told["things"], told["known"]) == (2023, 99, 11, 99)
    assert (told["came"], told["foreseeable"], told["cases"], told["candidates"]) == (7, 2, 1, 990)
    assert told["too_few"]
    assert set(told["verdicts"].values()) == {"inconclusive"}
    words = maillage("evaluate", "--samples", "200").output
    assert "New pairs in 2023: 7, of which 2 of actors known before" in words
    assert words.count("inconclusive") == 4
    assert (
        maillage("evaluate", "--year", "2022").output.splitlines()[-1] == "No pair was foreseeable: the evaluation says nothing."
    )


@pytest.mark.parametrize("part", ["communities", "bridges", "central", "isolated", "pools"])
def test_each_part_of_the_structure_is_the_file_of_its_page(
    maillage: Command, store: Path, served: FlaskClient, part: str
) -> None:
    page = served.get(f"/en/structure.json?part={part}&version=1").get_json()
    told = maillage("structure", part, "--json").document
    assert told["rows"] == page["rows"]
    assert told["columns"] == page["columns"]
    assert told["meta"] == page["meta"] | {"address": told["meta"]["address"]}


def test_the_structure_is_a_table_for_people_and_a_file_for_spreadsheets(maillage: Command, store: Path) -> None:
    done = maillage("structure", "bridges")
    assert done.code == 0
    assert done.output.splitlines()[1].split() == ["PôleS", "NOE", "7", "0"]
    assert "2 rows, 2 shown, version 1" in done.error
    csv = maillage("structure", "isolated", "--area", "Massy", "--csv").output
    assert csv.startswith("# Question: ")
    assert [line for line in csv.splitlines() if not line.startswith("#")][1:] == []


def test_changes_are_the_file_of_their_page(maillage: Command, store: Path, served: FlaskClient) -> None:
    page = served.get("/en/changes.json?from=2021&to=2022-06-30&version=1").get_json()
    told = maillage("changes", "--from", "2021", "--to", "2022-06-30", "--json").document
    assert len(told["rows"]) > 5
    assert told["rows"] == page["rows"]


def test_changes_say_between_which_days(maillage: Command, store: Path) -> None:
    done = maillage("changes", "--from", "2021-01-01", "--to", "2022-01-01")
    assert "From 2021-01-01 to 2022-01-01; 78 links stayed as they were." in done.error
    assert done.output.count("New ") == 11


def test_quality_is_the_file_of_its_page_and_a_summary_for_people(maillage: Command, store: Path, served: FlaskClient) -> None:
    page = served.get("/en/quality.json?check=past-listing&version=1").get_json()
    told = maillage("quality", "past-listing", "--json").document
    assert len(told["rows"]) == 3
    assert told["rows"] == page["rows"]
    summary = {line.split()[0]: line.split()[1] for line in maillage("quality").output.splitlines()}
    assert summary["isolated"] == "107"
    assert summary["past-listing"] == "3"
    narrowed = {line.split()[0]: line.split()[1] for line in maillage("quality", "--area", "Massy").output.splitlines()}
    assert narrowed["isolated"] == "0"


@pytest.mark.parametrize(
    "arguments",
    [
        ("structure", "colours"),
        ("structure", "--area", "Atlantide"),
        ("structure", "--theme", "Sorcellerie"),
        ("changes", "--from", "demain"),
        ("changes", "--from", "2022", "--to", "2021"),
        ("quality", "beauty"),
        ("quality", "--area", "Atlantide"),
    ],
)
def test_what_means_nothing_is_refused(maillage: Command, store: Path, arguments: tuple[str, ...]) -> None:
    assert maillage(*arguments).code == 2
