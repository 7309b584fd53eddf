"""How the seed is made: who is who in the posts file, what is doubtful in it, and outlines joined without a geometry library."""

from decimal import Decimal
from pathlib import Path

import pytest

from seed.make.funding import fundings
from seed.make.likenesses import likenesses, reason_of_names
from seed.make.outlines import area, centre, join, wkt, wkt_point
from seed.make.payees import PRIVATE, Row, has_key, is_siret, payees, slug
from seed.make.turtle import described, read, text, write

SQUARE = [(0, 0), (4, 0), (4, 4), (0, 4), (0, 0)]


def moved(x: int, y: int) -> list[list[tuple[int, int]]]:
    return [[(a + x, b + y) for a, b in SQUARE]]


def row(line: int, payee: str, name: str, post: str = "P1", year: str = "2022") -> Row:
    return Row(line, "adulte-relais", year, post, payee, name, Decimal("10.10"), "CV340", "91")


# --- Who is who


def test_one_siren_is_one_organisation_named_as_in_its_latest_year() -> None:
    [found] = payees([row(2, "42475911600017", "ASSOCIATION ACTIVES", year="2020"), row(3, "42475911600025", "ACTIVES")])
    assert found.spellings == ["ACTIVES", "ASSOCIATION ACTIVES"]
    assert found.sirets == ["42475911600017", "42475911600025"]
    assert found.slug == "association-actives-424759116"
    assert found.is_association


def test_a_later_name_does_not_change_the_iri() -> None:
    first = [row(2, "42475911600017", "ASSOCIATION ACTIVES", year="2020")]
    later = [*first, row(3, "42475911600017", "ACTIVES DEMAIN", year="2024")]
    assert payees(first)[0].slug == payees(later)[0].slug


def test_a_name_without_identifier_is_never_merged_with_a_siren_of_that_name() -> None:
    found = payees([row(2, "42475911600017", "ACTIVES"), row(3, "ACTIVES", "ACTIVES")])
    assert [payee.siren for payee in found] == ["424759116", ""]
    assert likenesses(found) == [(*found, "same name")]


def test_two_sirens_are_told_only_if_they_bear_one_name() -> None:
    found = payees(
        [row(2, "41902631500020", "COUP DE POUCE"), row(3, "82004551600011", "COUP DE POUCE"), row(4, "42475911600017", "POUCE")]
    )
    assert likenesses(found) == [(found[0], found[1], "same name, two SIRENs")]


@pytest.mark.parametrize(
    "value", ["42475911600018", "4247591160001", "42475911700017", "ACTIVES", "", "４２４７５９１１６０００１７"]
)
def test_what_is_not_a_siret_with_its_keys_is_no_identifier(value: str) -> None:
    assert not is_siret(value)
    [found] = payees([row(2, value, "ACTIVES")])
    assert (found.siren, found.sirets) == ("", [])


@pytest.mark.parametrize("number", ["732829320", "219100278", "42143076000049"])
def test_a_key_is_recognised_and_no_other_last_digit_passes(number: str) -> None:
    assert [digit for digit in "0123456789" if has_key(number[:-1] + digit)] == [number[-1]]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (
            "ASS SOUTIEN SCOL INTEG SOC CRX BLANCHE",
            "ASSOCIATION DE SOUTIEN SCOLAIRE ET D'INTÉGRATION SOCIALE DE LA CROIX BLANCHE",
        ),
        ("FACE CORBEIL ESSONES", "FACE CORBEIL-ESSONNES"),
        ("AFAAM", "ASSOCIATION DES FAMILLES ET AMIS DE L'AFRIQUE DE MASSY"),
    ],
)
def test_names_that_look_alike_are_told(one: str, other: str) -> None:
    assert reason_of_names(one, other)


@pytest.mark.parametrize(("one", "other"), [("ASSO", "ASSO"), ("MAISON DU MONDE", "MAISON DES JEUNES"), ("FILIGRANE", "AFASE")])
def test_names_that_share_only_common_words_are_not(one: str, other: str) -> None:
    assert not reason_of_names(one, other)


def test_a_name_becomes_a_short_readable_slug() -> None:
    assert slug("M.J.C ÉTÉ  D'ÉGLY") == "mjc-ete-d-egly"
    assert len(slug("MOT " * 40)) < 45


@pytest.mark.parametrize("name", ["MME DUPONT", "M. DURAND", "asso@example.org", "APPELER LE 01 02 03 04 05"])
def test_a_private_person_would_be_noticed(name: str) -> None:
    assert PRIVATE.search(name)


@pytest.mark.parametrize("name", ["M.J.C SAINTE GENEVIEVE DES BOIS", "AFAAM", "CULTURE 360"])
def test_an_organisation_is_not_taken_for_a_person(name: str) -> None:
    assert not PRIVATE.search(name)


# --- What was paid


def test_repeated_rows_count_as_published_and_are_known() -> None:
    [funding] = fundings(payees([row(2, "A", "A"), row(3, "A", "A"), row(4, "A", "A", post="P2")]))
    assert funding.amount == Decimal("30.30")
    assert [repeat.line for repeat in funding.repeats] == [3]


def test_another_year_is_another_funding() -> None:
    found = fundings(payees([row(2, "A", "A"), row(3, "A", "A", year="2023")]))
    assert [(it.year, it.repeats) for it in found] == [("2022", []), ("2023", [])]


# --- Outlines


def test_neighbours_lose_their_common_border() -> None:
    assert wkt(join([[SQUARE], moved(4, 0)])) == (
        "POLYGON ((0 0, 0.00004 0, 0.00008 0, 0.00008 0.00004, 0.00004 0.00004, 0 0.00004, 0 0))"
    )


def test_squares_that_touch_at_a_corner_stay_two_polygons() -> None:
    assert [area(part[0]) for part in join([[SQUARE], moved(4, 4)])] == [32, 32]


def test_a_ring_of_squares_has_a_hole() -> None:
    around = [moved(x, y) for x in (0, 4, 8) for y in (0, 4, 8) if (x, y) != (4, 4)]
    [[outer, hole]] = join(around)
    assert (area(outer), area(hole)) == (288, -32)


def test_a_hole_that_touches_the_border_at_a_corner_is_still_a_hole() -> None:
    cells = [moved(x, y) for x in (0, 4, 8) for y in (0, 4, 8) if (x, y) not in {(4, 4), (0, 0)}]
    [[outer, hole]] = join(cells)
    assert (area(outer), area(hole)) == (256, -32)


def test_an_island_in_a_hole_is_a_polygon_of_its_own() -> None:
    cells = [moved(x, y) for x in range(0, 20, 4) for y in range(0, 20, 4) if max(abs(x - 8), abs(y - 8)) != 4]
    outer, island = join(cells)
    assert (len(outer), len(island)) == (2, 1)


def test_the_way_round_of_a_ring_does_not_matter() -> None:
    assert join([[SQUARE[::-1]]]) == join([[SQUARE]])
    assert wkt_point(centre([[SQUARE[::-1]]])) == "POINT (0.00002 0.00002)"


# --- Turtle


def test_a_text_cannot_leave_its_quotes() -> None:
    assert text('a "b" \\ c\nd', "fr") == '"a \\"b\\" \\\\ c\\nd"@fr'


def test_a_statement_without_a_value_is_left_out() -> None:
    assert (
        described("<a>", "<b>", [("<c>", ""), ("<d>", []), ("<e>", ["<f>", "<g>"])])
        == "<a>\n    a <b> ;\n    <e> <f> ,\n        <g> .\n"
    )


@pytest.mark.parametrize("name", ["seed.ttl", "seed.ttl.gz"])
def test_writing_the_same_again_gives_the_same_bytes(tmp_path: Path, name: str) -> None:
    write(tmp_path / name, "# déjà vu\n")
    before = (tmp_path / name).read_bytes()
    write(tmp_path / name, read(tmp_path / name))
    assert (tmp_path / name).read_bytes() == before
