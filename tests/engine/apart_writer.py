"""Writes many quads with an index that another process takes a minute for: ``python -m tests.engine.apart_writer FOLDER``."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from app.engine import apart
from app.engine.versions import Repository
from tests.engine.apart_tally import ApartTally
from tests.engine.versioned import BASE, FAST, change, said

if __name__ == "__main__":
    apart.LARGE = 20
    os.cpu_count = lambda: 2
    store = Repository(Path(sys.argv[1]) / "data", BASE, options=FAST, indexes=[ApartTally("slow", maker=os.getpid())])
    with store.transaction("tests", "essai") as transaction:
        transaction.apply(change(map(said, range(30))))
        transaction.commit()
