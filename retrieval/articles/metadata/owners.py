"""Who owns a site, as its copyright lines say."""

import re
from collections.abc import Iterator

from retrieval.articles.metadata.labels import source_name
from retrieval.text.characters import even

_OWNER = re.compile(
    r"(?:©|\(c\)|copyright)[\s©(c)]{0,20}+(?:by\s++)?[\d\s,–-]*+"
    r"(?P<after>[^\d.,|。©]{2,40}?)(?:[.,|。]|\s*(?:\d{4}|all rights|保留|版权)|$)"
    r"|(?P<before>[^\s|,。:©\d]{2,20})\s*版权所有"
    r"|版权所有(?:\s*+:\s*+|\s++)(?P<owner>[^\s|,。:©\d]{2,20})",
    re.IGNORECASE,
)


def owners(line: str) -> Iterator[str]:
    """Name the owners in a copyright line."""
    for match in _OWNER.finditer(even(line)):
        name = source_name(line[match.start(match.lastgroup or 0) : match.end(match.lastgroup or 0)])
        if name:
            yield name
