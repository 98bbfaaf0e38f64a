"""Lists of articles and of outlets → the HTML of Telegram messages."""

from collections.abc import Sequence

from bot.telegram import markup
from bot.telegram.citations import MOST_LISTED, citation, short
from bot.telegram.markup import Run, bold, italic, plain
from bot.telegram.rendering import Told, taken
from bot.telegram.scope import Scope
from bot.telegram.texts import Wording
from retrieval import Hit, Source

_MOST_SOURCES = 100


def latest(hits: Sequence[Hit | None], scope: Scope, words: Wording) -> str:
    """List the newest articles by their numbers; one that is gone or has changed is left out."""
    lines: list[Run] = [bold(words.latest_heading)] if any(hits) else [italic(words.nothing)]
    for number, hit in enumerate(hits, 1):
        if hit:
            lines += [plain(f"\n{number}. "), *citation(hit.article, words, MOST_LISTED)]
            if not hit.article.title:
                lines.append(plain(" " + short(hit.text, MOST_LISTED)))
    return markup.html([*lines, *taken(Told(scope=scope), words)])


def sources(found: Sequence[Source], words: Wording) -> list[str]:
    """List the outlets in as many messages as they need, the largest first."""
    shown = found[:_MOST_SOURCES]
    lines: list[Run] = [bold(words.sources_heading)]
    for source in shown:
        years = " – ".join(dict.fromkeys(day[:7] for day in (source.first, source.last) if day)) or words.undated
        lines.append(plain(f"\n{short(source.name or words.unnamed)} · {source.articles:,} · {years}"))
    if len(found) > len(shown):
        lines.append(plain("\n" + words.sources_more.format(count=len(found) - len(shown))))
    return [markup.html(message) for message in markup.split(lines)]
