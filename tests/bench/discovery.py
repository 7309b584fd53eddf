"""All that relationship discovery promises, in one run: ``python -m tests.bench.discovery``, about ten minutes.

Search and lists of a million entities, paths on 200 thousand nodes and a million links, suggestions and their evaluation on the
real posts beside its baselines, figures of a million entities, frames of a graph of 2,000 nodes, and pages over HTTP; each a
bench of its own. ``--data FOLDER`` spares making the store of a million entities for the pages.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from pathlib import Path

from tests.bench.sparql import say

PARTS = {
    "search, suggestions as one types, facets": ("search", "1000000"),
    "paths": ("paths", "--actors", "112000"),
    "who should meet, and how well it foretells": ("suggestions",),
    "figures": ("statistics", "--actors", "400000"),
    "dragging a graph": ("graph_frames",),
}


def run(title: str, *arguments: str) -> bool:
    """One bench, in a process of its own; whether it came to its end."""
    say(f"\n== {title} (python -m tests.bench.{' '.join(arguments)})")
    begun = time.monotonic()
    ended = subprocess.run([sys.executable, "-m", f"tests.bench.{arguments[0]}", *arguments[1:]], check=False).returncode
    say(f"   took {time.monotonic() - begun:.0f} s" + (f", ended with {ended}" if ended else ""))
    return ended == 0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, help="a store of a million entities, made if not given")
    parser.add_argument("--each", type=int, default=15, help="pages of each sort")
    asked = parser.parse_args()
    store = ["--data", str(asked.data)] if asked.data else ["--actors", "250000"]
    ended = [run(title, *arguments) for title, arguments in PARTS.items()]
    ended.append(run("pages", "pages", *store, "--each", str(asked.each)))
    sys.exit(not all(ended))


if __name__ == "__main__":
    main()
