"""Which lines of a page may be its article's by the elements they stand in; what they say is for the body finder.

What is of others is taken off: readers' comments, and lists of other articles with their summaries. Comments are known
by what sites and comment systems call their blocks, and by headings above entries.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from lxml import etree, html

from retrieval.clean import bundled_outlets
from retrieval.clean.body import kinds as signs
from retrieval.clean.body.extent import heading_strength, headings, is_entry, is_thread, thread_end
from retrieval.clean.body.kinds import is_prose
from retrieval.clean.credits import read_credits
from retrieval.read.html.elements import ElementLine, is_around, lines_of
from retrieval.text import even

_END = re.compile("[。！？!?.…”」』）)]$")
# A paragraph holds all prose of an article of one paragraph; what stands next to it belongs to the article too.
_PARAGRAPHS = frozenset({"p", "li", "h1", "h2", "h3", "h4", "blockquote", "pre"})
_HEADINGS = frozenset({"h1", "h2", "h3"})
# A container is entered when it holds this share of the prose around it, or the smaller share when so much of what
# stands next to it are links, as in a column of other stories with a summary each.
_HOLDS, _HOLDS_MOST, _SIDE_LINKS = 0.8, 0.55, 0.2
# When less of the page's prose is left next to blocks named as surroundings, the names are misleading and not followed.
_LEFT = 0.2
# A page with less prose, in characters, may be a poem's or a gallery's.
_LITTLE = 400
# Lines that are looked at above and below the container for headline, date and credits.
_ABOVE, _BELOW = 15, 6
_BY_LINK = etree.XPath("descendant-or-self::*[@rel = 'author' or @itemprop = 'author']")
_BYLINE, _BYLINES = 30, re.compile(r"(?:^|[\s_-])(?:author|byline|writer|reporter|source)", re.IGNORECASE)


def weight(line: ElementLine) -> int:
    """Count the characters of a line that are prose: none in a list of links, a menu or a label."""
    free = len(line.text) - line.linked
    if free < 10 or line.linked > 0.3 * len(line.text):
        return 0
    return free if is_prose(line.text) or free >= 40 else 0


def main_lines(lines: Sequence[ElementLine]) -> list[str]:
    """Return the lines of the container that holds the page's prose, and those near it, but for lists of links."""
    around: dict[html.HtmlElement, bool] = {}
    inside = [line for line in lines if not is_around(line.element, around)]
    if sum(map(weight, inside)) < _LEFT * sum(map(weight, lines)):
        inside = list(lines)
    # of a poem or a gallery the site's own sentences must not be taken for the article
    container = _container(inside, weight if sum(map(weight, inside)) >= _LITTLE else _said)
    held = () if container is None else frozenset(container.iter())
    return with_near(inside, [at for at, line in enumerate(inside) if line.element in held] or range(len(inside)))


def _said(line: ElementLine) -> int:
    found = signs.classification_cached(line.text, even(line.text), bundled_outlets())
    return weight(line) if found.kind is signs.LineKind.PROSE else 0


def with_near(lines: Sequence[ElementLine], body: Sequence[int]) -> list[str]:
    """Return the texts of lines and of what may be headline, date and credits next to them; of no list of links."""
    if not body:
        return []
    above, below = lines[max(0, body[0] - _ABOVE) : body[0]], lines[body[-1] + 1 :][:_BELOW]
    near = [*_head(above), *(lines[at] for at in body), *(line for line in below if not is_prose(line.text))]
    return [line.text for line in near if is_byline(line) or not is_list(line)]


def _head(lines: Sequence[ElementLine]) -> list[ElementLine]:
    """Leave out the sentences above a headline, or all of them where none is marked: they are another column's."""
    marked = [at for at, line in enumerate(lines) if any(place.tag == "h1" for place in _path(line.element))]
    return [
        line
        for at, line in enumerate(lines)
        if (marked and at > marked[-1]) or not is_prose(line.text) or is_headline(line) or is_credit(line)
    ]


def is_headline(line: ElementLine) -> bool:
    """Return whether a line is marked as a headline."""
    return line.element.tag in _HEADINGS


def is_credit(line: ElementLine) -> bool:
    """Return whether a line reads as credits."""
    return read_credits(line.text, bundled_outlets()) is not None


def _container(lines: Sequence[ElementLine], weigh: Callable[[ElementLine], int]) -> html.HtmlElement | None:
    """Descend from the page to the smallest element that still holds the prose, as `weigh` counts it."""
    root = lines[0].element.getroottree().getroot() if lines else None
    sums = _sums(lines, root, weigh) if root is not None else {}
    if root is None or not sums[root].prose:
        return None
    here = root
    while True:
        blocks = (child for child in here if child in sums and not _is_paragraph(child, sums))
        children = sorted(blocks, key=lambda child: -sums[child].prose)
        # a block around each paragraph is no container
        if (
            not children
            or sums[children[0]].count < min(2, sums[here].count)
            or not _is_main(sums[children[0]], [sums[child] for child in children[1:]], sums[here])
        ):
            return here
        here = children[0]


def _is_paragraph(element: html.HtmlElement, sums: Mapping[html.HtmlElement, "_Sum"]) -> bool:
    return element.tag in _PARAGRAPHS and not any(inner in sums for inner in element)


def _is_main(child: "_Sum", siblings: Sequence["_Sum"], parent: "_Sum") -> bool:
    """Return whether the article is in one child: nearly all, or most next to what is full of links."""
    if child.prose >= _HOLDS * parent.prose:
        return True
    aside = [sibling for sibling in siblings if sibling.prose]
    linked, length = sum(sibling.linked for sibling in aside), sum(sibling.length for sibling in aside)
    return child.prose >= _HOLDS_MOST * parent.prose and linked > _SIDE_LINKS * length


@dataclass(slots=True)
class _Sum:
    """What stands in an element: characters of prose, of links, of all, and the lines of prose."""

    prose: int = 0
    linked: int = 0
    length: int = 0
    count: int = 0

    def add(self, prose: int, linked: int, length: int, count: int) -> None:
        self.prose += prose
        self.linked += linked
        self.length += length
        self.count += count


def _sums(
    lines: Sequence[ElementLine], root: html.HtmlElement, weigh: Callable[[ElementLine], int]
) -> dict[html.HtmlElement, _Sum]:
    sums: dict[html.HtmlElement, _Sum] = defaultdict(_Sum)
    for line in lines:
        prose = weigh(line)
        sums[line.element].add(prose, line.linked, len(line.text), prose > 0)
    # children come after their parent in the document, so backwards every sum is complete when it is passed on
    for element in reversed(list(root.iter("*"))):
        if element in sums and element is not root:
            inner = sums[element]
            sums[element.getparent()].add(inner.prose, inner.linked, inner.length, inner.count)
    return dict(sums)


def captions_of(lines: Sequence[ElementLine]) -> tuple[str, ...]:
    """Return the lines that stand in captions of pictures, none where these hold most of the page's prose."""
    captions = [line for line in lines if any(place.tag == "figcaption" for place in _path(line.element))]
    held = sum(map(weight, captions))
    return tuple(line.text for line in captions) if 2 * held < sum(map(weight, lines)) else ()


def is_list(line: ElementLine) -> bool:
    """Distinguish an entry of a list of links from a sentence that holds one."""
    if line.linked > 0.9 * len(line.text):
        return True
    is_most = line.linked > 0.6 * len(line.text) and not _END.search(line.text)
    return is_most and not is_credit(line)


def is_byline(line: ElementLine) -> bool:
    """Recognise a name that is a link, in a block that is named as a byline."""
    if len(line.text) > _BYLINE:
        return False
    names = " ".join(filter(None, (line.element.get("class"), line.element.get("id"))))
    return line.element.tag == "address" or _BYLINES.search(names) is not None or bool(_BY_LINK(line.element))


_NAMED_IN = ("class", "id", "role", "itemprop", "data-testid", "data-qa", "data-component")
_CAMEL = re.compile(r"(?<=[a-z\d])(?=[A-Z])|[_:.]")
# What stands behind a word for comments in the name of a block that holds them.
_PARTS = (
    r"s|lists?|area|box(?:es)?|wrap\w*|section|container|con|threads?|blocks?|module|panel|form|app|zone|board|tree|holder|region"
    r"|layer|root|feed|stream|widget|group|outer|inner|embed|new|hot|all|system|plugin|i?frame"
)
_SYSTEMS = (
    r"disqus\w*|dsq|livefyre|gitalk|gitment|valine|waline|twikoo|artalk|utterances|giscus|hypercomments|cackle|spot-?im\w*|openweb|viafoura"
    r"|coral-(?:talk|thread)|cusdis|isso-thread|remark42|commento|graphcomment|intense-?debate|changyan|sohucs|ds-thread|duoshuo|uyan\w*"
    r"|u-cbox\w*|(?:fb|facebook)-comments?|vuukle|insticator|hyvor"
)
_SEVERAL = (
    r"comments|kommentare|(?:leser|nutzer)kommentare?|commentaires|comentarios|comentários|commenti|reacties|kommentarer|komentarze|komentare"
    r"|komentari|yorumlar|kommentarii|kommenty|otzyvy|leserbriefe|reactions|responses|replies|respond"
)
_ONE = (
    r"comment|cmnt|cmts?|pinglun|gentie|gendie|liuyan|huifu|kommentar|kommentariy?|commentaire|comentario|comentário|commento|reactie|komentarz"
    r"|yorum|reply|response|reaction|review|discussion|discuss|feedback|guestbook|message-?board|conversation|talk-?back|댓글|评论|コメント"
)
# Names of nothing but readers' comments, and those that the text of an opinion may have as well.
_SURELY = re.compile(
    rf"(?:^|[^a-z])(?:{_SYSTEMS}|{_SEVERAL}|(?:comment|cmts?|pinglun|gentie|liuyan|huifu|kommentar|commentaire|reply)-?(?:{_PARTS}))(?:$|[^a-z])"
)
_PERHAPS = re.compile(rf"(?:^|[^a-z])(?:{_ONE})(?:$|[^a-z])")
# Names that only say whether there are comments or how many, or lead to them.
_FLAG = re.compile(
    r"(?:^|[^a-z])(?:has|no|with|without|open|closed?|enabled?|disabled?|off|on|allow\w*|counts?|num\w*|links?|icons?|btn|buttons?|toggle|entry"
    r"|total|jump|tip|bar|page|main)(?:$|[^a-z])"
)
_PAGE = frozenset({"html", "body", "head", "main", "a", "button"})
_ENTRY_TYPES = ("/comment", "/usercomments")
# An article's own block, whatever it is called.
_ARTICLE = "descendant-or-self::*[self::h1 or contains(concat(' ', @itemprop, ' '), ' articleBody ')]"
# So many blocks of one name are the entries of a thread, so many signs of readers make one.
_ENTRIES, _MARKS = 3, 2
# Next to less prose than this share of a block's own, its name alone proves nothing.
_OUTSIDE = 0.2
# Named blocks that are read for that: each costs its size, and they may stand inside each other.
_BLOCKS = 100
_TITLE_SHORTEST = 6
# A page has no more threads and lists than this.
_SECTIONS = 8
# A heading of other articles is no longer; an entry is a link in this share, its summary has so many paragraphs.
_RELATED_LONGEST, _LINKED, _SUMMARY = 60, 0.6, 2


def drop_others(root: html.HtmlElement) -> list[ElementLine]:
    """Take readers' comments and lists of other articles off a page's tree, and return the lines that are left."""
    lines = lines_of(root)
    named = _named(root, lines)
    for block in named:
        block.drop_tree()
    lines = lines_of(root) if named else lines
    for _ in range(_SECTIONS):
        found = _headed(lines)
        if found is None:
            break
        below = lines[slice(*found)]
        gone = [line for line in below if not _is_sites(line)]
        lines = [*lines[: found[0]], *(line for line in below if _is_sites(line)), *lines[found[1] :]]
        _drop_blocks(gone, lines)
    return lines


def _named(root: html.HtmlElement, lines: Sequence[ElementLine]) -> list[html.HtmlElement]:
    """Find the outermost blocks that are named as comments and hold no article.

    A name of nothing else is believed where prose stands next to it; any name where the block shows readers' entries.
    """
    elements = (element for element in root.iter("*") if element.tag not in _PAGE)
    named = {element: strength for element in elements if (strength := name_strength(element))}
    if not named:
        return []
    inside = {inner for block in named for inner in block.iter("*")}
    outside = sum(weight(line) for line in lines if line.element not in inside and not _is_sites(line))
    alike = Counter(block.get("class") for block in named)
    title = next((even(" ".join(element.text_content().split())) for element in root.iter("title")), "")
    found: dict[html.HtmlElement, None] = {}
    looked = 0
    for block, strength in named.items():
        if any(outer in found for outer in block.iterancestors()):
            continue
        if strength == 1 and alike[block.get("class")] >= _ENTRIES:
            found[block] = None
            continue
        looked += 1
        if looked <= _BLOCKS and _is_readers(lines_of(block), strength, outside, title) and not _holds_headline(block):
            found[block] = None
    return list(found)


def _is_readers(lines: Sequence[ElementLine], strength: int, outside: int, title: str) -> bool:
    """Return whether the lines of a named block are readers'; `outside` counts the prose outside of such blocks.

    A block that prints the page's title is the article. A name of nothing else is believed where there is prose next to
    it, any name where entries of readers show, one at least where the page next to them is longer, several anywhere.
    """
    texts = [even(line.text) for line in lines]
    if any(len(text) >= _TITLE_SHORTEST and title.startswith(text) for text in texts):
        return False
    marks = sum(map(is_entry, texts)) + any(heading_strength(text) == 2 for text in texts[:_MARKS])
    own = sum(map(weight, lines))
    return (strength == 2 and outside >= max(1, _OUTSIDE * own)) or marks >= _MARKS or (marks > 0 and outside >= own)


def name_strength(element: html.HtmlElement) -> int:
    """Say how surely a block's names are those of readers' comments: 2 surely, 1 perhaps, 0 not."""
    tag = str(element.tag).lower()
    if not element.attrib and "-" not in tag and ":" not in tag:
        return 0  # most elements of a long page
    if (
        str(element.get("itemtype", "")).lower().endswith(_ENTRY_TYPES)
        or heading_strength(even(element.get("aria-label", ""))) == 2
    ):
        return 2
    names = [name for key in _NAMED_IN for name in (element.get(key) or "").split()]
    names = [_CAMEL.sub("-", name).lower() for name in (*names, tag if "-" in tag or ":" in tag else "")]
    return max(
        (2 if _SURELY.search(name) else 1 if _PERHAPS.search(name) else 0 for name in names if not _FLAG.search(name)),
        default=0,
    )


def _holds_headline(block: html.HtmlElement) -> bool:
    marked = ((element.tag, " ".join(element.text_content().split())) for element in block.xpath(_ARTICLE))
    return any(tag != "h1" or not heading_strength(even(text)) for tag, text in marked)


def _is_sites(line: ElementLine) -> bool:
    written = even(line.text)
    return signs.COPYRIGHT.search(written) is not None or signs.NOTICE.match(written) is not None


def _headed(lines: Sequence[ElementLine]) -> tuple[int, int] | None:
    """Find what stands below a heading: the rest of the largest block that begins with it, else what follows there."""
    texts, prose = [even(line.text) for line in lines], [weight(line) for line in lines]
    readers = headings(texts)
    related = [i for i, text in enumerate(texts) if len(text) <= _RELATED_LONGEST and signs.RELATED.fullmatch(text)]
    for i in sorted({*readers, *related[:_SECTIONS]}):
        listed = False
        for end, before in _extents(lines, prose, i):
            if i in related and not listed and _is_list_of_others(lines[i + 1 : end], prose[i + 1 : end]):
                return i, end
            # a block that holds its own links heads nothing outside of it: the rest is the article
            listed = listed or any(map(_is_link, lines[i + 1 : end]))
            last = thread_end(texts, prose, i, end)
            if i in readers and is_thread(texts[i:last], prose[i:last], before + sum(prose[last:end])):
                return i, last
    return None


def _extents(lines: Sequence[ElementLine], prose: Sequence[int], heading: int) -> Iterator[tuple[int, int]]:
    """Give where what a heading heads may end, each with the prose that makes up the rest of the page or stands above.

    First the largest block that begins with the heading, where it holds no article; then the block around that.
    """
    above = set(_path(lines[heading - 1].element)) if heading else set()
    own = [element for element in _path(lines[heading].element) if element not in above]
    around = own[-1].getparent() if own else lines[heading].element
    if own and sum(prose) and not _holds_headline(own[-1]):
        yield _end(lines, heading, own[-1]), sum(prose)
    if around is not None:
        yield _end(lines, heading, around), sum(prose[:heading])


def _end(lines: Sequence[ElementLine], start: int, block: html.HtmlElement) -> int:
    inside = set(block.iter("*"))
    return next((i for i in range(start, len(lines)) if lines[i].element not in inside), len(lines))


def _is_list_of_others(lines: Sequence[ElementLine], prose: Sequence[int]) -> bool:
    """Recognise a list of other articles: each has a link as its headline, and a summary of two paragraphs at most."""
    links = [i for i, line in enumerate(lines) if _is_link(line)]
    edges = [-1, *links, len(lines)]
    runs = [sum(map(bool, prose[a + 1 : b])) for a, b in pairwise(edges)]
    return len(links) > 1 and any(prose) and not runs[0] and max(runs) <= _SUMMARY


def _is_link(line: ElementLine) -> bool:
    return line.linked > _LINKED * len(line.text)


def _path(element: html.HtmlElement) -> list[html.HtmlElement]:
    return [element, *element.iterancestors()]


def _drop_blocks(gone: Sequence[ElementLine], kept: Sequence[ElementLine]) -> None:
    """Take the blocks of lines off the tree, as far as they hold nothing that is kept."""
    needed = {element for line in kept for element in _path(line.element)}
    for line in gone:
        path = [
            element for element in _path(line.element) if element not in needed and element.tag not in ("html", "body")
        ]
        if path and path[-1].getparent() is not None:
            path[-1].drop_tree()
