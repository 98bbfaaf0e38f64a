"""Answers, articles and lists → the HTML of Telegram messages."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache, partial
from itertools import pairwise
from typing import Any

from bot.live_archive import AS_OF, ChatScope
from bot.telegram import messages
from bot.telegram.hearing import CheckedClaim, ClaimVerdict
from bot.telegram.messages import MOST_TITLE, Run, bold, first_within, last_within, link, plain, short, within
from bot.telegram.state import Script
from bot.web import page_of
from bot.words import (
    InterfaceLanguage,
    Wording,
    age_line,
    compared_line,
    dated,
    differing_line,
    parts_line,
    refusal_lines,
    widened_line,
)
from retrieval import THRESHOLD, Age, Answer, Article, Hit, PartAnswer, Refusal, RefusalKind, Source, Timeline

_MOST_LISTED = 60  # units of a name in lists: all that is listed leaves room for a passage
_MOST_ALSO = 4
_MOST_SIMILAR = 5
_MOST_SHORT = 100  # units: three lines of a phone; the passage below has all of it
_MOST_SHARED = 700
_MOST_NEWS, _MOST_LIT = 8, 120
_MOST_PARTS = 5
_ALL_WORDS, _SOME_WORDS = 0.19, 0.045  # of 0.25 that all words weigh: eight tenths of them, and a quarter
_SURE = 0.8
_PAGE = 3000  # units of an article on one page, which leaves room for any citation
SCRIPT_NAMES = {Script.SIMPLIFIED: "简体", Script.TRADITIONAL: "繁體", Script.ORIGINAL: ""}
_OPENCC = {Script.SIMPLIFIED: "t2s", Script.TRADITIONAL: "s2t"}


@dataclass(frozen=True, slots=True)
class Display:
    """How a person is spoken to: in which words, passages in which script, and whether they may remove articles."""

    wording: Wording
    script: Script = Script.ORIGINAL
    can_remove: bool = False


@dataclass(frozen=True, slots=True)
class AnswerNotes:
    """What an answer says besides its passages: why it is none, how the question was understood, how old it is.

    `claim` is what was found of a text of which it was asked who reported it; `asked` is a question to be shown above
    its answer, where people do not see it otherwise; `lead` is what the answer to several things asked begins with.
    """

    refusal: Refusal | None = None
    scope: ChatScope = field(default_factory=ChatScope)
    understood: str | None = None
    age: Age | None = None
    claim: CheckedClaim | None = None
    asked: str | None = None
    lead: Sequence[Run] = ()


# answers


def answer(hits: Sequence[Hit], at: int, display: Display, notes: AnswerNotes) -> str:
    """Show the hit at position `at`: verdict, what answers in one line, its citation, and the passage to unfold."""
    words = display.wording
    head = [bold(short(notes.asked) + "\n")] if notes.asked else []
    head += [*notes.lead, *_verdict(hits, words, notes)]
    if not hits:
        return messages.html([*head, *_understanding(notes, words)])
    hit = hits[at]
    if _short_answer(hit, display.script, _MOST_LIT) not in notes.lead:  # there it answers one of several things asked
        head += [_short_answer(hit, display.script), plain("\n")]
    head += citation(hit.article, words, hit=hit)
    foot = [*_provenance(hit, display), *_age(hit, notes.age, words), *_understanding(notes, words)]
    room = messages.LIMIT - messages.length(head) - messages.length(foot)
    quoted = passage(hit, display.script, room - 1)
    return messages.html([*head, *[plain("\n")] * bool(quoted), *quoted, *foot])


def passage(hit: Hit, script: Script, room: int) -> list[Run]:
    """Quote a passage with its highlight bold, cut around that part where `room` (units) is too small for all."""
    start, stop = hit.highlight
    before, lit, after = (convert(part, script) for part in (hit.text[:start], hit.text[start:stop], hit.text[stop:]))
    if not (before + after).strip() and messages.units(messages.sendable(lit.strip())) <= _MOST_SHORT:
        return []  # the short answer is all of it
    tail = lit[len(lit.rstrip()) :]
    marked = _marked(hit, lit.rstrip(), script) if messages.units(lit.rstrip()) <= room - 4 else None
    lit = first_within(lit.rstrip(), room - 4)
    left = room - 4 - messages.units(lit)
    behind = first_within(tail + after, max(left // 2, left - messages.units(before)))
    ahead = last_within(before, left - messages.units(behind))
    return within("blockquote expandable", [plain(ahead), *(marked or [bold(lit)]), plain(behind.rstrip())])


def _marked(hit: Hit, lit: str, script: Script) -> list[Run] | None:
    """Underline the words that answer in the highlight; None where they do not stand in it."""
    begin, end = hit.answer or (0, 0)
    if not hit.highlight[0] <= begin < end <= hit.highlight[1]:
        return None
    ahead, answer = convert(hit.text[hit.highlight[0] : begin], script), convert(hit.text[begin:end], script)
    if lit[len(ahead) : len(ahead) + len(answer)] != answer:
        return None
    behind = lit[len(ahead) + len(answer) :]
    return [bold(lit[: len(ahead)]), Run(answer, ("b", "u")), bold(behind)]


def _short_answer(hit: Hit, script: Script, most: int = _MOST_SHORT) -> Run:
    """Say what answers in one line: the words that do, or the sentence that has them."""
    return bold(short(convert(hit.answer_text or hit.text[slice(*hit.highlight)], script), most))


def answer_lead(found: Answer, taken: str, display: Display) -> list[Run]:
    """Say what was taken from the question before and which limits were taken off, then what comes of its parts."""
    words = display.wording
    language = InterfaceLanguage(words.tag.lower())
    lines = [words.taken.format(words=short(taken, _MOST_LISTED))] if taken else []
    lines += [short(widened_line(found.widened, language))] if found.widened else []
    outcome = [bold(short(compared_line(found.outcome, language)) + "\n")] if found.outcome else []
    in_part = parts_line(found.parts, words)
    outcome += [plain(in_part + "\n")] if in_part else []
    return [*(plain(line + "\n") for line in lines), *outcome, *_parts_lead(found.parts, display)]


def _parts_lead(parts: Sequence[PartAnswer], display: Display) -> list[Run]:
    """Answer each thing asked in a line, with its citation, in the order asked."""
    words, lines = display.wording, list[Run]()
    for number, part in enumerate(parts[:_MOST_PARTS], 1):
        lines.append(plain(f"{number}. {short(part.name, _MOST_LISTED)}: "))
        if part.answered and part.hits:
            hit = part.hits[0]
            said = _short_answer(hit, display.script, _MOST_LIT)
            lines += [said, plain(" "), *citation(hit.article, words, _MOST_LISTED, hit)]
        else:
            lines.append(plain(words.not_said))
        lines.append(plain("\n"))
    return [*lines, plain("\n")] if lines else []


def _verdict(hits: Sequence[Hit], words: Wording, notes: AnswerNotes) -> list[Run]:
    """Say why there is no answer, or what was found of a claim: only what stands in an article is called reported."""
    if notes.claim and not (notes.refusal and not hits):
        return _claimed(hits, words, notes, notes.claim)
    if notes.refusal:
        return _refused(notes.refusal, hits, words)
    return [] if hits else [plain(words.changed)]


def _claimed(hits: Sequence[Hit], words: Wording, notes: AnswerNotes, claim: CheckedClaim) -> list[Run]:
    if claim.verdict is ClaimVerdict.REPORTED:
        outlets = ", ".join(short(outlet or words.unnamed, _MOST_LISTED) for outlet in claim.outlets[:_MOST_SIMILAR])
        head = [bold(words.reported.format(count=len(claim.outlets), outlets=outlets))]
    elif claim.verdict is ClaimVerdict.DIFFERS or not notes.refusal:
        head = [bold(words.not_as_claimed)]
        head += [plain(words.differs.format(what=" / ".join(short(each) for each in claim.differs)))] * bool(
            claim.differs
        )
    else:
        head = [bold(words.nothing_similar)]
    articles = list({hit.article.id: hit.article for hit in hits}.values())
    articles = [each for each in articles if not claim.articles or each.id in claim.articles][:_MOST_SIMILAR]
    if not articles:
        return [*head, plain("\n")]
    if claim.verdict is ClaimVerdict.NOT_FOUND and notes.refusal:
        return [*head, plain(f"\n{words.comes_nearest}\n\n")]  # others than the nearest have even less to do with it
    is_reported = claim.verdict is ClaimVerdict.REPORTED
    if is_reported and articles == [hits[0].article]:
        return [*head, plain("\n\n")]
    listed = [run for article in articles for run in (plain("\n• "), *citation(article, words, _MOST_LISTED))]
    return [*head, *[plain(f"\n{words.similar}")] * (not is_reported), *listed, plain("\n\n")]


def _refused(refusal: Refusal, hits: Sequence[Hit], words: Wording) -> list[Run]:
    """Say why there is no answer, what the archive covers, and what comes nearest."""
    lines = refusal_lines(refusal, words, has_hits=bool(hits), short=partial(short, most=_MOST_LISTED))
    said = [plain("\n".join(lines))]
    if refusal.kind is RefusalKind.SMALL_TALK:
        return said
    if hits:
        return [*said, plain("\n\n")]
    return [*said, plain("\n"), *citation(refusal.nearest, words)] if refusal.nearest else said


def _provenance(hit: Hit, display: Display) -> list[Run]:
    words, listed = display.wording, partial(short, most=_MOST_LISTED)
    also = [
        run
        for other in hit.also_in[:_MOST_ALSO]
        for run in (
            plain(" "),
            *citation(other, words, _MOST_LISTED),
            plain(differing_line(hit.differs.get(other.id, ()), words, listed)),
        )
    ]
    if also:
        also = [plain(f"\n{words.also_in}"), *also]
    return [*also, *_marks(hit.article, display)]


def _marks(article: Article, display: Display) -> list[Run]:
    """Say what is not quite as the article was read."""
    words = display.wording
    marks = []
    if display.script is not Script.ORIGINAL and (article.language or "").startswith("zh"):
        marks.append(words.converted.format(script=SCRIPT_NAMES[display.script]))
    if article.repairs:
        marks.append(words.repaired)
    return [plain("\n" + " · ".join(marks))] if marks else []


def _age(hit: Hit, age: Age | None, words: Wording) -> list[Run]:
    """Say how old the answer to a question is that asks how things stand; of other passages it says nothing."""
    if age is None or hit.rank > 1:
        return []
    return [plain("\n" + age_line(age, hit.article.published, words))]


def _understanding(notes: AnswerNotes, words: Wording) -> list[Run]:
    """Say what was read out of the question, and within what it was put."""
    lines = [words.understood.format(said=short(notes.understood))] if notes.understood else []
    lines += [words.searched.format(filters=said)] if (said := scope_line(notes.scope, words)) else []
    return [plain("\n" + "\n".join(lines))] if lines else []


# articles


def article_pages(hit: Hit, display: Display) -> tuple[list[list[Run]], int]:
    """Cut an article into pages with the passage marked; return them and the number of the page where that begins."""
    text, (start, stop) = hit.article.text, hit.span
    lit, end = start + hit.highlight[0], start + hit.highlight[1]
    parts = [convert(text[a:b], display.script) for a, b in pairwise((0, start, lit, end, stop, len(text)))]
    before, ahead, shown, behind, after = parts
    marked = [plain(ahead), bold(shown), plain(behind)]
    # of an article that is shown for itself, only the place is marked that a link leads to
    marked = marked if (start, stop) == (0, len(text)) else within("blockquote", marked)
    pages = messages.split([plain(before), *marked, plain(after)], _PAGE)
    here, seen = 0, 0
    for number, page in enumerate(pages):
        here = number
        seen += sum(len("".join(run.text.split())) for run in page)
        if seen > len("".join(messages.sendable(before + ahead).split())):
            break
    return pages or [[]], here


def article_page(article: Article, pages: Sequence[Sequence[Run]], number: int, display: Display) -> str:
    """Show one page of an article with its citation."""
    words = display.wording
    head = [*citation(article, words), plain("\n\n")]
    foot = _marks(article, display)
    if len(pages) > 1:
        foot.append(plain("\n\n" + words.part.format(number=number + 1, count=len(pages))))
    return messages.html([*head, *pages[number], *foot])


def citation(article: Article, words: Wording, most: int = MOST_TITLE, hit: Hit | None = None) -> list[Run]:
    """Name an article: 「title」 source · date, linked to where it can be read; `most` units for each part.

    Without an address of its own that is its page in the reading room, at the passage of `hit`.
    """
    address = article.url or page_of(article, hit)
    parts = [short(part, most) for part in (article.source, dated(article, words), article.author) if part]
    if not article.title:
        return [link(" · ".join(parts), address)]
    return [link(f"「{short(article.title, most)}」", address), plain(" " + " · ".join(parts))]


def shared(article: Article, place: tuple[int, int], display: Display) -> str:
    """Quote a place (characters) in an article with its citation, as people pass it on."""
    lit = short(convert(article.text[slice(*place)], display.script), _MOST_SHARED)
    address = article.url or page_of(article)
    url = [plain(f"\n{address}")] if link("", address).tags else []
    quoted = [*within("blockquote", [plain(lit)]), plain("\n")] if lit else []
    cited = [plain(run.text) for run in citation(article, display.wording)]
    return messages.html([*quoted, *cited, *url])


def why(hit: Hit, count: int, confidence: float, words: Wording) -> str:
    """Say in words how a passage came to be there; `confidence` is that the first hit answers."""
    shares = hit.explanation
    said = [words.because.format(rank=hit.rank, count=count)]
    of_words = shares.get("words", 0.0)
    if of_words >= _ALL_WORDS:
        said.append(words.because_words)
    else:
        said.append(words.because_some if of_words >= _SOME_WORDS else words.because_meaning)
    said += [words.because_date] * (shares.get("date", 0.0) > 0)
    said.append(words.sure if confidence >= _SURE else words.likely if confidence >= THRESHOLD else words.unsure)
    return ("" if words.tag.startswith("zh") else " ").join(said)


# lists and the bot's own words


def latest(hits: Sequence[Hit | None], first: int, scope: ChatScope, words: Wording, heading: Sequence[Run]) -> str:
    """List articles by their numbers, `first` (from 0) and those after it; one that is gone or changed is left out."""
    lines: list[Run] = [*heading] if any(hits) else [plain(words.nothing)]
    for number, hit in enumerate(hits, first + 1):
        if hit:
            lines += [plain(f"\n{number}. "), *citation(hit.article, words, _MOST_LISTED)]
            lines += [plain(f" (+{len(hit.also_in)})")] * bool(hit.also_in)
            if not hit.article.title:
                lines.append(plain(" " + short(hit.text, _MOST_LISTED)))
    return messages.html([*lines, *_understanding(AnswerNotes(scope=scope), words)])


def timeline_lead(timeline: Timeline, words: Wording) -> list[Run]:
    """Say of a topic how many stories and articles there are, and how many name it where that was asked."""
    topic, stories = short(timeline.topic, _MOST_LISTED), f"{len(timeline.stories):,}"
    lead = [bold(words.stories.format(topic=topic, stories=stories, articles=f"{timeline.articles:,}"))]
    if timeline.counted:
        articles, named = (f"{count:,}" for count in timeline.counted)
        lead.insert(0, bold(words.counted.format(topic=topic, articles=articles, stories=named) + "\n"))
    return lead if timeline.topic else []


def news(stories: Sequence[tuple[str, Sequence[Hit]]], words: Wording) -> str:
    """List new stories by the standing question that each belongs to, numbered; what has no room is counted."""
    lines: list[Run] = []
    number = 0
    for question, hits in stories:
        lines.append(bold(("\n" if lines else "") + words.watch_news.format(question=short(question, _MOST_LISTED))))
        for hit in hits:
            number += 1
            if number <= _MOST_NEWS:
                lit = short(hit.text[slice(*hit.highlight)], _MOST_LIT)
                lines += [plain(f"\n{number}. "), *citation(hit.article, words, _MOST_LISTED), plain(f"\n{lit}")]
                lines += [plain(f" (+{len(hit.also_in)})")] * bool(hit.also_in)
    if number > _MOST_NEWS:
        lines.append(plain("\n" + words.watch_more.format(count=number - _MOST_NEWS)))
    return messages.html(lines)


def sources(found: Sequence[Source], first: int, words: Wording) -> str:
    """List outlets by their numbers, `first` (from 0) and those after it."""
    lines: list[Run] = [bold(words.sources_heading)]
    for number, source in enumerate(found, first + 1):
        years = " – ".join(dict.fromkeys(day[:7] for day in (source.first, source.last) if day)) or words.undated
        name = short(source.name or words.unnamed, _MOST_LISTED)
        lines.append(plain(f"\n{number}. {name} · {source.articles:,} · {years}"))
    return messages.html(lines)


def text(words: str) -> list[str]:
    """Show the bot's own words, in as many messages as they need."""
    return [messages.html(message) for message in messages.split([plain(words)])]


def scope_line(scope: ChatScope, words: Wording) -> str:
    """Say within what is searched, in one line; nothing where there is no limit."""
    return " · ".join(said for _, said in limits_of(scope, words))


def limits_of(scope: ChatScope, words: Wording) -> list[tuple[str, str]]:
    """Return each limit that is set: its name, and what a person calls it."""
    filters = scope.filters
    said = (
        ("since", filters.since and words.since.format(date=filters.since)),
        ("until", filters.until and words.until.format(date=filters.until)),
        ("source", filters.source and short(filters.source)),
        (AS_OF, scope.as_of and words.as_of.format(date=scope.as_of)),
    )
    return [(name, value) for name, value in said if value]


# scripts and room


def convert(text: str, script: Script) -> str:
    """Write Chinese text in a script; text in another language stays as it is."""
    return text if script is Script.ORIGINAL else str(_converter(_OPENCC[script]).convert(text))


@cache
def _converter(configuration: str) -> Any:
    from opencc import OpenCC

    return OpenCC(configuration)
