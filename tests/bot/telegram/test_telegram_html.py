"""Whatever is shown, a message is within Telegram's limit and well-formed, and nothing of the text is lost."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.live_archive import ChatScope
from bot.telegram import messages as telegram_html
from bot.telegram import rendering
from bot.telegram.hearing import CheckedClaim, ClaimVerdict
from bot.telegram.messages import Run, bold, link, plain, within
from bot.telegram.rendering import AnswerNotes, Display
from bot.words import InterfaceLanguage, wording
from retrieval import Age, Article, Filters, Hit, Refusal, RefusalKind
from tests.bot.hostile import HOSTILE
from tests.bot.telegram.fakes import EVIL
from tests.bot.telegram.strict_html import parse_html, units

_TEXT = st.text(st.characters() | st.sampled_from("<>&\"'。！ \n😀👍🏽\u200d\ufe0f\x00\ud800"))
_RUNS = st.lists(
    st.builds(Run, _TEXT, st.sampled_from([(), ("b",), ("blockquote", "b"), ("blockquote",), ('a href="x"',)]))
)


def _squeezed(text: str) -> str:
    return "".join(text.split())


@settings(deadline=None)
@given(_RUNS)
def test_html_shows_exactly_the_runs(runs: list[Run]) -> None:
    shown, _ = parse_html(telegram_html.html(runs))
    assert shown == "".join(telegram_html.sendable(run.text) for run in runs)
    assert telegram_html.length(runs) == units(shown)


@settings(deadline=None)
@given(_RUNS, st.integers(4, 40))
def test_split_stays_within_the_limit_and_loses_nothing(runs: list[Run], limit: int) -> None:
    messages = [parse_html(telegram_html.html(message))[0] for message in telegram_html.split(runs, limit)]
    assert all(0 < units(message) <= limit for message in messages)
    assert _squeezed("".join(messages)) == _squeezed("".join(telegram_html.sendable(run.text) for run in runs))


@settings(deadline=None)
@given(_TEXT, st.integers(2, 30))
def test_cut_is_never_past_the_limit_nor_inside_an_emoji(text: str, limit: int) -> None:
    text = telegram_html.sendable(text)
    cut = telegram_html.cut_before(text, limit)
    assert units(text[:cut]) <= limit
    assert cut > 0 or not text
    assert (
        text[cut : cut + 1] not in {"\u200d", "\ufe0f"}
        or cut <= 1
        or limit < 6
        or set(text[:cut]) <= set("\u200d\ufe0f👍🏽😀")
    )


def test_split_prefers_the_end_of_a_sentence() -> None:
    messages = telegram_html.split([plain("第一句话。第二句话，很长很长很长。第三句。")], 18)
    assert [message[0].text for message in messages] == ["第一句话。第二句话，很长很长很长。", "第三句。"]


def test_neighbours_share_a_tag() -> None:
    assert telegram_html.html(within("blockquote", [plain("a"), bold("b")])) == "<blockquote>a<b>b</b></blockquote>"


def test_only_web_addresses_are_linked() -> None:
    assert telegram_html.html([link("x", "javascript:alert(1)")]) == "x"
    assert telegram_html.html([link("x", 'http://a/"><b>')]) == '<a href="http://a/%22%3E%3Cb%3E">x</a>'


_ARTICLES = st.builds(
    Article,
    st.just("a"),
    st.just(""),
    title=st.none() | _TEXT | st.just(EVIL * 20) | st.just("😀" * 900),
    source=st.none() | _TEXT | st.just("源" * 5000) | st.just("😀" * 900),
    author=st.none() | _TEXT,
    published=st.none() | st.just("2022-04-14T17:37+08:00"),
    url=st.none() | st.text() | st.just('https://a.example/?q=<&>"'),
)


_CLAIMS = st.none() | st.builds(
    CheckedClaim,
    st.sampled_from(ClaimVerdict),
    st.lists(st.none() | st.just("源" * 900), max_size=9).map(tuple),
    st.lists(st.just("差" * 900), max_size=3).map(tuple),
)
_ASKED = st.none() | st.just("问" * 900)


@settings(max_examples=40, deadline=None)
@given(
    _ARTICLES,
    st.lists(_ARTICLES, max_size=9),
    st.text(min_size=1, max_size=30),
    st.integers(1, 600),
    st.data(),
    st.booleans(),
)
def test_answer_is_always_sendable_and_cited(
    article: Article, also: list[Article], piece: str, times: int, data: st.DataObject, refused: bool
) -> None:
    text = piece * times
    start = data.draw(st.integers(0, len(text) - 1))
    stop = data.draw(st.integers(start + 1, len(text)))
    hit = Hit(1, 0.5, text, (start, stop), (0, len(text)), article, tuple(also))
    manner = Display(wording(data.draw(st.sampled_from(InterfaceLanguage))))
    scope = ChatScope(Filters("2022", "2023", "源" * 4000), "2024-01-01")
    refusal = Refusal(RefusalKind.UNKNOWN, scope.filters, 10**9, "2022-04-14T17:37+08:00", "2023") if refused else None
    told = AnswerNotes(
        refusal, scope, understood="去年" * 900, age=Age(3), claim=data.draw(_CLAIMS), asked=data.draw(_ASKED)
    )
    source = rendering.answer([hit, *[replace(hit, article=each) for each in also]], 0, manner, told)
    shown, _ = parse_html(source)
    assert units(shown) <= telegram_html.LIMIT
    assert ("2022-04-14 17:37" if article.published else manner.wording.undated) in shown
    listing, _ = parse_html(rendering.latest([hit, None, *[hit] * 6], 8, scope, manner.wording, [bold("Newest:")]))
    assert units(listing) <= telegram_html.LIMIT


def test_passage_that_fits_is_quoted_whole() -> None:
    hit = Hit(1, 0.5, "前文。答案。后文。", (3, 6), (0, 9), Article("a", "前文。答案。后文。"))
    html = telegram_html.html(rendering.passage(hit, Display(wording(InterfaceLanguage.ENGLISH)).script, 100))
    assert html == "<blockquote expandable>前文。<b>答案。</b>后文。</blockquote>"


def test_passage_that_does_not_fit_is_cut_around_its_answer() -> None:
    text = "前" * 3000 + "答案。" + "后" * 3000
    hit = Hit(1, 0.5, text, (3000, 3003), (0, len(text)), Article("a", text))
    runs = rendering.passage(hit, Display(wording(InterfaceLanguage.ENGLISH)).script, 200)
    assert telegram_html.length(runs) <= 200
    assert [run.text for run in runs if "b" in run.tags] == ["答案。"]
    assert runs[0].text.startswith("…前")
    assert runs[-1].text.endswith("后…")


def test_no_control_and_no_unseen_mark_is_sent() -> None:
    england = "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f"
    assert (
        telegram_html.html([bold(f"甲{HOSTILE}\n\t乙👨\u200d👩\u200d👧{england}")])
        == f"<b>甲\n\t乙👨\u200d👩\u200d👧{england}</b>"
    )
