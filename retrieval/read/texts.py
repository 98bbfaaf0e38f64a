"""Text files: one article each, or a dump of many that is split where its lines or blocks begin like articles.

What was printed on sheets, as PDF documents are, is freed of running heads and page numbers here too. Of Markdown, the
markup is taken off, and its front matter read.
"""

import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache, partial
from io import BytesIO
from itertools import islice, pairwise
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token

from retrieval.errors import Message
from retrieval.read.encodings import decode
from retrieval.read.files import MB, File, Limits, Split, UnreadableError, tidy, without_response
from retrieval.read.records import Record, as_draft, iso_date, named_fields
from retrieval.read.tables import read_table
from retrieval.values import Draft, PublishedFrom, Skipped

_PAGE = re.compile(r"\s*<(?:!doctype html|html)\b", re.IGNORECASE)
# What never begins a line: it was torn from the one before. A number goes on behind its point.
_TORN = re.compile(r"(?<=[^\s])\n(?=[，。、；：！？）》」』”’％%])|(?<=\d)\n(?=\.\d)")
# Bytes at the head of a file in which its kind is looked for.
_HEAD = 1 << 19
_DAY = r"(?:[12]\d{3}\s?[-/.年]\s?\d{1,2}\s?[-/.月]\s?\d{1,2}日?|\d{1,2}[-/]\d{1,2})"
_CLOCK = r"(?:[T\s]{0,3}\d{1,2}[:：]\d{2}(?:[:：]\d{2})?)"
_LABEL = r"(?:(?:发布|发表|发稿|刊发|新闻|發布|發表)?(?:时间|日期|時間)\s?[:：]\s?)?"
# [ 2023-07-28 16：40 ] ，正文：… — only a dump's articles begin so.
_LABELLED = re.compile(
    rf"[\s\[【(（]{{0,4}}{_LABEL}{_DAY}{_CLOCK}?[\s\]】)）,，|]{{0,6}}(?:[^。！？]{{1,40}}?[\s\]】)）,，;；|])?正文\s*[:：]"
)
# A day and a clock, or what a page calls its first title: sign enough where nearly every line has one and is as long as
# an article.
_BEGINS = re.compile(
    rf"(?:\d{{1,6}}\s?[.、)）\t]\s?)?[\s\[【(（]{{0,4}}{_LABEL}(?:{_DAY}\s?{_CLOCK}|{_DAY}[\s\]】)）,，|]{{1,6}}(?=\S{{40}})|(?:原标题|标题)\s*[:：])"
)
# What such a line puts before its text; a day without a clock may be the first words of a sentence.
_HEADED = re.compile(
    rf"(?:\d{{1,6}}\s?[.、)）\t]\s?)?[\s\[【(（]{{0,4}}{_LABEL}(?P<day>{_DAY})(?P<clock>\s?{_CLOCK})?[\s\]】)）,，|]{{0,6}}"
)
_TITLED = re.compile(r"\s*(?:文章|新闻)?标题\s*[:：]")
_FIELD = re.compile(r"\s*(?:正文|内容|发布时间|时间|日期|来源)\s*[:：]")
_LEAST, _SHARE, _LENGTH = 5, 0.9, 120
_BY_DATES, _BY_LINES, _BY_BLOCKS = "lines that begin with dates", "lines", "blocks between empty lines"
_BY_TITLES = "lines that begin with titles"


def read_text(file: File, limits: Limits) -> Iterator[Draft | Skipped]:
    """Read a file as one article, or as many where it is a dump; one that holds a page after all is read as a page."""
    if file.budget is not None:  # what is unpacked twice would count twice
        file = replace(file, open=partial(BytesIO, file.read(limits)))
    how = limits.split
    if how is Split.LINES:
        yield from _many(_lines(file, limits), file, limits, _BY_LINES)
    elif how is Split.BLANK:
        yield from _many(_blocks(_lines(file, limits)), file, limits, _BY_BLOCKS)
    elif how is Split.AUTO and (lines := _filled_head(file)) and (begins := _beginning(lines)):
        by = _BY_TITLES if begins is _TITLED else _BY_DATES
        yield from _many(_from_beginnings(_lines(file, limits), begins), file, limits, by)
    elif how is Split.AUTO and _is_table(lines):
        yield from read_table(file, limits)
    else:
        yield from _one(file, limits)


def _one(file: File, limits: Limits) -> Iterator[Draft]:
    text = without_response(file.text(limits))
    if _PAGE.match(text):
        from retrieval.read.html import draft_of_page

        yield draft_of_page(text, file, limits)
    else:
        yield Draft(id=file.id, path=file.path, text=whole_lines(text))


def whole_lines(text: str) -> str:
    """Take page numbers and running heads out of a text, and join the lines that were torn inside a word or number."""
    return _TORN.sub("", "\n".join(without_page_numbers(text.split("\n"))))


def _filled_head(file: File) -> list[str]:
    """Return the first lines of a file that are not empty."""
    with file.open() as stream:
        data = stream.read(_HEAD)
    lines = [line for line in decode(data).text.splitlines() if line.strip()]
    return lines[:-1] if len(data) == _HEAD else lines


def _is_table(lines: Sequence[str]) -> bool:
    """Return whether every line has the same cells, parted by tabs, and is as long as an article."""
    lengths = sorted(map(len, lines))
    return (
        len(lines) >= _LEAST
        and lengths[len(lengths) // 2] >= _LENGTH
        and len({line.count("\t") or -1 for line in lines}) == 1
        and "\t" in lines[0]
    )


def _beginning(lines: Sequence[str]) -> re.Pattern[str] | None:
    """Return what an article of a dump begins with, None for a file that is one article."""
    titles = sum(map(bool, map(_TITLED.match, lines)))
    if titles >= _LEAST and _TITLED.match(lines[0]) and sum(map(bool, map(_FIELD.match, lines))) >= titles:
        return _TITLED
    if _LABELLED.match(lines[0]) and sum(map(bool, map(_LABELLED.match, lines))) > 1:
        return _LABELLED_OR_EMPTY
    heads = [line for line in lines if _BEGINS.match(line)]
    lengths = sorted(map(len, heads))
    if len(heads) < max(_LEAST, _SHARE * len(lines)) or lengths[len(lengths) // 2] < _LENGTH:
        return None
    return _BEGINS


# The label is there where the day was lost.
_LABELLED_OR_EMPTY = re.compile(rf"{_LABELLED.pattern}|[\s,，]{{0,4}}正文\s*[:：]|原标题\s*[:：]")


def _lines(file: File, limits: Limits) -> Iterator[str]:
    for line in file.lines(limits):
        if line is None:
            raise UnreadableError("a line of more than {most} MB: the rest is not read", most=limits.line_bytes // MB)
        yield tidy(line).rstrip("\n")


def _blocks(lines: Iterable[str]) -> Iterator[str]:
    gathered: list[str] = []
    for line in (*lines, ""):
        if line.strip():
            gathered.append(line)
        elif gathered:
            yield "\n".join(gathered)
            gathered = []


def _from_beginnings(lines: Iterable[str], begins: re.Pattern[str]) -> Iterator[str]:
    """Gather lines to articles: one that does not begin like an article goes on with the one before."""
    gathered: list[str] = []
    for line in lines:
        if gathered and begins.match(line):
            yield "\n".join(gathered)
            gathered = []
        if line.strip() or gathered:
            gathered.append(line)
    if gathered:
        yield "\n".join(gathered)


def _many(texts: Iterable[str], file: File, limits: Limits, split: str) -> Iterator[Draft | Skipped]:
    number = 0
    filled = (text for text in texts if text.strip())
    for number, text in enumerate(islice(filled, limits.members), start=1):
        whole = whole_lines(text)
        draft = Draft(id=f"{file.id}#{number}", path=file.path, text=whole, is_record="\n" not in whole, split=split)
        draft = _dated(draft) if split == _BY_DATES and not _LABELLED_OR_EMPTY.match(whole) else draft
        yield (
            draft
            if len(whole) <= limits.characters
            else Skipped(
                f"{file.path}#{number}", Message("an article of more than {most:,} characters", most=limits.characters)
            )
        )
    if not number:
        raise UnreadableError("nothing but white space")


def _dated(draft: Draft) -> Draft:
    """Read the day that an article of a dump begins with, and take it off where it is no word of a sentence."""
    found = _HEADED.match(draft.text)
    day = iso_date(draft.text[slice(*found.span("day"))] + (found["clock"] or "").rstrip()) if found else None
    if found is None or day is None or len(day) < len("2023-07-28"):
        return draft
    text = draft.text[found.end() :] if found["clock"] else draft.text
    return replace(draft, text=text or draft.text, published=day, published_from=PublishedFrom.DATELINE)


# — 12 — · - 3 - · 第 4 页 · 第4页 共10页 · Page 3 of 9 · 5/12 · 7
_NUMBER = re.compile(
    r"[\s\u3000]*(?:[-–—·•~]{1,2}\s?\d{1,4}\s?[-–—·•~]{1,2}|第?\s?\d{1,4}\s?[页頁](?:[\s,，]*(?:共|/)\s?\d{1,4}\s?[页頁])?"
    r"|(?:page|p\.|seite)\s?\d{1,4}(?:\s?(?:of|/|von)\s?\d{1,4})?|\d{1,4}\s?/\s?\d{1,4}|[-–—]?\s?\d{1,4}\s?[-–—]?)[\s\u3000]*",
    re.IGNORECASE,
)
# The same in a text that has lost its pages: a number alone may be anything there.
_SURELY = re.compile(
    r"[\s\u3000]*(?:[-–—]{1,2}\s?\d{1,4}\s?[-–—]{1,2}|第\s?\d{1,4}\s?[页頁](?:[\s,，]*(?:共|/)\s?\d{1,4}\s?[页頁])?"
    r"|page\s?\d{1,4}\s?(?:of|/)\s?\d{1,4})[\s\u3000]*",
    re.IGNORECASE,
)
# Lines at the head and at the foot of a page that may be the same on all; these are no longer.
_EDGE, _LONGEST = 3, 80
_DIGITS, _SPACES = re.compile(r"\d+"), re.compile(r"\s+")


def without_sheets(pages: Sequence[Sequence[str]]) -> list[str]:
    """Return the lines of all pages without what most of them begin or end with, numbers apart."""
    if len(pages) < 2:
        return [line for page in pages for line in page]
    seen = Counter(key for page in pages for key in {_key(page[at]) for at in _edges(page)})
    least = max(2, (len(pages) + 1) // 2)
    lines: list[str] = []
    for page in pages:
        ends = _outermost(page)
        gone = {
            at for at in _edges(page) if seen[_key(page[at])] >= least or (at in ends and _NUMBER.fullmatch(page[at]))
        }
        lines += [line for at, line in enumerate(page) if at not in gone]
    return lines


def _filled(page: Sequence[str]) -> list[int]:
    return [at for at, line in enumerate(page) if line.strip()]


def _edges(page: Sequence[str]) -> Iterator[int]:
    filled = _filled(page)
    yield from (at for at in {*filled[:_EDGE], *filled[-_EDGE:]} if len(page[at]) <= _LONGEST)


def _outermost(page: Sequence[str]) -> frozenset[int]:
    filled = _filled(page)
    return frozenset((*filled[:2], *filled[-2:]))


def _key(line: str) -> str:
    return _DIGITS.sub("0", _SPACES.sub("", line))


def without_page_numbers(lines: Sequence[str]) -> list[str]:
    """Take page numbers out of a text that was printed on pages once, with the heads that stand right next to them.

    Numbers that go up and are marked as a page's are proof; what stands next to two of them or more is a running head.
    """
    marks = [at for at, line in enumerate(lines) if _SURELY.fullmatch(line)]
    numbers = [int(_DIGITS.search(lines[at])[0]) for at in marks]  # type: ignore[index]
    if len(marks) < 2 or any(b <= a for a, b in pairwise(numbers)):
        return list(lines)
    neighbours = [at for mark in marks for at in _neighbours(lines, mark)]
    same = Counter(_key(lines[at]) for at in neighbours)
    gone = {*marks, *(at for at in neighbours if same[_key(lines[at])] > 1)}
    return [
        line for at, line in enumerate(lines) if at not in gone and not (not line.strip() and _is_seam(at, gone, lines))
    ]


def _neighbours(lines: Sequence[str], mark: int) -> Iterator[int]:
    """Give the short lines next to a page number, empty ones passed over."""
    for step in (-1, 1):
        at = mark + step
        while 0 <= at < len(lines) and not lines[at].strip():
            at += step
        if 0 <= at < len(lines) and len(lines[at]) <= _LONGEST:
            yield at


def _is_seam(at: int, gone: set[int], lines: Sequence[str]) -> bool:
    """Recognise an empty line between a page's furniture and its text."""
    for step in (-1, 1):
        near = at + step
        while 0 <= near < len(lines) and not lines[near].strip():
            near += step
        if near in gone:
            return True
    return False


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
    return next((" ".join(_inline_lines(token)) for token in inside if token.type == "inline"), None)


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
            cells.append(" ".join(_inline_lines(token)))
        elif token.type in ("inline", "fence", "code_block", "html_block"):
            lines = _inline_lines(token) if token.type == "inline" else _verbatim(token.content)
            for line in lines:
                yield number + line
                number = ""


def _verbatim(content: str) -> Iterator[str]:
    for line in _TAG.sub("", content).split("\n"):
        yield from _inline_lines(_parser().parseInline(line.strip())[0]) if len(line) <= _LONG else (line.strip(),)


def _inline_lines(token: Token) -> Iterator[str]:
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
