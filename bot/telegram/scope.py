"""Within what a question is put to the archive."""

from dataclasses import dataclass, field, replace
from typing import Self

from retrieval import Filters

AS_OF = "as-of"


@dataclass(frozen=True, slots=True)
class Scope:
    """A person's filters, the day (ISO) from which the archive is looked at, and whether a question is taken literally.

    A question that is not has its dates and sources read out of it. `as_of` None is today.
    """

    filters: Filters = field(default_factory=Filters)
    as_of: str | None = None
    is_literal: bool = False

    def limited(self, **limits: str | None) -> Self:
        """Return the scope with other filters, by their names."""
        return replace(self, filters=replace(self.filters, **limits))

    def without(self, name: str) -> Self | None:
        """Return the scope with one of its limits taken off; None if there is no limit of that name."""
        if name == AS_OF:
            return replace(self, as_of=None)
        return self.limited(**{name: None}) if name in Filters.__slots__ else None
