"""The retention rule: which versions stay whole by their age; pins, leases and the deleting are in retention.py."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True)
class Retention:
    """The ``newest`` versions stay; older ones, the last of each day for ``days`` days and the last of each month for ``months``
    months, counted back from the newest version."""

    newest: int = 1
    days: int = 0
    months: int = 0

    def staying(self, moments: Mapping[int, datetime]) -> frozenset[int]:
        """Which of some versions stay, by when each was published; days and months are those of UTC."""
        ordered = sorted(moments)
        if not ordered:
            return frozenset()
        last = moments[ordered[-1]]
        # Where the clock went back, an older version may bear a later day: it is as near as the newest.
        daily = {
            moments[n].date(): n for n in ordered if max(last.date() - moments[n].date(), timedelta()) < timedelta(days=self.days)
        }
        monthly: dict[Hashable, int] = {
            _month(moments[n]): n for n in ordered if max(_month(last) - _month(moments[n]), 0) < self.months
        }
        return frozenset({*ordered[-max(self.newest, 1) :], *daily.values(), *monthly.values()})


def _month(moment: datetime) -> int:
    """Months since year 0."""
    return moment.year * 12 + moment.month
