"""The page of an entity, whatever its kind."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from tests.web.reading import Page, text_of

Fetch = Callable[..., Page]


def test_an_actor_has_its_name_its_kind_and_its_fields_in_the_order_of_the_shapes(fetch: Fetch) -> None:
    page = fetch("/actor/grainerie")
    assert page.status == 200
    assert page.heading == "La Grainerie"
    assert "Une épicerie tenue par ses membres." in page.text
    groups = [text_of(h3) for section in page.all("section", class_="group") for h3 in section.iter("h3")]
    assert groups[:2] == ["Identité", "Contact"]
    assert page.field("foundingDate").startswith("1er mars 2015")


def test_english_pages_use_the_english_words_of_the_data_and_tell_the_language_of_the_rest(fetch: Fetch) -> None:
    page = fetch("/en/actor/grainerie")
    assert page.language == "en"
    assert "A grocery run by its members." in page.text
    assert "Une épicerie" not in page.text
    assert page.all("h1")[0].get("lang") == "fr"
    assert page.field("foundingDate").startswith("1 March 2015")


def test_partnerships_are_told_in_sentences_with_partner_dates_and_source_newest_first(fetch: Fetch) -> None:
    told = fetch("/actor/grainerie").sentences("partnerships")
    assert len(told) == 2
    assert "La Grainerie" in told[0]
    assert "la convention de voisinage, avec L’Atelier (2020-2021)" in told[0]
    assert told[0].endswith("convention · Prêter des outils")
    assert "Source" in told[0]
    assert "7 164 €" in told[1]
    assert "(2019)" in told[1]


def test_a_partnership_tells_its_parties_and_their_roles(fetch: Fetch) -> None:
    told = fetch("/partnership/convention").sentences("parties")
    assert len(told) == 2
    assert any("L’Atelier" in sentence for sentence in told)
    assert all("ce partenariat" in sentence for sentence in told)


def test_memberships_are_told_from_both_sides_with_their_dates(fetch: Fetch) -> None:
    assert (
        "L’Atelier est membre de Comité de pilotage du marché (depuis le 1er avril 2019)"
        in fetch("/actor/atelier").sentences("memberships")[0]
    )
    assert "L’Atelier est membre de" in fetch("/actor/comite").sentences("members")[0]


def test_what_points_to_an_entity_is_shown_with_the_sentence_of_its_property(fetch: Fetch) -> None:
    sentence = fetch("/territory/commune-99001").sentences("from-territory")
    assert any("La Grainerie" in one and "Vallon" in one for one in sentence)
    assert any("Marché de quartier" in one and "(depuis septembre 2020)" in one for one in sentence)


def test_a_symmetric_derived_link_is_told_once(fetch: Fetch) -> None:
    page = fetch("/actor/grainerie")
    assert len(page.sentences("partnerOf")) == 1
    assert not page.all("section", id="from-partnerOf")


def test_derived_links_say_that_they_are(fetch: Fetch) -> None:
    page = fetch("/actor/agglo")
    assert "La Grainerie" in page.sentences("funds")[0]
    assert "que le service déduit" in page.text


def test_a_nameless_period_is_shown_inside_the_field_that_points_to_it(fetch: Fetch) -> None:
    assert "5 septembre 2020" in fetch("/project/marche").field("statusPeriod")


def test_evidence_is_quoted_with_its_source(fetch: Fetch) -> None:
    quote = fetch("/actor/grainerie").all("figure")[0]
    assert "La Grainerie nourrit le vallon depuis 2015." in text_of(quote)
    assert "Lettre du vallon" in text_of(quote)


def test_a_passage_stands_once_with_all_that_it_bears_out(fetch: Fetch) -> None:
    quotes = [one for one in fetch("/actor/grainerie").all("figure") if "nourrit le vallon" in text_of(one)]
    assert len(quotes) == 1
    proofs = {text_of(a): a.get("href") for a in quotes[0].iter("a")}
    assert proofs["mission"] == "/evidence/convention"
    assert proofs["territoire d’action : Vallon"] == "/evidence/territoire"
    assert "/evidence/page" in proofs.values()
    assert not [words for words in proofs if "qui" in words]  # an address has no name


def test_no_full_stop_stands_before_a_middle_dot(seen: Callable[[str], Page]) -> None:
    told = seen("/actor/anct").sentences("partnerships")
    assert any("1 poste d’adulte-relais en 2023 · 22 555,73 €" in one for one in told)
    assert not any(". ·" in one for one in told)


def test_what_has_no_name_is_headed_by_what_it_says(seed_site: FlaskClient) -> None:
    asked = "/participation/adulte-relais-2020-cv335-ccas-d-egly-269100475-anct"
    proof = "/evidence/article-assemblee-generale-1"
    headings = {
        path: Page(seed_site.get(path, headers={"Accept": "text/html"})).heading for path in (asked, f"/en{asked}", proof)
    }
    assert headings == {
        asked: "Agence nationale de la cohésion des territoires finance Adultes-relais 2020 : CCAS D EGLY (CV335)",
        f"/en{asked}": "Agence nationale de la cohésion des territoires funds Adultes-relais 2020 : CCAS D EGLY (CV335)",
        proof: "Assemblée générale du PôleS NOE : remarque",
    }


def test_each_statement_leads_to_its_source_with_publisher_licence_and_date(fetch: Fetch) -> None:
    page = fetch("/actor/grainerie")
    listed = {li.get("id"): text_of(li) for li in page.all("li") if (li.get("id") or "").startswith("source-")}
    assert any("Lettre du vallon, Le Vallon · CC BY 4.0 · recueil du 1er janvier 2021" in text for text in listed.values())
    marks = {a.get("href", "")[1:] for a in page.all("a", class_="mark")}
    assert marks
    assert marks <= set(listed)


def test_identifiers_link_to_their_register(fetch: Fetch) -> None:
    assert any("732829320" in href and href.startswith("https://") for href in fetch("/actor/grainerie").hrefs())


def test_an_actor_without_links_says_so(fetch: Fetch) -> None:
    text = fetch("/actor/seul").text
    assert "Aucun partenariat n’est connu à ce jour." in text
    assert "Aucun passage de texte" in text
    assert "rubriques ne sont pas encore renseignées" in text


def test_every_block_shows_its_query_and_opens_it_in_the_editor(fetch: Fetch) -> None:
    page = fetch("/actor/grainerie")
    queries = [text_of(code) for details in page.all("details", class_="behind") for code in details.iter("code")]
    assert len(queries) > 3
    for query in queries:
        assert "http://localhost:8000/id/actor/grainerie" in query
    opened = [href for href in page.hrefs() if href.startswith("/sparql?query=")]
    assert len(opened) == len(set(queries))
    assert all(fetch(href).status == 200 for href in opened)


def test_markup_in_data_is_text(fetch: Fetch) -> None:
    page = fetch("/actor/hostile")
    assert page.heading == "<script>alert(1)</script> & co </script>"
    assert not any(text_of(script) for script in page.all("script", type="module"))
    assert not [script for script in page.all("script") if not script.get("type")]
    assert not page.all("img")


def test_only_web_addresses_become_links(fetch: Fetch) -> None:
    page = fetch("/actor/hostile")
    for scheme in ("javascript:", "data:"):
        assert not [href for href in page.hrefs() if href.startswith(scheme)]


def test_the_description_for_search_engines_is_json_that_data_cannot_end(fetch: Fetch) -> None:
    script = fetch("/actor/hostile").all("script", type="application/ld+json")[0]
    described = json.loads("".join(script.itertext()))
    assert described["@context"] == "https://schema.org"
    assert described["@id"] == "http://localhost:8000/id/actor/hostile"
    assert described["name"] == {"@value": "<script>alert(1)</script> & co </script>", "@language": "fr"}


def test_an_iri_with_letters_beyond_ascii_has_a_page(fetch: Fetch) -> None:
    page = fetch("/actor/%C3%A9picerie-%C5%93uf")
    assert page.heading == "Épicerie de l’Œuf"
    assert "/actor/%C3%A9picerie-%C5%93uf" in fetch("/actor").hrefs()


@pytest.mark.parametrize("path", ["/actor/nobody", "/nokind/grainerie", "/partnership/grainerie", "/theme/nothing"])
def test_what_nobody_described_is_not_found(fetch: Fetch, path: str) -> None:
    assert fetch(path).status == 404


def test_a_foreign_iri_has_a_page_when_the_graph_mentions_it(fetch: Fetch) -> None:
    assert fetch("/about?iri=https%3A%2F%2Fcreativecommons.org%2Flicenses%2Fby%2F4.0%2F").status == 200
    assert fetch("/about?iri=http%3A%2F%2Fother.example%2Fx").status == 404


@pytest.mark.parametrize("iri", ["", "not an iri", "http://a b", "http://a>b{}"])
def test_what_is_no_iri_is_refused(fetch: Fetch, iri: str) -> None:
    assert fetch("/about", query_string={"iri": iri}).status == 400


def test_our_own_iri_at_about_leads_to_its_page(fetch: Fetch) -> None:
    page = fetch("/about?iri=http%3A%2F%2Flocalhost%3A8000%2Fid%2Factor%2Fgrainerie")
    assert (page.status, page.headers["Location"]) == (303, "/actor/grainerie")


def test_a_long_list_is_paged_and_told_whole(fetch: Fetch) -> None:
    first = fetch("/actor/carrefour")
    assert len(first.sentences("partnerships")) == 20
    assert "1 à 20 sur 1 000" in first.text
    second = fetch("/actor/carrefour?page-partnerships=50")
    assert len(second.sentences("partnerships")) == 20
    assert set(first.sentences("partnerships")).isdisjoint(second.sentences("partnerships"))
    assert "/actor/carrefour?page-partnerships=49" in second.hrefs()


@pytest.mark.parametrize("page", ["0", "-1", "abc", "99999999999999999999", "1.5", "²"])
def test_a_page_number_that_is_none_is_the_first_or_the_last(fetch: Fetch, page: str) -> None:
    assert fetch("/actor/carrefour", query_string={"page-partnerships": page}).status == 200


def test_a_page_costs_a_handful_of_queries_whatever_the_entity(fetch: Fetch, asked: Callable[[], int]) -> None:
    costs = []
    for path in ("/actor/seul", "/actor/grainerie", "/actor/carrefour", "/territory/commune-99001"):
        before = asked()
        assert fetch(path).status == 200
        costs.append(asked() - before)
    assert max(costs) <= 15, costs
