"""A writer process for the tests: ``python limited_writer.py DATA`` writes more than a file may hold; 7 where it is told so."""

from __future__ import annotations

import resource
import signal
import sys
from pathlib import Path

from versioned import BASE, FAST, said, write

from app.engine.disk import MEGABYTE
from app.engine.versions import Repository
from app.errors import StorageFull


def main(data: str) -> int:
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (MEGABYTE, MEGABYTE))
    try:
        write(Repository(Path(data), BASE, options=FAST), [said(i, "long " * 50 + str(i)) for i in range(20_000)])
    except StorageFull:
        return 7
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
