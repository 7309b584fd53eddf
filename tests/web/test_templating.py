"""What templates write by themselves: texts that stay whole, and stay text."""

from __future__ import annotations

import pytest

from app.web.templating import unbroken


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
