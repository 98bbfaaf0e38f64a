"""Reads the pages in `fixtures/`: invented articles in the surroundings that real sites print."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from retrieval.articles.draft import Draft
from retrieval.values import PublishedFrom

FIXTURES = Path(__file__).parent / "fixtures"
_STORY = re.compile(r"@(\w+)(?:\.(\d+))?")
_NOT_BODY = re.compile("⟦(.*?)⟧")


@dataclass(frozen=True)
class Fixture:
    """A page as scraped, and what a careful reader finds on it."""

    name: str
    draft: Draft
    body: str
    title: str | None
    source: str | None
    author: str | None
    published: str | None
    published_from: str
    skipped: bool


def load_fixtures() -> list[Fixture]:
    return [fixture for path in sorted(FIXTURES.glob("*.txt")) for fixture in _load(path)]


def _load(path: Path) -> Iterator[Fixture]:
    first, *pages = path.read_text(encoding="utf-8").split("\n===== ")
    stories = {name: text.split("\n") for name, text in re.findall(r"@(\w+)\n(.*?)(?:\n\n|\n?\Z)", first, re.DOTALL)}
    for page in pages:
        head, _, text = page.partition("\n-----\n")
        name, *given = head.split("\n")
        yield _fixture(f"{path.stem}/{name}", dict(line.split(": ", 1) for line in given), text.rstrip("\n"), stories)


def _fixture(name: str, given: Mapping[str, str], text: str, stories: Mapping[str, list[str]]) -> Fixture:
    printed: list[str] = []
    body: list[str] = []
    for line in text.split("\n"):
        if not line.startswith("+ "):
            printed.append(line)
            continue
        for paragraph in _paragraphs(line[2:], stories):
            printed.append(_NOT_BODY.sub(r"\1", paragraph))
            body.append(_NOT_BODY.sub("", paragraph).strip())
    record = "record" in given
    draft = Draft(
        id=name,
        text=("\r\n" if "crlf" in given else "\n").join(printed),
        title=given.get("title") if record else None,
        source=given.get("source") if record else None,
        published=given.get("published") if record else None,
        published_from=PublishedFrom.RECORD if record else PublishedFrom.NONE,
        url=given.get("url"),
        is_record=record,
    )
    return Fixture(
        name,
        draft,
        "\n".join(body),
        given.get("title"),
        given.get("source"),
        given.get("author"),
        given.get("published"),
        given.get("from", "none"),
        "skipped" in given,
    )


def _paragraphs(line: str, stories: Mapping[str, list[str]]) -> list[str]:
    match = _STORY.search(line)
    if match is None:
        return [line]
    story = stories[match[1]]
    return [line.replace(match[0], text) for text in ([story[int(match[2]) - 1]] if match[2] else story)]
