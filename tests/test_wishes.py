"""Each line of the observatory's four lists of wishes stands on the home page, in its order, with something that answers it."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from pathlib import Path

import pytest

from app.queries import AUDIENCES, Catalogue, Wish
from app.queries.wishes import read_wishes

DOCUMENTS = sorted((Path(__file__).parents[2] / "shared" / "documents").glob("*.txt"))
COUNTS = {"citoyen": 8, "organisation": 7, "collectivite": 6, "ecole": 4}
CATALOGUE = Catalogue.load(Path("queries"))
WISHES = [(audience, place, wish) for audience in AUDIENCES for place, wish in enumerate(CATALOGUE.wishes[audience])]


def plain(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.replace("⋅", "").replace("·", "").replace("=> je veux", "").casefold()))


def test_there_are_as_many_wishes_as_the_text_has_lines() -> None:
    assert {audience: len(CATALOGUE.wishes[audience]) for audience in AUDIENCES} == COUNTS


@pytest.mark.skipif(not DOCUMENTS, reason="the observatory's document is not beside the checkout")
def test_the_wishes_are_those_of_the_text_in_its_order() -> None:
    text = " ".join(document.read_text(encoding="utf-8") for document in DOCUMENTS)
    lines = re.findall(r"^– (.*?)[;.]?\s*$", text[text.index("Simple citoyen.ne") :], re.MULTILINE)[: len(WISHES)]
    far = [
        (line, wish.text["fr"])
        for line, (_, _, wish) in zip(lines, WISHES, strict=True)
        if SequenceMatcher(None, plain(line), plain(wish.text["fr"])).ratio() < 0.9
    ]
    assert far == []


@pytest.mark.parametrize(("audience", "place", "wish"), WISHES, ids=[f"{audience}-{place}" for audience, place, _ in WISHES])
def test_what_answers_a_wish_is_marked_for_those_who_wish_it(audience: str, place: int, wish: Wish) -> None:
    assert audience in CATALOGUE.get(wish.questions[0]).tags


@pytest.mark.parametrize(
    "text",
    [
        '[[ministre]]\nfr = "a"\nen = "a"\nquestions = ["glossary"]',
        '[[ecole]]\nfr = "a"\nquestions = ["glossary"]',
        '[[ecole]]\nfr = "a"\nen = "a"\nquestions = []',
        '[[ecole]]\nfr = "a"\nen = "a"\nquestions = ["no-such-question"]',
        '[[ecole]]\nfr = "a"\nen = "a"\nquestion = ["glossary"]\nquestions = ["glossary"]',
    ],
    ids=["an unknown audience", "one language only", "no answer", "an unknown question", "an unknown key"],
)
def test_a_wish_that_breaks_the_rules_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "wishes.toml").write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=r"wishes\.toml"):
        read_wishes(tmp_path, {"glossary"})


def test_a_folder_without_wishes_has_none(tmp_path: Path) -> None:
    assert set(read_wishes(tmp_path, set()).values()) == {()}
