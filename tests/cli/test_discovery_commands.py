"""The commands of discovery, on the store of the seed."""

from __future__ import annotations

import shutil
from pathlib import Path

from tests.cli.conftest import BASE, Command

NEED = Path("app/web/templates/need.ttl").resolve()


def test_needs_are_matched_with_offers_and_reasons(maillage: Command, store: Path) -> None:
    done = maillage("matches")
    assert done.code == 0
    lines = done.output.splitlines()
    assert "Places de stage de 3e pour le collège Blaise Pascal: 1 proposal" in lines
    assert "    met – Dates: both valid from November 16 to November 20, 2020" in lines
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
