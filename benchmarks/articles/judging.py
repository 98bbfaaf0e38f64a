"""Compare what was read of a file with what is right."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from retrieval.clean.article import make_article
from retrieval.read import read
from retrieval.values import Article, Skipped

_SPACE = re.compile(r"\s+")
_TODAY = date(2027, 1, 1)


@dataclass(frozen=True, slots=True)
class Expected:
    """What is right of a file's first article; a field that is not in `fields` is not judged, None must be absent.

    `published` is a prefix of the ISO date; a list means any of these. `contains` is compared without white space.
    `articles` is how many the file holds.
    """

    fields: Mapping[str, object] = field(default_factory=dict)
    contains: tuple[str, ...] = ()
    lacks: tuple[str, ...] = ()
    articles: int | None = None

    @classmethod
    def of(cls, given: Mapping[str, Any]) -> "Expected":
        """Read an entry of `expected.json`."""
        fields = {name: given[name] for name in ("title", "source", "author", "published") if name in given}
        return cls(
            fields,
            tuple(given.get("must_contain", ())),
            tuple(given.get("must_not_contain", ())),
            given.get("articles"),
        )


def articles_of(path: Path) -> list[Article | Skipped]:
    """Read a file as indexing does, without what other articles of its source would show."""
    return [item if isinstance(item, Skipped) else make_article(item, today=_TODAY) for item in read([path])]


def faults_of(path: Path, expected: Expected) -> list[str]:
    """List what is wrong, each fault as `KIND: what`."""
    return list(judged(articles_of(path), expected))


def judged(found: Iterable[Article | Skipped], expected: Expected) -> Iterator[str]:
    """Judge what a file was read as."""
    items = list(found)
    articles = [item for item in items if isinstance(item, Article)]
    reasons = "; ".join(item.reason for item in items if isinstance(item, Skipped))
    if expected.articles is not None and len(articles) != expected.articles:
        yield f"articles: {len(articles)} not {expected.articles} {reasons}"
    if not articles:
        if expected.articles != 0:
            yield f"skipped: {reasons}"
        return
    yield from _fields(articles[0], expected)
    yield from _strings("\n".join(article.text for article in articles), expected)


def _fields(article: Article, expected: Expected) -> Iterator[str]:
    for name, right in expected.fields.items():
        got, able = getattr(article, name), right if isinstance(right, list) else [right]
        is_right = got in able
        if name == "published" and got:
            is_right = any(one and str(got).startswith(str(one)) for one in able)
        if not is_right:
            kind = "absent" if got is None else "invented" if right is None else "wrong"
            yield f"{name} {kind}: {got!r} not {right!r}"


def _strings(text: str, expected: Expected) -> Iterator[str]:
    bare = _SPACE.sub("", text)
    for string in expected.contains:
        if _SPACE.sub("", string) not in bare:
            yield f"lost: {string[:30]}"
    for string in expected.lacks:
        if string in text:
            yield f"kept: {string[:30]}"
