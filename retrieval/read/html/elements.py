"""A page's markup → its lines in order, each with how much of it is links and where it stands."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree, html

from retrieval.read.files import Limits, UnreadableError, check_marks

# The text of these is never part of the page as read.
_UNSEEN = frozenset(
    {"script", "style", "noscript", "template", "iframe", "svg", "math", "select", "button", "textarea", "input"}
    | {"object", "embed", "canvas", "audio", "video", "map", "head", "title", "dialog"}
)
INLINE = frozenset(
    {"a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font", "i", "ins"}
    | {"kbd", "label", "mark", "nobr", "q", "rp", "rt", "ruby", "s", "samp", "small", "span", "strike", "strong", "sub"}
    | {"sup", "time", "tt", "u", "var", "wbr", "img", "o:p", "st1:chsdate", "strongx"}
)
"""Elements that stand within a line."""
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_NEVER_SHOWN = re.compile(r"display\s*:\s*none", re.IGNORECASE)
_SENTENCE = 40
# Inline elements that a page's style sets off from their neighbours: 10-08 and 12:00 are no 10-0812:00.
_SET_OFF = re.compile(r"(?:^|[\s_-])(?:date|time|datetime|pub-?(?:date|time))s?(?:$|[\s_-])", re.IGNORECASE)
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*>")
_CJK = "\u3000-\u30ff\u3400-\u9fff\uff00-\uffef"
_WRAP = re.compile(f"(?<=[{_CJK}])[ \t]*\n[ \t]*(?=[{_CJK}])")
_SPACE = re.compile("[ \t\n\r\f\v\xa0\u200b]+")
_EDGES = " \t\xa0\u3000"
# Characters up to which a cell without blocks in it is data.
_CELL = 60
# Scripts, styles and comments, as whole as they are; else a tag, with what stands quoted behind its equals signs.
_TAG = re.compile(
    r"<(?P<raw>script|style)\b[^>]*+>(?:[^<]++|<(?!/(?P=raw)))*+|<!--(?!-?>)(?:[^-]++|-(?!->))*+"
    r"|<[a-z](?:=\s*+(?:\"[^\"]*+\"|'[^']*+')|[^=>]++|=)*+",
    re.IGNORECASE,
)
_NAME_OR_VALUE = re.compile(r"=\s*+(?:\"[^\"]*+\"|'[^']*+')|[^\s/=>]++")
# Longer values are pictures and data, and dropped: libxml2 writes one that holds `<!--` again and again in more than
# linear time, 20,000 characters in 0.3 s.
_ATTRIBUTE = 5_000
# Names and values that one tag may have: of 50,000 attributes the parser compares each with all before it, which takes
# 5 s; no page has a hundred.
_NAMES = 2_000


@dataclass(frozen=True, slots=True)
class ElementLine:
    """A line of a page: `linked` counts its characters inside links, `element` is the block it stands in."""

    text: str
    linked: int
    element: html.HtmlElement


def parse_page(markup: str, limits: Limits) -> html.HtmlElement:
    """Parse a page.

    Raises:
        UnreadableError: it has no elements, or more of them, or inside each other, than any page has.
    """
    check_marks(markup, "<=", limits)
    if any(map(_is_overloaded, _TAG.finditer(markup))):
        raise UnreadableError("an element with more than {most:,} attributes", most=_NAMES // 2)
    try:
        # without huge_tree the parser itself stops at some depth and drops what follows
        parser = html.HTMLParser(huge_tree=True)
        root: html.HtmlElement = html.document_fromstring(
            _DECLARATION.sub("", markup[:1000], count=1) + markup[1000:], parser
        )
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise UnreadableError("a page without content") from error
    depth = 0
    for count, (event, _) in enumerate(etree.iterwalk(root, events=("start", "end"))):
        depth += 1 if event == "start" else -1
        if depth > limits.depth:
            raise UnreadableError("elements more than {most} deep", most=limits.depth)
        if count > 2 * limits.elements:
            raise UnreadableError("more than {most} elements", most=limits.elements)
    for element in root.xpath(f"//*[@*[string-length() > {_ATTRIBUTE}]]"):
        for name in [name for name, value in element.attrib.items() if len(value) > _ATTRIBUTE]:
            del element.attrib[name]
    return root


def _is_overloaded(tag: re.Match[str]) -> bool:
    if tag.end() - tag.start() <= _NAMES or tag["raw"] or tag[0].startswith("<!"):
        return False
    return len(_NAME_OR_VALUE.findall(tag[0])) > _NAMES


def lines_of(root: html.HtmlElement) -> list[ElementLine]:
    """Return the lines that a reader of the page sees, in its order.

    What is invisible only until scripts have run is seen where nothing else on the page is a sentence.
    """
    lines = list(_Reading(_HIDDEN).lines(root))
    if any(len(line.text) - line.linked >= _SENTENCE for line in lines):
        return lines
    return list(_Reading(_NEVER_SHOWN).lines(root))


class _Reading:
    """One pass over a page: text is gathered until a block begins or ends."""

    def __init__(self, hidden: re.Pattern[str]) -> None:
        self._hidden = hidden
        self._parts: list[str] = []
        self._linked = 0

    def lines(self, root: html.HtmlElement) -> Iterator[ElementLine]:
        links = 0
        block = root
        walk = etree.iterwalk(root, events=("start", "end", "comment", "pi"))
        for event, element in walk:
            tag = element.tag if isinstance(element.tag, str) else ""
            if event == "start":
                if tag in _UNSEEN or self._is_hidden(element):
                    walk.skip_subtree()
                    continue
                if tag not in INLINE and not _is_cell(element, tag):
                    yield from self._flush(block)
                    block = element
                elif _is_set_off(element):
                    self._parts.append(" ")
                links += tag == "a"
                self._add(element.text, links, preserve=tag == "pre")
                continue
            if event == "end" and tag not in _UNSEEN and not self._is_hidden(element):
                links -= tag == "a"
                if tag not in INLINE and not _is_cell(element, tag):
                    yield from self._flush(block)
                    block = element.getparent() if element.getparent() is not None else root
                if tag in {"td", "th"} or (tag in INLINE and _is_set_off(element)):
                    self._parts.append(" ")
            if element is not root:
                self._add(element.tail, links, preserve=block.tag == "pre")
        yield from self._flush(block)

    def _is_hidden(self, element: html.HtmlElement) -> bool:
        style = element.get("style")
        return element.get("hidden") is not None or (style is not None and self._hidden.search(style) is not None)

    def _add(self, text: str | None, links: int, *, preserve: bool) -> None:
        if text:
            self._parts.append(text.replace("\n", "\0") if preserve else text)
            self._linked += len(_SPACE.sub("", text)) if links else 0

    def _flush(self, block: html.HtmlElement) -> Iterator[ElementLine]:
        if not self._parts:
            return
        text, linked = "".join(self._parts), self._linked
        self._parts, self._linked = [], 0
        for piece in text.replace("\r", "").split("\0"):
            line = _SPACE.sub(" ", _WRAP.sub("", piece)).strip(_EDGES)
            if line:
                yield ElementLine(line, min(linked, len(line)), block)


def _is_cell(element: html.HtmlElement, tag: str) -> bool:
    """Tell a cell of a row of data, which is read as one line, from one that lays out the page."""
    return (
        tag in {"td", "th"} and len(element) <= 1 and all(inner.tag in INLINE and not len(inner) for inner in element)
    )


def _is_set_off(element: html.HtmlElement) -> bool:
    names = element.get("class"), element.get("id")
    return any(name is not None and _SET_OFF.search(name) is not None for name in names)
