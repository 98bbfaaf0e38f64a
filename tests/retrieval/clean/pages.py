"""Reads the pages in `fixtures/`: invented articles in the surroundings that real sites print."""

import html
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from retrieval.values import Draft, PublishedFrom

FIXTURES = Path(__file__).parent / "fixtures"
_STORY = re.compile(r"@([a-z_]+(?:\.[a-z]+)?)(?:\.(\d+))?")
_NOT_BODY = re.compile("⟦(.*?)⟧")
_TAG = re.compile(r"<[^>]+>")


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
    return [fixture for path in sorted(FIXTURES.glob("*.txt")) for fixture in _load(path, _stories(path))]


def load_web_pages() -> list[tuple[Fixture, bytes]]:
    """Load the pages in markup, each with its bytes; what they share with the others are the stories."""
    stories = {
        f"{path.stem}.{name}": story for path in FIXTURES.glob("*.txt") for name, story in _stories(path).items()
    }
    path = FIXTURES / "html" / "pages.txt"
    encodings = dict(re.findall(r"^===== (\S+)\n(?:\w+: .*\n)*?encoding: (\S+)", path.read_text("utf-8"), re.MULTILINE))
    pages = []
    for fixture in _load(path, stories):
        encoding = encodings.get(fixture.name.partition("/")[2], "utf-8")
        body = html.unescape(_TAG.sub("", fixture.body))
        lines = "\n".join(line.strip() for line in body.split("\n"))
        pages.append((replace(fixture, body=lines), fixture.draft.text.encode(encoding)))
    return pages


def _stories(path: Path) -> dict[str, list[str]]:
    first = path.read_text(encoding="utf-8").partition("===== ")[0]
    return {name: text.split("\n") for name, text in re.findall(r"@(\w+)\n(.*?)(?:\n\n|\n?\Z)", first, re.DOTALL)}


def _load(path: Path, stories: Mapping[str, list[str]]) -> Iterator[Fixture]:
    for page in ("\n" + path.read_text(encoding="utf-8")).split("\n===== ")[1:]:
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
