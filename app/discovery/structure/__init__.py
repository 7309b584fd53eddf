"""What the network looks like as a whole: communities, bridges, isolated actors, projects to pool; worked out once a version."""

from app.discovery.structure.pooling import Pool, Pools, pools
from app.discovery.structure.shape import Bridge, Community, Shape, shape_of

__all__ = ["Bridge", "Community", "Pool", "Pools", "Shape", "pools", "shape_of"]
