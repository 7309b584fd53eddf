"""Territories and themes in figures, on their pages: who is there, since when, who funds, neighbours and what only they have."""

from __future__ import annotations

from collections.abc import Callable

from tests.web.reading import Page, text_of


def items(page: Page, labelled: str) -> list[str]:
    """The lines of the part of the portrait under one heading."""
    return [text_of(li) for section in page.all("section", aria_labelledby=labelled) for li in section.iter("li")]


def test_a_department_shows_its_figures_each_with_its_list(seen: Callable[[str], Page]) -> None:
    page = seen("/territory/departement-91")
    figures = {text_of(a): a.get("href", "") for ul in page.all("ul", class_="figures") for a in ul.iter("a")}
    assert "337 Partenariats" in figures
    assert "12 757 207,25 € Montants des partenariats" in figures
    assert seen(figures["337 Partenariats"]).heading == "337 : Partenariats"
    assert len(page.all("figure", class_="chart")) == 2


def test_a_figure_of_one_is_named_in_the_singular(seen: Callable[[str], Page]) -> None:
    for path, said in (("/territory/commune-91377", "1 Partenariat"), ("/en/territory/commune-91377", "1 Partnership")):
        figures = [text_of(a) for ul in seen(path).all("ul", class_="figures") for a in ul.iter("a")]
        assert said in figures, figures


def test_it_tells_who_funds_what_it_contains_and_what_it_touches(seen: Callable[[str], Page]) -> None:
    page = seen("/territory/departement-91")
    assert items(page, "funders")[0].startswith("Agence nationale de la cohésion des territoires 12 757 207,25 €")
    assert {line.rpartition(" ")[0] for line in items(page, "beside") if " " in line} >= {"Seine-et-Marne"}
    assert len(items(page, "inside")) > 190


def test_gaps_are_themes_that_only_neighbours_have(seen: Callable[[str], Page]) -> None:
    page = seen("/en/territory/departement-77")
    assert not set(items(page, "covered")) & set(items(page, "gaps"))
    assert any("336" in line for line in items(seen("/en/territory/departement-77"), "gaps"))


def test_an_unknown_commune_says_so_and_names_its_neighbours(seen: Callable[[str], Page]) -> None:
    page = seen("/territory/commune-91312")
    assert "ne connaît encore ni acteur ni partenariat sur ce territoire" in page.text
    assert any("Palaiseau" in line for line in items(page, "beside"))


def test_a_theme_shows_sub_themes_and_where_it_is_present(seen: Callable[[str], Page]) -> None:
    page = seen("/theme/emploi")
    assert any(line.startswith("Coopératives éphémères de jeunes") for line in items(page, "inside")), items(page, "inside")
    assert items(page, "where")


def test_other_pages_have_no_portrait(seen: Callable[[str], Page]) -> None:
    assert seen("/actor/anct").all("section", class_="portrait") == []


def test_a_theme_page_says_in_words_what_is_below_it(seen: Callable[[str], Page]) -> None:
    text = seen("/theme/citoyennete").text
    assert "Citoyenneté et vie associative comprend Bénévolat" in text
    assert "→" not in text
    assert "Volunteering belongs to Citizenship and associations" in seen("/en/theme/citoyennete").text


def test_the_centre_of_a_commune_is_told_in_degrees_and_leads_to_the_map(seen: Callable[[str], Page]) -> None:
    page = seen("/territory/commune-91228")
    assert "latitude 48,62684°, longitude 2,43013°" in page.text
    assert "POINT" not in text_of(page.all("dl")[0])
    link = page.links()["Voir sur la carte"]
    assert link == "/map?centre=2.43013%2C48.62684&zoom=16"
    assert seen(link).status == 200
    assert "latitude 48.62684°, longitude 2.43013°" in seen("/en/territory/commune-91228").text


def test_each_number_beside_a_name_is_told_what_it_counts(seen: Callable[[str], Page]) -> None:
    for path, labelled, said in (
        ("/territory/commune-91377", "covered", "Le nombre dit combien de fiches de ce territoire en traitent."),
        ("/territory/commune-91377", "beside", "Le nombre dit combien de fiches s’y rapportent."),
        ("/en/theme/education", "where", "The number says how many records on this theme relate to it."),
        ("/en/theme/education", "inside", "The number says how many records deal with it."),
    ):
        (section,) = seen(path).all("section", aria_labelledby=labelled)
        assert said in text_of(section), (path, labelled)
