"""The reading room: the archive's answers and articles as pages, as an API, and as tools for other programs.

Here: the addresses of articles, by id, and of passages in them, by the words that they begin and end with.
"""

from functools import cache
from urllib.parse import quote, urlencode

from bot.settings import read_web_settings
from retrieval import Article, Hit

Span = tuple[int, int]
"""Characters [from, to) of an article's text."""

_QUOTED = 24
"""Characters of a passage's beginning and end that a link holds: a sentence of them seldom stands twice in an article,
and in Chinese, nine characters each when escaped, a link of twice that many can still be pasted anywhere."""
_MOST_PLACES = 1_000
_MOST_GROWN = 2_000  # characters that may have come into a passage since it was linked


def article_path(article_id: str, text: str = "", span: Span | None = None) -> str:
    """Return the path of an article's page, at the passage that `text` is and that stands at `span` of the article."""
    # an id that browsers or proxies would take for a path to elsewhere stands in the query
    is_plain = not {"", ".", ".."} & set(article_id.split("/")) and "\\" not in article_id
    path, query = (f"/a/{quote(article_id)}", {}) if is_plain else ("/a", {"id": article_id})
    if span:
        query |= {"at": f"{span[0]}-{span[1]}", "from": text[:_QUOTED], "to": text[-_QUOTED:]}
    return path + ("?" + urlencode(query, quote_via=quote) if query else "") + ("#span" if span else "")


def page_of(article: Article, hit: Hit | None = None) -> str | None:
    """Return the address of an article's page in the reading room at `CHUCHU_WEB_URL`, at the passage of a hit."""
    if not (base := _base()):
        return None
    is_own = hit is not None and hit.article.id == article.id
    return base + (article_path(article.id, hit.text, hit.span) if hit and is_own else article_path(article.id))


@cache
def _base() -> str | None:
    return read_web_settings().url


def find_again(text: str, span: Span, first: str, last: str) -> Span | None:
    """Return where a passage stands now that stood at `span`, began with `first` and ended with `last`.

    Of several places the nearest counts; a passage of which only one end is left is as long as it was. None if there
    is neither.
    """
    start, stop = max(0, span[0]), max(span)
    length = stop - start
    if text.startswith(first, start) and text.endswith(last, start, stop) and stop <= len(text):
        return (start, stop) if start < stop else None
    begins = _places(text, first, start)
    ends = [place + len(last) for place in _places(text, last, stop - len(last))]
    whole = [(begin, begin + length) for begin in begins if text.endswith(last, begin, begin + length)]
    for begin in begins:
        end = text.find(last, begin + len(first), begin + length + _MOST_GROWN) if last else -1
        whole += [(begin, end + len(last))] if end >= 0 else []
    half = [(begin, begin + length) for begin in begins[:1]] + [(end - length, end) for end in ends[:1]]
    found = next(iter(whole or half), None)
    return (max(0, found[0]), min(len(text), found[1])) if found and length else None


def _places(text: str, words: str, near: int) -> list[int]:
    """Return where words stand in a text, the place nearest to `near` first."""
    places, at = list[int](), text.find(words) if words else -1
    while at >= 0 and len(places) < _MOST_PLACES:
        places.append(at)
        at = text.find(words, at + 1)
    return sorted(places, key=lambda place: (abs(place - near), place))
