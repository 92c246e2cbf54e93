"""The same work twice: which records of different exports are of one work, and the one record made of them."""

from qa.merging.clusters import COMMON, Cluster, Link, Refusal, cluster
from qa.merging.comparison import KEPT_ALONE, SET_APART
from qa.merging.merge import Merged, distinct, merge
from qa.merging.variant import Variant, content_hash

__all__ = [
    "COMMON",
    "KEPT_ALONE",
    "SET_APART",
    "Cluster",
    "Link",
    "Merged",
    "Refusal",
    "Variant",
    "cluster",
    "content_hash",
    "distinct",
    "merge",
]
