"""Take off a page what is of others: readers' comments, and lists of other articles with their summaries.

Comments are known by what sites and comment systems call their blocks, and by headings above entries.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise

from lxml import html

from retrieval.clean.body import kinds as signs
from retrieval.clean.body.comments import heading_strength, headings, is_entry, is_thread, thread_end
from retrieval.read.html.elements import ElementLine, lines_of
from retrieval.read.html.regions import weight
from retrieval.text.folding import even

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
# Beside less prose than this share of a block's own, its name alone proves nothing.
_BESIDE = 0.2
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

    A name of nothing else is believed where prose stands beside it; any name where the block shows readers' entries.
    """
    elements = (element for element in root.iter("*") if element.tag not in _PAGE)
    named = {element: strength for element in elements if (strength := name_strength(element))}
    if not named:
        return []
    inside = {inner for block in named for inner in block.iter("*")}
    beside = sum(weight(line) for line in lines if line.element not in inside and not _is_sites(line))
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
        if looked <= _BLOCKS and _is_readers(lines_of(block), strength, beside, title) and not _holds_headline(block):
            found[block] = None
    return list(found)


def _is_readers(lines: Sequence[ElementLine], strength: int, beside: int, title: str) -> bool:
    """Return whether the lines of a named block are readers'; `beside` counts the prose outside of such blocks.

    A block that prints the page's title is the article. A name of nothing else is believed where there is prose beside
    it, any name where entries of readers show, one at least where the page beside them is longer, several anywhere.
    """
    texts = [even(line.text) for line in lines]
    if any(len(text) >= _TITLE_SHORTEST and title.startswith(text) for text in texts):
        return False
    marks = sum(map(is_entry, texts)) + any(heading_strength(text) == 2 for text in texts[:_MARKS])
    own = sum(map(weight, lines))
    return (strength == 2 and beside >= max(1, _BESIDE * own)) or marks >= _MARKS or (marks > 0 and beside >= own)


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
        for end, before in _extents(lines, prose, i):
            if i in related and _is_list(lines[i + 1 : end], prose[i + 1 : end]):
                return i, end
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


def _is_list(lines: Sequence[ElementLine], prose: Sequence[int]) -> bool:
    """Tell a list of other articles: each has a link as its headline, and a summary of a paragraph or two at most."""
    links = [i for i, line in enumerate(lines) if line.linked > _LINKED * len(line.text)]
    edges = [-1, *links, len(lines)]
    runs = [sum(map(bool, prose[a + 1 : b])) for a, b in pairwise(edges)]
    return len(links) > 1 and any(prose) and not runs[0] and max(runs) <= _SUMMARY


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
