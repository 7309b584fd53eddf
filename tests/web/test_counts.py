"""The numbers of entities by kind: what the indexes tell is what a query counts."""

from __future__ import annotations

import pytest
from flask import Flask

from app.entities.counts import count_kinds, known_counts
from app.web.site import visit


@pytest.mark.parametrize("version", [1, 2])
def test_the_indexes_tell_what_a_query_counts(app: Flask, version: int) -> None:
    with app.test_request_context(f"/?version={version}"):
        seen = visit()
        vocabulary = seen.site.vocabulary
        asked = count_kinds(seen.questions, vocabulary)
        known = known_counts(vocabulary, seen.facts, seen.site.descriptions.at(version).merge.classes)
        assert known == {segment: asked[segment] for segment in known}
        assert {"actor", "partnership", "participation", "territory"} <= set(known)
        assert count_kinds(seen.questions, vocabulary, known) == asked
