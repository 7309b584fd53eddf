"""What templates write by themselves: texts that stay whole, and stay text."""

from __future__ import annotations

import pytest

from app.assembly import load_vocabulary
from app.entities.addresses import Addresses
from app.web.fields_told import fields_in
from app.web.templating import unbroken
from app.web.urls import Urls


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("2020, 2020-09, 2020-09-15.", '2020, <span class="unbroken">2020-09</span>, <span class="unbroken">2020-09-15</span>.'),
        ("de 2020-2021", "de 2020-2021"),
        ("<b>2020-09-15 & co", '&lt;b&gt;<span class="unbroken">2020-09-15</span> &amp; co'),
        ("SIREN 2020-091", "SIREN 2020-091"),
    ],
)
def test_a_date_in_figures_stays_whole_and_a_text_stays_text(text: str, written: str) -> None:
    assert str(unbroken(text)) == written


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("a (maillage:unitOf)", 'a (<a href="/en/ontology#unitOf" title="maillage:unitOf">field “unit of”</a>)'),
        ("a (maillage:noSuchThing, dcterms:source)", "a (<code>maillage:noSuchThing</code>, <code>dcterms:source</code>)"),
        ("<i>maillage:Actor</i> & http://a", "&lt;i&gt;maillage:Actor&lt;/i&gt; &amp; http://a"),
    ],
)
def test_a_property_is_told_by_its_label_and_a_text_stays_text(text: str, written: str) -> None:
    urls = Urls(Addresses("http://localhost:8000/", frozenset()), "en")
    assert str(fields_in(text, load_vocabulary(), urls)) == written
