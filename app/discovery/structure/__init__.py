"""What the network looks like as a whole: communities, bridges, isolated actors, projects to pool; worked out once a version."""

from app.discovery.structure.model import Bridge, Community, Shape
from app.discovery.structure.pooling import Pool, Pools, pools
from app.discovery.structure.selecting import PARTS, Whole, linked_to, narrowed, rows_of, whole_from

__all__ = [
    "PARTS",
    "Bridge",
    "Community",
    "Pool",
    "Pools",
    "Shape",
    "Whole",
    "linked_to",
    "narrowed",
    "pools",
    "rows_of",
    "whole_from",
]
