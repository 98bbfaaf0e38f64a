"""Which lines of a page may be its article's by the elements they stand in; what they say is for the body finder."""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lxml import html

from retrieval.clean.body.kinds import is_prose
from retrieval.clean.credits import read_credits
from retrieval.clean.outlets import bundled_outlets
from retrieval.read.html.elements import ElementLine

_END = re.compile("[。！？!?.…”」』）)]$")
# What sites call the blocks around an article, as whole words of a class or an id.
_AROUND = re.compile(
    r"(?:^|[\s_-])(?:comments?|disqus|related\w*|relate|recommend\w*|sidebar|side|share\w*|social|breadcrumbs?|crumbs?"
    r"|pager|pagination|page-?nav|footer|foot|copyright|hot\w*|rank\w*|nav|navbar|navigation|menu|adv?|ads|advert\w*"
    r"|banner|qrcode|toolbar|login|popup|modal|cookie\w*|newsletter|subscribe|most-?read|read-?more|tags?)(?:$|[\s_-])",
    re.IGNORECASE,
)
# A paragraph holds all prose of an article of one paragraph; what stands beside it belongs to the article too.
_PARAGRAPHS = frozenset({"p", "li", "h1", "h2", "h3", "h4", "blockquote", "pre"})
_ASIDE = frozenset({"nav", "footer", "aside"})
# A container is entered when it holds this share of the prose around it, or the smaller share when so much of what
# stands beside it are links, as in a column of other stories with a summary each.
_HOLDS, _HOLDS_MOST, _SIDE_LINKS = 0.8, 0.55, 0.2
# When less of the page's prose is left beside blocks named as surroundings, the names are misleading and not followed.
_LEFT = 0.2
# Lines that are looked at above and below the container for headline, date and credits.
_ABOVE, _BELOW = 15, 6
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
    container = _container(inside)
    held = () if container is None else frozenset(container.iter())
    return _with_near(inside, [at for at, line in enumerate(inside) if line.element in held] or range(len(inside)))


def extracted_lines(lines: Sequence[ElementLine], text: str) -> list[str]:
    """Return the lines of a page that stand in `text`, which an extractor made of it, and those near them.

    Empty where most of their characters are in no sentences.
    """
    wanted = _bare(text)
    inside = [at for at, line in enumerate(lines) if _bare(line.text) in wanted and not _is_list(line)]
    said = sum(len(lines[at].text) for at in inside if is_prose(lines[at].text))
    if said <= 0.6 * sum(len(lines[at].text) for at in inside):
        return []
    first = next((at for at in inside if weight(lines[at])), 0)
    return _with_near(lines, [at for at in inside if at >= first])


def _with_near(lines: Sequence[ElementLine], body: Sequence[int]) -> list[str]:
    """Return the texts of some lines and of what may be headline, date and credits beside them; of no list of links."""
    if not body:
        return []
    above, below = lines[max(0, body[0] - _ABOVE) : body[0]], lines[body[-1] + 1 :][:_BELOW]
    near = [*_head(above), *(lines[at] for at in body), *(line for line in below if not is_prose(line.text))]
    return [line.text for line in near if _is_byline(line) or not _is_list(line)]


def _head(lines: Sequence[ElementLine]) -> list[ElementLine]:
    """Leave out the sentences above a headline, or all of them where none is marked: they are another column's."""
    marked = [at for at, line in enumerate(lines) if any(place.tag == "h1" for place in _places(line))]
    return [line for at, line in enumerate(lines) if (marked and at > marked[-1]) or not is_prose(line.text)]


def _container(lines: Sequence[ElementLine]) -> html.HtmlElement | None:
    """Descend from the page to the smallest element that still holds the prose."""
    root = lines[0].element.getroottree().getroot() if lines else None
    sums = _sums(lines, root) if root is not None else {}
    if root is None or not sums[root].prose:
        return None
    here = root
    while True:
        blocks = (child for child in here if child in sums and not _is_paragraph(child, sums))
        children = sorted(blocks, key=lambda child: -sums[child].prose)
        if not children or not _is_main(sums[children[0]], [sums[child] for child in children[1:]], sums[here]):
            return here
        here = children[0]


def _is_paragraph(element: html.HtmlElement, sums: Mapping[html.HtmlElement, "_Sum"]) -> bool:
    return element.tag in _PARAGRAPHS and not any(inner in sums for inner in element)


def _is_main(child: "_Sum", siblings: Sequence["_Sum"], parent: "_Sum") -> bool:
    """Return whether the article is in one child: nearly all, or most beside what is full of links."""
    if child.prose >= _HOLDS * parent.prose:
        return True
    aside = [sibling for sibling in siblings if sibling.prose]
    linked, length = sum(sibling.linked for sibling in aside), sum(sibling.length for sibling in aside)
    return child.prose >= _HOLDS_MOST * parent.prose and linked > _SIDE_LINKS * length


@dataclass(slots=True)
class _Sum:
    """What stands in an element: characters of prose, of links, of all."""

    prose: int = 0
    linked: int = 0
    length: int = 0

    def add(self, prose: int, linked: int, length: int) -> None:
        self.prose += prose
        self.linked += linked
        self.length += length


def _sums(lines: Sequence[ElementLine], root: html.HtmlElement) -> dict[html.HtmlElement, _Sum]:
    sums: dict[html.HtmlElement, _Sum] = defaultdict(_Sum)
    for line in lines:
        sums[line.element].add(weight(line), line.linked, len(line.text))
    # children come after their parent in the document, so backwards every sum is complete when it is passed on
    for element in reversed(list(root.iter("*"))):
        if element in sums and element is not root:
            inner = sums[element]
            sums[element.getparent()].add(inner.prose, inner.linked, inner.length)
    return dict(sums)


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


def captions_of(lines: Sequence[ElementLine]) -> tuple[str, ...]:
    """Return the lines that stand in captions of pictures, none where these hold most of the page's prose."""
    captions = [line for line in lines if any(place.tag == "figcaption" for place in _places(line))]
    held = sum(map(weight, captions))
    return tuple(line.text for line in captions) if 2 * held < sum(map(weight, lines)) else ()


def _places(line: ElementLine) -> list[html.HtmlElement]:
    return [line.element, *line.element.iterancestors()]


def _is_list(line: ElementLine) -> bool:
    """Tell an entry of a list of links from a sentence that holds one."""
    if line.linked > 0.9 * len(line.text):
        return True
    is_most = line.linked > 0.6 * len(line.text) and not _END.search(line.text)
    return is_most and read_credits(line.text, bundled_outlets()) is None


def _is_byline(line: ElementLine) -> bool:
    """Tell a name that is a link, in a block that is named as a byline."""
    names = " ".join(filter(None, (line.element.get("class"), line.element.get("id"))))
    return len(line.text) <= _BYLINE and _BYLINES.search(names) is not None


def _bare(text: str) -> str:
    return re.sub(r"\s+", "", text)
