"""Which lines of a page are the article: where prose is densest, with the headline and credits around it."""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lxml import html

from retrieval.clean.credits import read_credits
from retrieval.clean.outlets import bundled_outlets
from retrieval.read.html.elements import ElementLine

_STOP = re.compile("[。！？；，、：!?;,:”」』…]|\\. |\\.$")
_END = re.compile("[。！？!?.…”」』）)]$")
_CREDIT = re.compile(
    "来源|來源|作者|记者|記者|编辑|編輯|责编|責編|校对|校對|审核|審核|通讯员|通訊員|供稿|摄影|攝影|发布|發佈|發布|时间|時間"
    r"|日期|[12]\d{3}[-/.年]\d{1,2}|\b(?:by|source|author|editor|published|updated|posted)\b",
    re.IGNORECASE,
)
# What sites call the blocks around an article, as whole words of a class or an id.
_AROUND = re.compile(
    r"(?:^|[\s_-])(?:comments?|disqus|related\w*|relate|recommend\w*|sidebar|side|share\w*|social|breadcrumbs?|crumbs?"
    r"|pager|pagination|page-?nav|footer|foot|copyright|hot\w*|rank\w*|nav|navbar|navigation|menu|adv?|ads|advert\w*"
    r"|banner|qrcode|toolbar|login|popup|modal|cookie\w*|newsletter|subscribe|most-?read|read-?more|tags?)(?:$|[\s_-])",
    re.IGNORECASE,
)
# What stands above a list of other things.
_NEXT = re.compile(
    "相关|相關|推荐|推薦|热门|熱門|更多|上一篇|下一篇|延伸阅读|延伸閱讀|分享|评论|評論|网友|網友|关键词|關鍵|标签|標籤|関連|おすすめ"
    r"|ランキング|related|most read|more|comments?|share|tags?\b|read next|you may",
    re.IGNORECASE,
)
# What ends a line that announces the lines below it.
_ANNOUNCES = re.compile("[:：]$")
# A paragraph holds all prose of an article of one paragraph; what stands beside it belongs to the article too.
_PARAGRAPHS = frozenset({"p", "li", "h1", "h2", "h3", "h4", "blockquote", "pre"})
_ASIDE = frozenset({"nav", "footer", "aside"})

# A container is entered when it holds this share of the prose around it, or the smaller share when so much of what
# stands beside it are links, as in a column of other stories with a summary each.
_HOLDS, _HOLDS_MOST, _SIDE_LINKS = 0.8, 0.55, 0.2
# When less of the page's prose is left beside blocks named as surroundings, the names are misleading and not followed.
_LEFT = 0.2
# Lines that are looked at above the first and below the last line of prose for headline, date and credits.
_ABOVE, _BELOW = 15, 6
# A date above the headline stands this close to it, and is no longer.
_OVER, _DATELINE = 6, 60
_BYLINE, _BYLINES = 30, re.compile(r"(?:^|[\s_-])(?:author|byline|writer|reporter|source)", re.IGNORECASE)


def weight(line: ElementLine) -> int:
    """Count the characters of a line that are prose: none in a list of links, a menu or a label."""
    free = len(line.text) - line.linked
    if free < 10 or line.linked > 0.3 * len(line.text):
        return 0
    return free if _STOP.search(line.text) or free >= 40 else 0


def find_body(lines: Sequence[ElementLine], title: str | None) -> list[str]:
    """Return the article's lines: headline and credits where they stand beside the body, the body, credits below."""
    around: dict[html.HtmlElement, bool] = {}
    inside = [line for line in lines if not is_around(line.element, around)]
    if sum(map(weight, inside)) < _LEFT * sum(map(weight, lines)):
        inside = list(lines)
    container = _container(inside)
    if container is None:
        return [line.text for line in inside if not _is_list(line)]
    first, last = _extent(inside, container)
    body = [line.text for line in inside[first : last + 1] if not _is_list(line)]
    return [*_above(inside[max(0, first - _ABOVE) : first], title), *body, *_below(inside[last + 1 :])]


def _extent(lines: Sequence[ElementLine], container: html.HtmlElement) -> tuple[int, int]:
    """Return the first and last line of the body: all prose of the container, and its short lines around that.

    In a page without containers the short lines are its menus, but for a list that the last sentence announces.
    """
    held = set(container.iter())
    within = [number for number, line in enumerate(lines) if line.element in held]
    prose = [number for number in within if weight(lines[number])]
    first, last = prose[0], prose[-1]
    if container.tag in {"body", "html"}:
        announced = next(
            (at for at in (last, last + 1) if at <= within[-1] and _ANNOUNCES.search(lines[at].text)), None
        )
        return first, last if announced is None else _until_list(lines, announced, within[-1])
    while first - 1 >= within[0] and not _ends_body(lines[first - 1]):
        first -= 1
    return first, _until_list(lines, last, within[-1])


def _until_list(lines: Sequence[ElementLine], last: int, end: int) -> int:
    while last + 1 <= end and not _ends_body(lines[last + 1]):
        last += 1
    return last


def _ends_body(line: ElementLine) -> bool:
    return _is_list(line) or line.linked > 0.6 * len(line.text) or _NEXT.match(line.text) is not None


def lines_in(lines: Sequence[ElementLine], text: str, title: str | None = None) -> list[str]:
    """Return the lines of a page that stand in `text`, which an extractor made of it; with a `title`, the head, too."""
    wanted = _bare(text)
    inside = [at for at, line in enumerate(lines) if _bare(line.text) in wanted and not _is_list(line)]
    first = next((at for at in inside if weight(lines[at])), 0)
    above = _above(lines[max(0, first - _ABOVE) : first], title) if title else []
    return [*above, *(lines[at].text for at in inside if at >= first or not title)]


def is_sane(lines: Sequence[str]) -> bool:
    """Return whether most of the characters stand in lines that are sentences."""
    total = sum(map(len, lines))
    return total > 0 and sum(len(line) for line in lines if _STOP.search(line)) > 0.6 * total


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
    captions = [
        line for line in lines if any(at.tag == "figcaption" for at in (line.element, *line.element.iterancestors()))
    ]
    held = sum(map(weight, captions))
    return tuple(line.text for line in captions) if 2 * held < sum(map(weight, lines)) else ()


def _is_list(line: ElementLine) -> bool:
    """Tell an entry of a list of links from a sentence that holds one."""
    if line.linked > 0.9 * len(line.text):
        return True
    return line.linked > 0.6 * len(line.text) and not _END.search(line.text) and not _CREDIT.search(line.text)


def _above(lines: Sequence[ElementLine], title: str | None) -> list[str]:
    """Keep what stands from the headline on; without one, the dates and credits right above the body."""
    start = next((at for at in reversed(range(len(lines))) if _is_headline(lines[at], title)), None)
    if start is not None:
        over = [line.text for line in lines[max(0, start - _OVER) : start] if _is_dateline(line)]
        return [*over, *(line.text for line in lines[start:] if _is_byline(line) or not _is_list(line))]
    return [line.text for line in lines[-4:] if _CREDIT.search(line.text) and not _is_list(line)]


def _is_byline(line: ElementLine) -> bool:
    """Tell a name that is a link, in a block that is named as a byline."""
    names = " ".join(filter(None, (line.element.get("class"), line.element.get("id"))))
    return len(line.text) <= _BYLINE and _BYLINES.search(names) is not None


def _is_dateline(line: ElementLine) -> bool:
    """Tell a date or an outlet that a page prints above its headline."""
    return len(line.text) <= _DATELINE and not line.linked and read_credits(line.text, bundled_outlets()) is not None


def _is_headline(line: ElementLine, title: str | None) -> bool:
    if title and _bare(title) == _bare(line.text):
        return True
    return any(place.tag == "h1" for place in (line.element, *line.element.iterancestors()))


def _below(lines: Sequence[ElementLine]) -> list[str]:
    near = lines[:_BELOW]
    return [line.text for line in near if len(line.text) <= 60 and _CREDIT.search(line.text) and not line.linked]


def _bare(text: str) -> str:
    return re.sub(r"\s+", "", text)
