"""What stands above a passage: what is similar to a text, or why there is no answer."""

from collections.abc import Sequence

from bot.telegram.citations import MOST_LISTED, citation
from bot.telegram.markup import Run, italic, plain
from bot.telegram.texts import Wording
from retrieval import Hit, Refusal, RefusalKind

_MOST_SIMILAR = 8


def similar(hits: Sequence[Hit], words: Wording) -> list[Run]:
    """List articles that are similar to a text. Whether they report the same is not known, and not said."""
    lines = [run for hit in hits[:_MOST_SIMILAR] for run in (plain("\n• "), *citation(hit.article, words, MOST_LISTED))]
    return [italic(words.similar), *lines, plain("\n\n")]


def refused(refusal: Refusal, hits: Sequence[Hit], words: Wording, *, forwarded: bool) -> list[Run]:
    """Say why there is no answer, what the archive covers, and what comes nearest."""
    if refusal.kind is RefusalKind.SMALL_TALK:
        return [italic(words.no_question)]
    if refusal.kind is RefusalKind.FILTERED:
        said = words.nothing
    else:
        said = words.nothing_similar if forwarded else words.not_said
    said += "\n" + _covers(refusal, words)
    if hits:
        return [italic(said + "\n" + words.comes_nearest), plain("\n\n")]
    outside = refusal.nearest and [italic("\n" + words.outside), plain("\n"), *citation(refusal.nearest, words)]
    return [italic(said), *(outside or [])]


def _covers(refusal: Refusal, words: Wording) -> str:
    """Say what the archive holds."""
    if refusal.first and refusal.last:
        return words.holds_dated.format(count=f"{refusal.articles:,}", first=refusal.first[:10], last=refusal.last[:10])
    return words.holds.format(count=f"{refusal.articles:,}")
