"""Lines that stand in many articles of one source: boilerplate, whatever they say."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import PurePath
from typing import Any

from retrieval.articles.draft import Draft
from retrieval.articles.outlets import host_of
from retrieval.text.characters import even

# A line is boilerplate from this many articles and this share of the source's articles on. Three articles can share a
# caption or a rubric; a site's furniture comes back on every page, a section's on a tenth of them.
LEAST_ARTICLES = 5
LEAST_SHARE = 0.1
# Lines seen once are forgotten when a source has more lines than this; its boilerplate has come back long before.
_MOST_LINES = 50_000


# A page with a smaller share of new characters is a copy of one already counted: its paragraphs come back because the
# article does. A short article on a page full of menus still has more.
_LEAST_NEW = 0.15


@dataclass(slots=True)
class _Seen:
    """What is known of one source: how many articles there were, and in how many of them each line stood."""

    articles: int = 0
    lines: Counter[str] = field(default_factory=Counter)


class Boilerplate:
    """Counts, for each source, in how many articles a line stands."""

    def __init__(self) -> None:
        self._sources: dict[str, _Seen] = {}

    def learn(self, source: str, lines: Iterable[str]) -> None:
        """Count an article's lines, menus and all. The same article a second time is not counted."""
        keys = {_key(line): len(line) for line in lines if line.strip()}
        if not keys:
            return
        seen = self._sources.setdefault(source, _Seen())
        new = sum(length for key, length in keys.items() if key not in seen.lines)
        if new < _LEAST_NEW * sum(keys.values()):
            return
        seen.articles += 1
        seen.lines.update(keys.keys())
        if len(seen.lines) > _MOST_LINES:
            seen.lines = Counter({key: count for key, count in seen.lines.items() if count > 1})

    def knows(self, source: str, line: str) -> bool:
        """Tell whether a line stands in many articles of a source."""
        seen = self._sources.get(source)
        if seen is None:
            return False
        return seen.lines[_key(line)] >= max(LEAST_ARTICLES, LEAST_SHARE * seen.articles)

    def to_dict(self) -> dict[str, Any]:
        """Return what was learned as plain values, for JSON."""
        return {
            source: {"articles": seen.articles, "lines": dict(seen.lines)} for source, seen in self._sources.items()
        }

    @classmethod
    def from_dict(cls, values: Mapping[str, Mapping[str, Any]]) -> "Boilerplate":
        """Restore what `to_dict` returned."""
        known = cls()
        known._sources = {
            source: _Seen(int(seen["articles"]), Counter(seen["lines"])) for source, seen in values.items()
        }
        return known


def source_of(draft: Draft) -> str:
    """Name what a draft's page has its furniture from: the declared outlet, the site, or the folder."""
    if draft.source or draft.url:
        return draft.source or host_of(draft.url or "")
    folders: Sequence[str] = PurePath(draft.path or draft.id).parts[:-1]
    return "/".join(folders)


def _key(line: str) -> str:
    # digits differ between pages that are otherwise the same: counters, dates of the day
    words = "".join("0" if character.isdigit() else character for character in even(line) if not character.isspace())
    return blake2b(words.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()
