"""The derived indexes that every version is published with; each is made by the package that reads it."""

from __future__ import annotations

from app.engine.lookup import Index


def load_indexes() -> tuple[Index, ...]:
    """All indexes, in the order in which they are written."""
    return ()
