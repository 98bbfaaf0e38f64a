"""How an article is named: 「title」 source · date."""

from bot.telegram import markup
from bot.telegram.markup import Run, link, plain
from bot.telegram.texts import Wording
from retrieval import Article

_MOST_TITLE = 150  # units; scraped titles are sometimes whole pages
MOST_LISTED = 60
"""Units of a name in lists: all that is listed leaves room for a passage."""


def citation(article: Article, words: Wording, most: int = _MOST_TITLE) -> list[Run]:
    """Name an article: 「title」 source · date, linked to where it was published; `most` units for each part."""
    published = day_and_minute(article.published) if article.published else words.undated
    parts = [short(part, most) for part in (article.source, published, article.author) if part]
    if not article.title:
        return [link(" · ".join(parts), article.url)]
    return [link(f"「{short(article.title, most)}」", article.url), plain(" " + " · ".join(parts))]


def day_and_minute(published: str) -> str:
    """Show an ISO date as people write it: seconds and the offset of the outlet's own clock say nothing to them."""
    return published[:16].replace("T", " ")


def short(text: str, most: int = _MOST_TITLE) -> str:
    """Write a text on one line of at most `most` units."""
    line = " ".join(markup.sendable(text).split())
    if markup.units(line) <= most:
        return line
    while markup.units(line) > most - 1:
        line = line[: len(line) - max(1, (markup.units(line) - most) // 2)]
    return line + "…"
