"""Markdown: front matter and paragraphs, their markup taken off."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from typing import Any

from retrieval.read.fields import named_fields
from retrieval.read.files import File, Limits, UnreadableError
from retrieval.read.records import Record
from retrieval.values import Draft, PublishedFrom

_YAML = re.compile(r"\s*---[ \t]*\n(.*?\n)?(?:---|\.\.\.)[ \t]*(?:\n|$)", re.DOTALL)
_TOML = re.compile(r"\s*\+\+\+[ \t]*\n(.*?\n)?\+\+\+[ \t]*(?:\n|$)", re.DOTALL)
_ITEM = re.compile(r"\s+-\s+(.*)$|-\s+(.*)$")

_HEADING = re.compile(r"\s{0,3}(#{1,6})\s+(\S.*)")
_UNDERLINE = re.compile(r"\s{0,3}(?:=+|-{2,})\s*$")
_RULE = re.compile(r"\s{0,3}(?:[-*_]\s*){3,}$")
_OWN_LINE = re.compile(r"\s*(?:[-*+]\s+|\d{1,3}[.)]\s+|>\s?|\|)")
_MARKER = re.compile(r"\s*(?:[-*+]\s+|>\s?)+")
# Markup is taken off lines up to this length. What opens a span may stand in it thousands of times and never be closed:
# a span is bounded, and ends where the next of its kind begins.
_LONG = 20_000
# TOML is parsed up to this length: 200,000 characters of one dotted key take minutes.
_LONG_TOML = 20_000
_INLINE = (
    (re.compile(r"!\[([^\[\]]{0,500}+)\]\([^)\s]{0,2000}+(?:\s++\"[^\"]{0,500}+\")?\)"), ""),
    (re.compile(r"\[([^\[\]]{1,500}+)\](?:\([^)\s]{0,2000}+(?:\s++\"[^\"]{0,500}+\")?\)|\[[^\]]{0,100}+\])"), r"\1"),
    (re.compile(r"<(https?://[^<>\s]{1,2000}+)>"), r"\1"),
    (re.compile(r"<!--(?:(?!<!--).){0,2000}?-->|</?[a-zA-Z][^<>]{0,2000}+>"), ""),
    (re.compile(r"(\*\*|__)(?=\S)((?:(?!\1).){1,1000}+)(?<=\S)\1"), r"\2"),
    (re.compile(r"(?<![0-9a-zA-Z*])\*(?=[^\s*])([^*]{1,1000}+)(?<=\S)\*(?![0-9a-zA-Z*])"), r"\1"),
    (re.compile(r"(?<!\w)_(?=[^\s_])([^_]{1,1000}+)(?<=\S)_(?!\w)"), r"\1"),
    (re.compile(r"`{1,3}([^`]{1,1000}+)`{1,3}"), r"\1"),
    (re.compile(r"\\([\\`*_{}\[\]()#+.!|<>-])"), r"\1"),
)
_CJK_END = re.compile("[\u3000-\u30ff\u3400-\u9fff\uff00-\uffef”’…—]$")


def read_markdown(file: File, limits: Limits) -> Iterator[Draft]:
    """Read a Markdown file."""
    fields, body = front_matter(file.text(limits))
    known = Record.model_construct(**_declared(fields))
    heading = next((found[2] for line in body.split("\n") if (found := _HEADING.match(line)) and found[1] == "#"), None)
    text = "\n".join(paragraphs(body))
    if not text:
        raise UnreadableError("nothing below its front matter")
    yield Draft(
        id=known.id or file.id,
        text=text,
        path=file.path,
        title=known.title or (_plain(heading.rstrip(" #")) if heading else None),
        source=known.source,
        author=known.author,
        published=known.published,
        published_from=PublishedFrom.RECORD if known.published else PublishedFrom.NONE,
        url=known.url,
        language=known.language,
    )


def front_matter(text: str) -> tuple[dict[str, Any], str]:
    """Split a file into its front matter's fields, YAML-like or TOML, and the rest."""
    if found := _YAML.match(text):
        return _yaml_fields(found[1] or ""), text[found.end() :]
    if found := _TOML.match(text):
        try:
            return tomllib.loads((found[1] or "")[:_LONG_TOML]), text[found.end() :]
        except (ValueError, RecursionError):  # not TOML, a number too long or arrays too deep for Python
            return {}, text[found.end() :]
    return {}, text


def _yaml_fields(block: str) -> dict[str, Any]:
    """Read `key: value` lines, `[a, b]` and `- item` lists; anything deeper is left out."""
    fields: dict[str, Any] = {}
    key = ""
    for line in block.split("\n"):
        if key and (item := _ITEM.match(line)):
            if not isinstance(fields[key], list):
                fields[key] = []
            fields[key].append(_scalar(item[1] or item[2]))
        elif line[:1].strip("#- \t:"):
            key, _, value = (part.strip() for part in line.partition(":"))
            key = key.strip("\"'")
            inner = value[1:-1].split(",") if value.startswith("[") and value.endswith("]") else None
            fields[key] = [_scalar(part) for part in inner] if inner is not None else _scalar(value)
    return fields


def _scalar(written: str) -> str:
    written = written.strip()
    if len(written) > 1 and written[0] == written[-1] and written[0] in "\"'":
        return written[1:-1]
    return written.partition(" #")[0].strip()


def _declared(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Validate what front matter says; a date is written out by TOML's parser."""
    known = {**named_fields(fields), "text": "-"}
    if "published" in known:
        known["published"] = str(known["published"])
    return Record.model_validate(known).model_dump()


def paragraphs(body: str) -> Iterator[str]:
    """Yield a line for each paragraph, heading, list item and table row, without markup."""
    gathered: list[str] = []
    fenced = False
    for line in [*body.split("\n"), ""]:
        fence = line.lstrip().startswith(("```", "~~~"))
        own = fenced or fence or _HEADING.match(line) or _OWN_LINE.match(line)
        underlined = bool(gathered) and _UNDERLINE.match(line)
        if gathered and (own or not line.strip() or underlined):
            yield from _shown("".join(gathered))
            gathered = []
        if fence:
            fenced = not fenced
        elif underlined or _RULE.match(line) or re.fullmatch(r"[\s|:-]+", line):
            continue
        elif own:
            heading = _HEADING.match(line)
            yield from _shown(heading[2].rstrip(" #") if heading else _unmarked(line))
        elif line.strip():
            gathered.append(_seam(gathered) + line.strip())


def _unmarked(line: str) -> str:
    marker = _MARKER.match(line)
    return line[marker.end() :] if marker else line


def _seam(gathered: list[str]) -> str:
    """Return what parts a wrapped paragraph from its next line, and take the mark of a break from its end.

    Chinese and Japanese have no space between their lines.
    """
    if not gathered:
        return ""
    if not gathered[-1].endswith("\\"):
        return "" if _CJK_END.search(gathered[-1][-1]) else " "
    while gathered and not (rest := gathered.pop().rstrip("\\ ")):
        pass
    gathered.append(rest)
    return "\n"


def _shown(text: str) -> Iterator[str]:
    for line in text.split("\n"):
        if plain := _plain(line):
            yield plain


def _plain(text: str) -> str:
    if len(text) <= _LONG:
        for pattern, kept in _INLINE:
            text = pattern.sub(kept, text)
    return text.strip().strip("|").strip()
