"""What one message shows of an answer, of a list or of an article, and the buttons below it."""

from collections.abc import Sequence
from dataclasses import dataclass

from telegram import InlineKeyboardMarkup

from bot.telegram import keyboards, listings, rendering
from bot.telegram.rendering import Manner, Told
from bot.telegram.state import Kept, Kind
from retrieval import Article, Hit


@dataclass(frozen=True, slots=True)
class Page:
    """One message's worth of what is kept under `key`."""

    text: str
    keyboard: InlineKeyboardMarkup | None
    key: str


def show(kept: Kept, hits: Sequence[Hit | None], at: int, manner: Manner) -> Page:
    """Show hit `at` of an answer; `hits` has None where an article is gone or has changed."""
    if kept.kind is Kind.LIST:
        return Page(listings.latest(hits, kept.given, manner.wording), keyboards.listed(kept.key, hits), kept.key)
    hit = hits[at] if at < len(hits) else None
    if kept.kind is Kind.ARTICLE and hit:
        return show_article(kept, hit, at, manner)
    there = [each for each in hits if each]
    told = Told(kept.refusal, kept.given, kept.understood, kept.age, kept.forwarded)
    text = rendering.answer(there, there.index(hit) if hit else 0, manner, told)
    return Page(text, keyboards.answer(kept, at, hit, manner.wording), kept.key)


def show_article(kept: Kept, hit: Hit, at: int, manner: Manner, number: int | None = None) -> Page:
    """Show a page of the article of hit `at`: page `number`, or the one where the passage stands."""
    pages, here = rendering.article_pages(hit.article, hit.span[0] + hit.highlight[0], manner)
    number = here if number is None else min(number, len(pages) - 1)
    text = rendering.article_page(hit.article, pages, number, manner)
    leads_back = kept.kind is not Kind.ARTICLE
    buttons = keyboards.article(kept.key, at, number, len(pages), manner.wording, leads_back=leads_back)
    return Page(text, buttons, kept.key)


def listed(articles: Sequence[Article], at: int = 0) -> tuple[Hit, ...]:
    """Return articles as hits, whole, with the place `at` (characters) to open them at."""
    return tuple(
        Hit(rank, 0.0, each.text, (at, at), (0, len(each.text)), each) for rank, each in enumerate(articles, 1)
    )
