"""A share of the articles for one of several indexing processes: by hash of the id, so that nobody needs to agree."""

import hashlib
import re
from dataclasses import dataclass

from retrieval.errors import SettingsError


@dataclass(frozen=True, slots=True)
class Shard:
    """The `number`-th, counted from 1, of `of` shards."""

    number: int
    of: int

    def holds(self, article_id: str) -> bool:
        """Tell whether an article is this shard's."""
        digest = hashlib.blake2b(article_id.encode("utf-8", "surrogatepass"), digest_size=8).digest()
        return int.from_bytes(digest, "little") % self.of == self.number - 1


WHOLE = Shard(1, 1)


def parse_shard(said: str) -> Shard:
    """Read `3/16`.

    Raises:
        SettingsError: it is not a shard.
    """
    match = re.fullmatch(r"(\d{1,6})/(\d{1,6})", said.strip())
    if match is None or not 1 <= int(match[1]) <= int(match[2]):
        raise SettingsError(f"--shard {said}: write which of how many, from 1/16 to 16/16")
    return Shard(int(match[1]), int(match[2]))
