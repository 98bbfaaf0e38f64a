"""The article of a page that a script draws: in its linked data, in a framework's data, in an assigned state."""

import json
import re
from collections import deque
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any
from urllib.parse import unquote

from lxml import html

from retrieval.read.fields import named_fields
from retrieval.read.files import File, UnreadableError
from retrieval.read.records import draft_of_record
from retrieval.text.folding import even
from retrieval.values import Draft

# window.__INITIAL_STATE__ = {…} · var allData = {…}
_ASSIGNED = re.compile(
    r"(?:^|[;\s{])(?:var|let|const|window\.|self\.)\s*[\w.$\[\]\"']{1,60}\s*=\s*(?:JSON\.parse\(\s*)?(?=[{\"'])"
)
# Characters of scripts and objects in them that are looked at; a text is no shorter, or it is a summary.
_MOST, _OBJECTS, _SHORTEST, _ASSIGNMENTS = 8_000_000, 20_000, 60, 40
_JSON = ("application/json", "application/ld+json")


def scripted(root: html.HtmlElement, file: File, title: str | None) -> Draft | None:
    """Return the article that a page's scripts hold, None where they hold none.

    Of several the one with the page's title, else the longest.
    """
    found: dict[str, Draft] = {}
    for record in _records(root):
        try:
            draft = draft_of_record(record, file, 0)
        except UnreadableError:
            continue
        if len(draft.text) >= _SHORTEST and not draft.text.lstrip().startswith(("{", "http")):
            found.setdefault(draft.text, draft)
    return max(found.values(), key=lambda draft: (_is_titled(draft, title), len(draft.text)), default=None)


def _is_titled(draft: Draft, title: str | None) -> bool:
    return bool(draft.title and title) and even(draft.title or "") in even(title or "")


def _records(root: html.HtmlElement) -> Iterator[Mapping[str, Any]]:
    """List the objects in a page's scripts that have a text and a title or a date, those around them first."""
    left = _OBJECTS
    for content in _contents(root):
        waiting = deque([content])
        while waiting and left:
            left -= 1
            value = waiting.popleft()
            if isinstance(value, Mapping):
                known = named_fields(value)
                if "text" in known and (
                    "title" in known or "published" in known or "headline" in value or "name" in value
                ):
                    yield {"title": value.get("name"), **value}
                waiting.extend(inner for inner in value.values() if isinstance(inner, Mapping | list))
            elif isinstance(value, list):
                waiting.extend(inner for inner in value if isinstance(inner, Mapping | list))


def _contents(root: html.HtmlElement) -> Iterator[object]:
    for script in root.iter("script"):
        text = (script.text or "").strip()
        if not text or len(text) > _MOST:
            continue
        if (script.get("type") or "").split(";")[0].strip().lower() in _JSON:
            yield from _loaded(unquote(text) if text.startswith("%7B") else text)
            continue
        for assigned in islice(_ASSIGNED.finditer(text), _ASSIGNMENTS):
            yield from _loaded(text, assigned.end())


def _loaded(text: str, start: int = 0) -> Iterator[object]:
    """Load the JSON at a place of a text; a string may hold JSON once more."""
    try:
        content, _ = json.JSONDecoder(strict=False).raw_decode(text, start)
        yield json.loads(content, strict=False) if isinstance(content, str) else content
    except (ValueError, RecursionError):
        return
