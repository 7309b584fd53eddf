"""Names in pictures: as long as there is room, and told apart."""

import pytest

from app.web.drawing import shortened


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["PôleS NOE"], ["PôleS NOE"]),
        (["Coopérative de jeunes 2018", "Autre"], ["Coopérati…", "Autre"]),
        (["Coopérative de jeunes 2018", "Coopérative de jeunes 2019"], ["Coopé…2018", "Coopé…2019"]),
        (["exactement", "exactement dix"], ["exactement", "exactemen…"]),
        (["Le même nom partout", "Le même nom partout"], ["Le mê…tout", "Le mê…tout"]),
        ([], []),
    ],
)
def test_names_are_cut_at_the_end_or_in_the_middle_where_they_would_be_alike(names: list[str], expected: list[str]) -> None:
    found = shortened(names, 10)
    assert found == expected
    assert all(len(name) <= 10 for name in found)
