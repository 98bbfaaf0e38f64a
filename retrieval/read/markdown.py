"""Markdown: front matter and paragraphs, their markup taken off."""

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from itertools import pairwise
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token

from retrieval.read.fields import named_fields
from retrieval.read.files import File, Limits, UnreadableError
from retrieval.read.records import Record, as_draft
from retrieval.values import Draft

_YAML = re.compile(r"\s*---[ \t]*\n(.*?\n)?(?:---|\.\.\.)[ \t]*(?:\n|$)", re.DOTALL)
_TOML = re.compile(r"\s*\+\+\+[ \t]*\n(.*?\n)?\+\+\+[ \t]*(?:\n|$)", re.DOTALL)
_ITEM = re.compile(r"\s+-\s+(.*)$|-\s+(.*)$")

# TOML is parsed up to this length: 200,000 characters of one dotted key take minutes.
_LONG_TOML = 20_000
# Markup in lines up to this length is taken off: longer ones are data.
_LONG = 20_000
# CommonMark takes emphasis out of 5*6*7, and leaves the stars of bold that ends behind a mark and before a letter, as
# Chinese has it: **“引文”**他说. A footnote's text is no address.
_EMPHASIS = (
    (re.compile(r"(\*\*|__)(?=\S)((?:(?!\1).){1,1000}+)(?<=\S)\1"), r"\2"),
    (re.compile(r"(?<![0-9a-zA-Z*])\*(?=[^\s*])([^*]{1,1000}+)(?<=\S)\*(?![0-9a-zA-Z*])"), r"\1"),
    (re.compile(r"(?<!\w)_(?=[^\s_])([^_]{1,1000}+)(?<=\S)_(?!\w)"), r"\1"),
)
_FOOTNOTE = re.compile(r"(?<!\\)\[\^")
_TAG = re.compile(r"<!--(?:(?!<!--).){0,2000}?-->|</?[a-zA-Z][^<>]{0,2000}+>", re.DOTALL)
_CJK_END = re.compile("[\u3000-\u30ff\u3400-\u9fff\uff00-\uffef”’…—]$")


def read_markdown(file: File, limits: Limits) -> Iterator[Draft]:
    """Read a Markdown file."""
    fields, body = front_matter(file.text(limits))
    tokens = _parser().parse(_FOOTNOTE.sub(r"\[^", body))
    text = "\n".join(paragraphs(tokens))
    if not text:
        raise UnreadableError("nothing below its front matter")
    known = as_draft(_declared(fields), file)
    yield replace(known, text=text, title=known.title or _heading(tokens))


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


def _declared(fields: Mapping[str, Any]) -> Record:
    """Validate what front matter says; a date is written out by TOML's parser."""
    known = {**named_fields(fields), "text": "-"}
    if "published" in known:
        known["published"] = str(known["published"])
    return Record.model_validate(known)


@cache
def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark", {"maxNesting": 100}).enable("table").disable("emphasis")


def _heading(tokens: Sequence[Token]) -> str | None:
    """Return the first heading of the first rank, where it is marked by its sign."""
    inside = (inner for token, inner in pairwise(tokens) if token.tag == "h1" and token.markup == "#")
    return next((" ".join(_lines(token)) for token in inside if token.type == "inline"), None)


def paragraphs(tokens: Sequence[Token]) -> Iterator[str]:
    """Yield a line for each paragraph, heading, list item and table row, without markup."""
    cells: list[str] | None = None
    number = ""
    for token in tokens:
        if token.type in ("tr_open", "tr_close"):
            if cells:
                yield " | ".join(cells)
            cells = [] if token.type == "tr_open" else None
        elif token.type == "list_item_open":
            number = f"{token.info}{token.markup} " if token.info else ""
        elif token.type == "inline" and cells is not None:
            cells.append(" ".join(_lines(token)))
        elif token.type in ("inline", "fence", "code_block", "html_block"):
            lines = _lines(token) if token.type == "inline" else _verbatim(token.content)
            for line in lines:
                yield number + line
                number = ""


def _verbatim(content: str) -> Iterator[str]:
    for line in _TAG.sub("", content).split("\n"):
        yield from _lines(_parser().parseInline(line.strip())[0]) if len(line) <= _LONG else (line.strip(),)


def _lines(token: Token) -> Iterator[str]:
    """Yield the lines of a piece of text; Chinese and Japanese have no space where a line was wrapped."""
    text = ""
    for part in token.children or ():
        if (part.type == "text" and part.content.startswith("\u3000")) or part.type == "hardbreak":
            text += "\n"
        elif part.type == "softbreak":
            text += "" if _CJK_END.search(text) else " "
        text += part.content if part.type in ("text", "code_inline") else ""
    for line in text.split("\n"):
        plain = line
        for pattern, kept in _EMPHASIS:
            plain = pattern.sub(kept, plain)
        if plain.strip():
            yield plain.strip()
