"""Puts what the service reads at run time (ontology, shapes, queries, seed) into the wheel, under ``app/_data``; no sources."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

PACKED = {
    "ontology": ("*.ttl", "LICENSE"),
    "shapes": ("*.ttl",),
    "queries": ("**/*.rq", "wishes.toml"),
    "seed": ("*.ttl", "*.ttl.gz", "LICENSE"),
}
"""By folder, the files that are read, and the licence of those that are not under the program's."""


class DataFolders(BuildHookInterface):
    """hatchling's hook; an editable install reads the folders where they are."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if version == "editable":
            return
        for folder, patterns in PACKED.items():
            for path in sorted(path for pattern in patterns for path in Path(self.root, folder).glob(pattern)):
                build_data["force_include"][str(path)] = f"app/_data/{path.relative_to(self.root).as_posix()}"
