"""Partners of a partnership in a sentence: a few by name, and never one more who could be named in its stead."""

from __future__ import annotations

from flask.testing import FlaskClient

from tests.web.reading import Page


def test_a_last_partner_is_named_rather_than_counted(seed_site: FlaskClient) -> None:
    said = Page(seed_site.get("/actor/poles-noe", headers={"Accept": "text/html"})).sentences("partnerships")
    (signed,) = [sentence for sentence in said if "signe" in sentence]
    named = "avec Viens voir mon taf, Collège Blaise Pascal, Collège Denis Diderot et Collège Gérard Philipe"
    assert named in signed
    assert "un autre" not in signed
