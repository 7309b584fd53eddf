"""Puts the parts together: a repository with its gate and rules, a store that exists, an engine over it; decides nothing else."""

from app.assembly.definitions import digest, load_catalogue, load_shapes, load_vocabulary
from app.assembly.derivation import DerivedLinks

__all__ = ["DerivedLinks", "digest", "load_catalogue", "load_shapes", "load_vocabulary"]
