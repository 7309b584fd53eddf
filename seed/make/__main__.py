"""``python -m seed.make``: makes every generated file of the seed anew."""

from __future__ import annotations

from pathlib import Path

from seed.make import posts, territories
from seed.make.turtle import write

SEED = Path(__file__).resolve().parent.parent


def main() -> None:
    """Write each file and say so."""
    for name, content in {**territories.build(), **posts.build()}.items():
        write(SEED / name, content)
        print(f"seed/{name}: {len(content):,} characters")


if __name__ == "__main__":
    main()
