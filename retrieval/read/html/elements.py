"""A page's markup → its lines in order, each with how much of it is links and where it stands."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice

from lxml import etree, html

from retrieval.clean.body.kinds import is_prose
from retrieval.read.files import Limits, UnreadableError, check_marks

# The text of these is never part of the page as read.
_UNSEEN = frozenset(
    {"script", "style", "noscript", "template", "iframe", "svg", "math", "select", "button", "textarea", "input"}
    | {"object", "embed", "canvas", "audio", "video", "map", "head", "title", "dialog"}
)
INLINE = frozenset(
    {"a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font", "i", "ins"}
    | {"kbd", "label", "mark", "nobr", "q", "rb", "rbc", "ruby", "s", "samp", "small", "span", "strike", "strong"}
    | {"sub", "sup", "time", "tt", "u", "var", "wbr", "img", "o:p", "st1:chsdate", "strongx"}
)
"""Elements that stand within a line."""
# Pages hide by visibility and opacity what their scripts show at once, WeChat's whole articles.
_HIDDEN = re.compile(r"display\s*:\s*none", re.IGNORECASE)
_SENTENCE = 40
# What no reader of a page sees, even where nothing else is left of it.
_NEVER = frozenset({"script", "style", "head", "title", "svg", "math", "iframe", "textarea", "option"})
# What never holds an article: where one does, its end tag is missing and it has swallowed the rest.
_SMALL = frozenset(
    {"button", "select", "svg", "math", "canvas", "audio", "video", "object", "map", "textarea", "embed"}
)
_SEVERAL = 3
_ARTICLE = frozenset({"h1", "article", "main"})
_HOLDS_ARTICLE = etree.XPath(
    f"descendant::*[self::h1 or self::article or self::main] or count(descendant::p) >= {_SEVERAL}"
)
# Elements whose content is not parsed: one that is never closed takes all markup behind it.
_RAW = ("script", "style", "textarea", "title", "noscript", "iframe", "xmp", "noframes", "template")
# Annotations of how a word is read, which stand above it and not in it; longer ones have swallowed what follows.
_READINGS, _READING_LONGEST = ("rt", "rp", "rtc"), 60
_UNPRINTED = re.compile(
    "[\xad\u200b\u2060\ufeff]|&(?:shy|ZeroWidthSpace|NoBreak|#(?:173|8203|8288|65279|[xX](?:[aA][dD]|200[bB]|2060|[fF]{3}[eE])));"
)
# Inline elements that a page's style sets off from their neighbours: 10-08 and 12:00 are no 10-0812:00.
_SET_OFF = re.compile(
    r"(?:^|[\s_-])(?:date|time|datetime|pub-?(?:date|time)|source|author|editor|byline|laiyuan|year|day|area|account)s?\d?(?:$|[\s_-])",
    re.IGNORECASE,
)
_CREDITS = re.compile(r"info|meta|source|byline", re.IGNORECASE)
_DATE_ALONE = re.compile(r"\s*[12]\d{3}\s?[-/.年]\s?\d{1,2}\s?[-/.月]\s?\d{1,2}日?[\d\s:日]*")
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*>")
_CJK = "\u3000-\u30ff\u3400-\u9fff\uff00-\uffef"
_WRAP = re.compile(f"(?<=[{_CJK}])[ \t]*\n[ \t]*(?=[{_CJK}])")
# Between inline elements a line break is a gap, within a text it may be where its file was wrapped.
_APART = "\x1c"
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
    markup = _UNPRINTED.sub("", markup)
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
    for reading in list(root.iter(*_READINGS)):
        if len(reading.text_content()) <= _READING_LONGEST:
            reading.drop_tree()
        else:
            reading.drop_tag()
    return root


def without_unclosed(markup: str) -> str:
    """Take off a page the last tag of each kind that is never closed and whose content is not parsed."""
    for name in _RAW:
        opening = [found.start() for found in re.finditer(rf"<{name}\b", markup, re.IGNORECASE)]
        closing = [found.start() for found in re.finditer(rf"</{name}\b", markup, re.IGNORECASE)]
        if opening and (not closing or opening[-1] > closing[-1]):
            markup = markup[: opening[-1]] + re.sub(r"^[^>]*>?", "", markup[opening[-1] :], count=1)
    comment = markup.rfind("<!--")
    return markup[:comment] + markup[comment + 4 :] if comment >= 0 and "-->" not in markup[comment:] else markup


def _is_overloaded(tag: re.Match[str]) -> bool:
    if tag.end() - tag.start() <= _NAMES or tag["raw"] or tag[0].startswith("<!"):
        return False
    return len(_NAME_OR_VALUE.findall(tag[0])) > _NAMES


def lines_of(root: html.HtmlElement) -> list[ElementLine]:
    """Return the lines that a reader of the page sees, in its order.

    Where nothing that is seen is a sentence, or what is not seen alone is built as an article, all text is read but
    scripts and styles, and links are read as text where all sentences are links: an element that is not closed has
    swallowed the page, or scripts were to show it.
    """
    strict = _Reading(is_strict=True)
    lines = list(strict.lines(root))
    if not strict.is_swallowed and any(len(line.text) - line.linked >= _SENTENCE for line in lines):
        return lines
    every = list(_Reading(is_strict=False).lines(root)) if strict.has_more else lines
    if sum(len(line.text) - line.linked for line in every) < _SENTENCE and any(is_prose(line.text) for line in every):
        return [replace(line, linked=0) for line in every]
    return every if sum(len(line.text) for line in every) > sum(len(line.text) for line in lines) else lines


class _Reading:
    """One pass over a page: text is gathered until a block begins or ends.

    `has_more` says afterwards whether a pass that is not strict would read more, `is_swallowed` whether only what that
    would read is built as an article.
    """

    def __init__(self, *, is_strict: bool) -> None:
        self._is_strict = is_strict
        self.has_more = self.is_swallowed = False
        self._marks = 0
        self._parts: list[str] = []
        self._linked = 0

    def lines(self, root: html.HtmlElement) -> Iterator[ElementLine]:
        links = 0
        block = root
        unseen = None
        walk = etree.iterwalk(root, events=("start", "end", "comment", "pi"))
        for event, element in walk:
            tag = element.tag if isinstance(element.tag, str) else ""
            if event == "start":
                if self._is_unseen(element, tag):
                    unseen = element  # its end comes next
                    is_more = not self._is_never(element, tag)
                    self.has_more = self.has_more or is_more
                    self.is_swallowed = self.is_swallowed or (is_more and holds_article(element))
                    walk.skip_subtree()
                    continue
                if tag not in INLINE and not _is_cell(element, tag):
                    yield from self._flush(block)
                    block = element
                elif _is_set_off(element):
                    self._parts.append(_APART)
                links += _is_link(element, tag)
                self._marks += 1 if tag == "p" else _SEVERAL * (tag in _ARTICLE)
                self._add(element.text, links, preserve=tag == "pre")
                continue
            if event == "end" and element is not unseen:
                links -= _is_link(element, tag)
                if tag not in INLINE and not _is_cell(element, tag):
                    yield from self._flush(block)
                    block = element.getparent() if element.getparent() is not None else root
                if tag in {"td", "th"} or (tag in INLINE and _is_set_off(element)):
                    self._parts.append(_APART)
            if element is not root:
                is_space = block.tag != "pre" and element.tail is not None and element.tail.isspace()
                is_between = is_space and tag in INLINE and element.getnext() is not None
                self._add(_APART if is_between else element.tail, links, preserve=block.tag == "pre")
        yield from self._flush(block)
        self.is_swallowed = self.is_swallowed and self._marks < _SEVERAL

    def _is_unseen(self, element: html.HtmlElement, tag: str) -> bool:
        if not self._is_strict:
            return self._is_never(element, tag)
        if tag in _UNSEEN:
            return not (tag in _SMALL and holds_article(element))
        style = element.get("style")
        return element.get("hidden") is not None or (style is not None and _HIDDEN.search(style) is not None)

    @staticmethod
    def _is_never(element: html.HtmlElement, tag: str) -> bool:
        return tag in _NEVER and not (tag in _SMALL and holds_article(element))

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
            line = _SPACE.sub(" ", _WRAP.sub("", piece).replace(_APART, " ")).strip(_EDGES)
            if line:
                yield ElementLine(line, min(linked, len(line)), block)


def holds_article(element: html.HtmlElement) -> bool:
    """Return whether elements as an article has them stand inside another."""
    return len(element) > 0 and bool(_HOLDS_ARTICLE(element))


def _is_link(element: html.HtmlElement, tag: str) -> bool:
    """Distinguish a link from one that is not closed and has swallowed paragraphs."""
    return tag == "a" and not (len(element) and len(list(islice(element.iter("p"), _SEVERAL))) == _SEVERAL)


def _is_cell(element: html.HtmlElement, tag: str) -> bool:
    """Distinguish a cell of a row of data, which is read as one line, from one that lays out the page."""
    return (
        tag in {"td", "th"} and len(element) <= 1 and all(inner.tag in INLINE and not len(inner) for inner in element)
    )


def _is_set_off(element: html.HtmlElement) -> bool:
    """Return whether a page's style sets an inline element off: a credit by its name, a link behind another link."""
    names = element.get("class"), element.get("id")
    if any(name is not None and _SET_OFF.search(name) is not None for name in names):
        return True
    before = element.getprevious()
    if before is None or (before.tail or "").strip():
        return False
    if element.tag == "time" and before.tag == "time":
        return True
    parent = element.getparent()
    if before.tag == "a" and (element.tag == "a" or _is_credits(parent)):
        return True
    return parent is not None and parent.tag != "p" and bool(_DATE_ALONE.fullmatch((parent[0].text or "")[:_CELL]))


def _is_credits(block: html.HtmlElement | None) -> bool:
    return block is not None and _CREDITS.search(f"{block.get('class') or ''} {block.get('id') or ''}") is not None


# What sites call the blocks around an article, as whole words of a class or an id.
_AROUND = re.compile(
    r"(?:^|[\s_-])(?:comments?|disqus|related\w*|relate|recommend\w*|sidebar|side|share\w*|social|breadcrumbs?|crumbs?"
    r"|pager|pagination|page-?nav|footer|foot|copyright|hot\w*|rank\w*|nav|navbar|navigation|menu|adv?|ads|advert\w*"
    r"|banner|qrcode|toolbar|login|popup|modal|cookie\w*|newsletter|subscribe|most-?read|read-?more|tags?)(?:$|[\s_-])",
    re.IGNORECASE,
)
_ASIDE = frozenset({"nav", "footer", "aside"})


def is_around(element: html.HtmlElement, known: dict[html.HtmlElement, bool]) -> bool:
    """Return whether a block stands inside something that sites put around an article."""
    path = []
    answer = False
    for place in (element, *element.iterancestors()):
        if place in known:
            answer = known[place]
            break
        path.append(place)
        if place.tag in {"body", "html", "article", "main"}:
            break
        if place.tag in _ASIDE or _AROUND.search(f"{place.get('class', '')} {place.get('id', '')}"):
            answer = True
            break
    known.update(dict.fromkeys(path, answer))
    return answer
