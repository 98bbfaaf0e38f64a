"""Which lines of a page are the article: where prose is densest, with the headline and credits around it."""

import re
from collections import defaultdict
from collections.abc import Sequence

from lxml import html

from retrieval.articles.readers.page_tree import Line

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
_ASIDE = frozenset({"nav", "footer", "aside"})

# A container is entered as long as it holds this share of the prose around it.
_HOLDS = 0.8
# When less of the page's prose is left beside blocks named as surroundings, the names are misleading and not followed.
_LEFT = 0.2
# Lines that are looked at above the first and below the last line of prose for headline, date and credits.
_ABOVE, _BELOW = 15, 6


def weight(line: Line) -> int:
    """Count the characters of a line that are prose: none in a list of links, a menu or a label."""
    free = len(line.text) - line.linked
    if free < 10 or line.linked > 0.3 * len(line.text):
        return 0
    return free if _STOP.search(line.text) or free >= 40 else 0


def find_body(lines: Sequence[Line], title: str | None) -> list[str]:
    """Return the article's lines: headline and credits where they stand beside the body, the body, credits below."""
    inside = [line for line in lines if not _is_around(line.element)]
    if sum(map(weight, inside)) < _LEFT * sum(map(weight, lines)):
        inside = list(lines)
    container = _container(inside)
    if container is None:
        return [line.text for line in inside if not _is_list(line)]
    within = [number for number, line in enumerate(inside) if weight(line) and _is_within(line.element, container)]
    first, last = within[0], within[-1]
    body = [line.text for line in inside[first : last + 1] if not _is_list(line)]
    return [*_above(inside[max(0, first - _ABOVE) : first], title), *body, *_below(inside[last + 1 :])]


def lines_in(lines: Sequence[Line], text: str) -> list[str]:
    """Return the lines of a page that stand in `text`, which an extractor made of it."""
    wanted = _bare(text)
    return [line.text for line in lines if _bare(line.text) in wanted and not _is_list(line)]


def is_sane(lines: Sequence[str]) -> bool:
    """Tell whether most of the characters stand in lines that are sentences."""
    total = sum(map(len, lines))
    return total > 0 and sum(len(line) for line in lines if _STOP.search(line)) > 0.6 * total


def _container(lines: Sequence[Line]) -> html.HtmlElement | None:
    """Descend from the page to the smallest element that still holds most of the prose."""
    weights: dict[html.HtmlElement, int] = defaultdict(int)
    for line in lines:
        heavy = weight(line)
        if heavy:
            weights[line.element] += heavy
            for ancestor in line.element.iterancestors():
                weights[ancestor] += heavy
    if not weights:
        return None
    here = max(weights, key=lambda element: weights[element])
    while here.getparent() is not None and weights[here.getparent()] == weights[here]:
        here = here.getparent()
    while children := [child for child in here if weights.get(child, 0) >= _HOLDS * weights[here]]:
        here = children[0]
    return here


def _is_within(element: html.HtmlElement, container: html.HtmlElement) -> bool:
    return element is container or any(ancestor is container for ancestor in element.iterancestors())


def _is_around(element: html.HtmlElement) -> bool:
    """Tell whether a block stands inside something that sites put around an article."""
    for place in (element, *element.iterancestors()):
        if place.tag in {"body", "html", "article", "main"}:
            return False
        if place.tag in _ASIDE or _AROUND.search(f"{place.get('class', '')} {place.get('id', '')}"):
            return True
    return False


def _is_list(line: Line) -> bool:
    """Tell an entry of a list of links from a sentence that holds one."""
    if line.linked > 0.9 * len(line.text):
        return True
    return line.linked > 0.6 * len(line.text) and not _END.search(line.text) and not _CREDIT.search(line.text)


def _above(lines: Sequence[Line], title: str | None) -> list[str]:
    """Keep what stands from the headline on; without one, the dates and credits right above the body."""
    start = next((at for at in reversed(range(len(lines))) if _is_headline(lines[at], title)), None)
    if start is not None:
        return [line.text for line in lines[start:] if not _is_list(line)]
    return [line.text for line in lines[-4:] if _CREDIT.search(line.text) and not _is_list(line)]


def _is_headline(line: Line, title: str | None) -> bool:
    if title and _bare(title) == _bare(line.text):
        return True
    return any(place.tag == "h1" for place in (line.element, *line.element.iterancestors()))


def _below(lines: Sequence[Line]) -> list[str]:
    near = lines[:_BELOW]
    return [line.text for line in near if len(line.text) <= 60 and _CREDIT.search(line.text) and not line.linked]


def _bare(text: str) -> str:
    return re.sub(r"\s+", "", text)
