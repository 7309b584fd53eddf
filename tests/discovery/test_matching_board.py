"""One listing compared with many at once: equal, in random markets, to every pair judged criterion by criterion."""

from __future__ import annotations

import datetime
import random
from collections.abc import Iterator
from decimal import Decimal

import pytest

from app.discovery.matching import Market, Match, Matches
from app.discovery.matching.board import Areas, Board, place_states
from app.discovery.matching.criteria import place
from app.discovery.matching.listing import Listing, Scope, Side, Span
from app.discovery.matching.market import is_past
from app.discovery.places import Places
from app.discovery.themes import ThemeTree

BROADER = {"a1": "a", "a2": "a", "a11": "a1", "b1": "b", "b2": "b"}
TREE = ThemeTree(BROADER)
COMMUNES = {f"c{n}": (2.0 + 0.06 * n, 48.0 + 0.05 * (n % 3)) for n in range(12)}
HOLDERS = {name: frozenset({"west" if n < 6 else "east"}) for n, name in enumerate(COMMUNES)}
PLACES = Places({**HOLDERS, "west": frozenset({"all"}), "east": frozenset({"all"}), "lost": frozenset()}, COMMUNES)
THEMES = ["a", "b", *BROADER]
TERRITORIES = [*COMMUNES, "west", "east", "all", "lost"]
DAYS = [None, *(datetime.date(2024, 1, 1) + datetime.timedelta(days=20 * n) for n in range(8))]
AMOUNTS = [None, None, Decimal(0), Decimal(1), Decimal("2.5"), Decimal(4)]


def drawn(draw: random.Random, number: int) -> Listing:
    """A listing of whatever is possible: several kinds, nothing stated, days that contradict one another."""
    spans = tuple(Span(draw.choice(DAYS), draw.choice(DAYS)) for _ in range(draw.choice((0, 1, 1, 1, 2, 3))))
    sides: tuple[Side, Side] = ("need", "offer")
    return Listing(
        f"listing-{number}",
        draw.choice(sides),
        frozenset(draw.sample(("room", "van", "hands"), draw.choice((0, 1, 1, 1, 2)))),
        tuple(draw.sample(("x", "y", "z"), draw.choice((0, 1, 1, 2)))),
        Scope(
            frozenset(draw.sample(THEMES, draw.choice((0, 1, 1, 2)))),
            frozenset(draw.sample(TERRITORIES, draw.choice((0, 1, 1, 1, 2)))),
        ),
        draw.choice(AMOUNTS),
        spans,
    )


def exhaustive(market: Market, own: Listing, on: datetime.date | None, *, on_themes: bool) -> Matches:
    """The same by its definition: every pair, criterion by criterion."""
    items, wrong_days, nothing_common, past = [], 0, 0, 0
    for other in market.listings.values():
        if other.side == own.side or not other.kinds & own.kinds or {*other.actors} & {*own.actors}:
            continue
        need, offer = (own, other) if own.side == "need" else (other, own)
        states = {one.criterion: one.state for one in market.compare(need, offer)}
        if is_past(other, on):
            past += 1
        elif states["theme"] == "unmet" and (on_themes or states["place"] == "unmet"):
            nothing_common += 1
        elif states["dates"] == "unmet":
            wrong_days += 1
        else:
            items.append(Match(own, other, market.compare(need, offer)))
    return Matches(sorted(items, key=lambda match: match.rank), wrong_days, nothing_common, past)


def told(matches: Matches) -> tuple[object, ...]:
    rows = [(one.other.iri, one.points, [verdict.state for verdict in one.verdicts]) for one in matches.items]
    return rows, matches.wrong_days, matches.nothing_common, matches.past


@pytest.mark.parametrize("seed", range(40))
def test_matches_are_those_of_every_pair_judged_by_itself(seed: int) -> None:
    draw = random.Random(seed)
    listings = [drawn(draw, number) for number in range(draw.choice((2, 30, 60)))]
    market = Market({one.iri: one for one in listings}, {}, TREE, PLACES)
    for own in draw.sample(listings, min(15, len(listings))):
        on, on_themes = draw.choice(DAYS), draw.random() < 0.3
        assert told(market.match(own, on, on_themes=on_themes)) == told(exhaustive(market, own, on, on_themes=on_themes))


def test_random_markets_hold_matches_of_each_state() -> None:
    draw = random.Random(1)
    listings = [drawn(draw, number) for number in range(150)]
    market = Market({one.iri: one for one in listings}, {}, TREE, PLACES)
    found = [market.match(one, DAYS[4]) for one in listings]
    states = {(v.criterion, v.state) for matches in found for one in matches.items for v in one.verdicts}
    assert {("theme", "unmet"), ("place", "near"), ("dates", "met"), ("capacity", "unmet"), ("capacity", "near")} <= states
    assert all(sum(getattr(matches, name) for matches in found) for name in ("wrong_days", "nothing_common", "past"))


def test_a_part_of_the_matches_is_read_as_of_a_list() -> None:
    draw = random.Random(1)
    listings = [drawn(draw, number) for number in range(150)]
    market = Market({one.iri: one for one in listings}, {}, TREE, PLACES)
    items = max((market.match(one).items for one in listings), key=len)
    whole = list(items)
    assert len(whole) > 10
    assert (list(items[2:5]), items[-1], list(items[len(whole) :])) == (whole[2:5], whole[-1], [])


@pytest.mark.parametrize(
    "own", [frozenset({"c0"}), frozenset({"west"}), frozenset({"c1", "c9"}), frozenset(), frozenset({"lost"})]
)
def test_places_are_judged_at_once_as_one_by_one(own: frozenset[str]) -> None:
    sets = [frozenset({one}) for one in TERRITORIES] + [frozenset({"c2", "c11"}), frozenset()]
    names = ("unmet", "unknown", "near", "met")
    at_once = [names[state] for state in place_states(Scope(territories=own), Areas.of(sets, PLACES), PLACES)]
    assert at_once == [place(Scope(territories=own), Scope(territories=one), PLACES).state for one in sets]


def test_a_distance_at_its_very_bound_is_judged_as_the_criterion_judges_it() -> None:
    centre, far = (2.0, 48.0), 10 / 6371.0088 * 57.29577951308232
    places = Places({}, {"here": centre, **{f"at{n}": (2.0, 48.0 + far + n * 1e-15) for n in range(-5, 6)}})
    sets = [frozenset({f"at{n}"}) for n in range(-5, 6)]
    own = Scope(territories=frozenset({"here"}))
    expected = [3 if place(own, Scope(territories=one), places).state == "met" else 2 for one in sets]
    assert place_states(own, Areas.of(sets, places), places).tolist() == expected


def test_a_later_market_keeps_the_boards_of_kinds_that_did_not_change() -> None:
    draw = random.Random(3)
    listings = [drawn(draw, number) for number in range(60)]
    market = Market({one.iri: one for one in listings}, {}, TREE, PLACES)
    for one in listings:
        market.match(one)
    assert market.after({"elsewhere"}, {}, {}, TREE, PLACES) is market
    new = Listing("new", "offer", frozenset({"van"}), ("x",), Scope(frozenset({"a"})))
    later = market.after({"new", listings[0].iri}, {"new": new}, {}, TREE, PLACES)
    anew = Market({**{one.iri: one for one in listings[1:]}, "new": new}, {}, TREE, PLACES)
    assert [told(later.match(one)) for one in listings[1:]] == [told(anew.match(one)) for one in listings[1:]]
    assert "new" in {match.other.iri for one in listings[1:] for match in later.match(one).items}


class Read(frozenset[str]):
    """Kinds of resources; who looks through them gives way to a reader, who needs a board."""

    market: Market | None = None

    def __iter__(self) -> Iterator[str]:
        if self.market is not None:
            self.market.match(Listing("reader", "need", frozenset({f"kind-{len(self.market._boards)}"})))
        return super().__iter__()


def test_a_market_may_be_read_while_a_later_one_is_made_of_it() -> None:
    kinds = Read({"van"})
    own = Listing("own", "need", kinds)
    market = Market({"own": own}, {}, TREE, PLACES)
    market.match(own)
    kinds.market = market
    new = Listing("new", "offer", frozenset({"room"}))
    assert set(market.after({"new"}, {"new": new}, {}, TREE, PLACES).listings) == {"own", "new"}
    assert len(market._boards) > 1


def test_a_board_of_nothing_has_no_matches() -> None:
    own = Listing("own", "need", frozenset({"room"}), spans=(Span(DAYS[1]),), quantity=Decimal(1))
    assert len(Board.of([]).listings) == 0
    assert told(Market({"own": own}, {}, TREE, PLACES).match(own, DAYS[3])) == ([], 0, 0, 0)
