"""Telegram's HTML, read at least as strictly as Telegram does."""

import html
import re
from dataclasses import dataclass
from typing import Any

_TAGS = {
    "b", "strong", "i", "em", "u", "ins", "s", "strike", "del", "code", "pre", "tg-spoiler", "blockquote", "a", "span",
    "tg-emoji",
}  # fmt: skip
_TOKEN = re.compile(
    r"<(/?)([a-z-]+)((?:\s+[a-z-]+(?:=\"[^\"<>]*\")?)*)\s*>|&(#\d{1,7}|#x[0-9a-f]{1,6}|[a-z]+);|([<>&])"
)
_ENTITIES = {"lt", "gt", "amp", "quot"}


class HtmlError(ValueError):
    """The text is not HTML that Telegram takes."""


@dataclass(frozen=True)
class Entity:
    type: str
    offset: int
    length: int
    attributes: str = ""


def units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def parse_html(source: str) -> tuple[str, list[Entity]]:
    """Return what is shown, and its entities with offsets in UTF-16 units."""
    shown: list[str] = []
    entities: list[Entity] = []
    opened: list[tuple[str, int, str]] = []
    position = length = 0
    for token in _TOKEN.finditer(source):
        plain = source[position : token.start()]
        shown.append(plain)
        length += units(plain)
        position = token.end()
        closing, tag, attributes, entity, stray = token.groups()
        if stray:
            raise HtmlError(f'Unexpected "{stray}" at byte offset {token.start()}')
        if entity:
            if not entity.startswith("#") and entity not in _ENTITIES:
                raise HtmlError(f'Unsupported entity "&{entity};"')
            shown.append(html.unescape(token[0]))
            length += units(shown[-1])
        elif tag not in _TAGS:
            raise HtmlError(f'Unsupported start tag "{tag}"')
        elif not closing:
            opened.append((tag, length, attributes.strip()))
        else:
            if not opened or opened[-1][0] != tag:
                raise HtmlError(f'Unmatched end tag "{tag}"')
            _, start, given = opened.pop()
            if length > start:
                entities.append(Entity(tag, start, length - start, given))
    if opened:
        raise HtmlError(f'Can\'t find end tag corresponding to start tag "{opened[-1][0]}"')
    shown.append(source[position:])
    return "".join(shown), entities


def as_json(entities: list[Entity]) -> list[dict[str, Any]]:
    """Return entities as a message carries them; those of styles are left out, nobody reads them."""
    links = [entity for entity in entities if entity.type == "a"]
    return [
        {"type": "text_link", "offset": each.offset, "length": each.length, "url": each.attributes[6:-1]}
        for each in links
    ]
