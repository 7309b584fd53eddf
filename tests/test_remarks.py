"""What versions say of themselves: the program's own remarks in either language, people's as they wrote them."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.assembly import opening
from app.citing.remarks import MADE, is_made, said
from app.engine import erasure, versions
from app.text import messages


@pytest.mark.parametrize(
    ("stored", "french", "english"),
    [
        ("import de siae.csv", "import de siae.csv", "import of siae.csv"),
        ("import of siae.csv", "import de siae.csv", "import of siae.csv"),
        ("mise à jour SPARQL", "mise à jour SPARQL", "SPARQL update"),
        ("replacement of the graph lettre", "remplacement du graphe lettre", "replacement of the graph lettre"),
        (
            "Ontologie, thèmes et données de départ",
            "Ontologie, thèmes et données de départ",
            "Ontology, themes and starting data",
        ),
        (
            "restauration de la version 3 (import de a.ttl)",
            "restauration de la version 3 (import de a.ttl)",
            "restoration of version 3 (import of a.ttl)",
        ),
        (
            "restauration de la version 3 (relecture de Lucie)",
            "restauration de la version 3 (relecture de Lucie)",
            "restoration of version 3 (relecture de Lucie)",
        ),
        ("Corrections après l’assemblée", "Corrections après l’assemblée", "Corrections après l’assemblée"),
        ("un import de siae.csv", "un import de siae.csv", "un import de siae.csv"),
        ("", "", ""),
    ],
)
def test_a_remark_of_the_program_is_said_in_the_reader_s_language(stored: str, french: str, english: str) -> None:
    assert (said(stored, "fr"), said(stored, "en")) == (french, english)


@pytest.mark.parametrize("key", MADE)
def test_each_remark_is_known_again_in_both_languages(key: str) -> None:
    for text in messages()[key].values():
        assert is_made(text)


def test_what_a_person_wrote_is_no_remark_of_the_program() -> None:
    assert not is_made("Corrections après l’assemblée")


def test_the_engine_and_the_start_write_what_is_known() -> None:
    assert is_made(erasure.MESSAGE)
    written = Path(versions.__file__).read_text(encoding="utf-8") + Path(opening.__file__).read_text(encoding="utf-8")
    for key in ("made-seed", "made-optimized", "made-indexed"):
        assert f'"{messages()[f"versions.{key}"]["fr"]}"' in written
    assert (
        messages()["versions.made-restored"]["fr"].replace("{number}", "{n}").replace("{remark}", "{restored.message}") in written
    )
