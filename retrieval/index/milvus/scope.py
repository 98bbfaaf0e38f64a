"""What part of a collection a search looks at: a condition on its rows, and the partitions that can hold them."""

from dataclasses import dataclass
from typing import Any

from retrieval.index.milvus.cluster import Cluster
from retrieval.index.milvus.rows import outlet_number
from retrieval.index.milvus.schema import condition, partitions_within
from retrieval.text.days import days_of
from retrieval.values import Filters


@dataclass(frozen=True, slots=True)
class Scope:
    """A condition, and partitions where not all of them are to be searched."""

    condition: str = ""
    partitions: tuple[str, ...] | None = None

    @classmethod
    def of(cls, cluster: Cluster, collection: str, filters: Filters) -> "Scope":
        """Return what satisfies `filters`; undated articles satisfy no date range."""
        days = days_of(filters)
        told = condition(filters, days, outlet_number(filters.source))
        if days is None:
            return cls(told)
        return cls(told, tuple(partitions_within(cluster.call("list_partitions", collection), *days)))

    @property
    def is_empty(self) -> bool:
        """Whether nothing can be found there."""
        return self.partitions == ()

    def asked(self) -> dict[str, Any]:
        """Return what a search is asked with."""
        return {"filter": self.condition, "partition_names": list(self.partitions) if self.partitions else None}
