"""The index ``market``, written beside each version's store: what needs, offers and calls say, so that none asks for all."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from app.discovery.matching import files, stated
from app.engine.changes import Change
from app.engine.lookup import State

NAME = "market"
_FORMAT = "1"
_SHARE, _STATEMENTS = 50, 10


@dataclass(frozen=True)
class MarketIndex:
    """Implements :class:`app.engine.lookup.Index`."""

    name: str = NAME
    form: str = _FORMAT
    patched: int = 500
    """What has changed is folded into a new base beyond this or a fiftieth of it, whichever is more."""
    followed: int = 10_000
    """A change of more statements than this, and than ten an entity of the base, is followed slower than all is read anew."""

    def write(self, folder: Path, earlier: Path | None, after: State, change: Change, derived: Change) -> None:  # noqa: ARG002
        """See :class:`app.engine.lookup.Index`. Derived links tell nothing here."""
        if earlier is None or len(change) > max(self.followed, _STATEMENTS * files.size(earlier)):
            files.write_base(folder, stated.everything(after))
        else:
            files.follow(folder, earlier, list(stated.moved(after, change)), self.patched, _SHARE)
