"""Why there is no answer, and how old one is, in each language of the user interface."""

from dataclasses import replace

import pytest

from bot import output
from bot.live_archive import ChatScope
from bot.telegram import rendering
from bot.telegram.hearing import CheckedClaim, ClaimVerdict
from bot.telegram.rendering import AnswerNotes, Display
from bot.words import InterfaceLanguage, dated, wording
from retrieval import Age, Compared, Difference, Filters, PartAnswer, PublishedFrom, Refusal, RefusalKind
from tests.bot.telegram.fakes import ARTICLES, FakeArchive
from tests.bot.telegram.strict_html import parse_html, units

_BRIDGE, _FERRY = ARTICLES["bridge"], ARTICLES["ferry"]


def _shown(told: AnswerNotes, language: InterfaceLanguage, question: str = "") -> str:
    hits = FakeArchive().ask(question, k=1).hits if question else ()
    return parse_html(rendering.answer(hits, 0, Display(wording(language)), told))[0]


@pytest.mark.parametrize(
    ("language", "said"),
    [
        (InterfaceLanguage.ENGLISH, "updated 2022-04-14"),
        (InterfaceLanguage.SIMPLIFIED, "更新于 2022-04-14"),
        (InterfaceLanguage.TRADITIONAL, "更新於 2022-04-14"),
    ],
)
def test_a_day_of_update_is_called_one(language: InterfaceLanguage, said: str) -> None:
    published = replace(_BRIDGE, published="2022-04-14", published_from=PublishedFrom.META)
    updated = replace(published, published_from=PublishedFrom.UPDATED)
    assert dated(published, wording(language)) == "2022-04-14"
    assert dated(updated, wording(language)) == said
    assert "· updated 2022-04-14" in output.citation(updated).plain
    assert "· 2022-04-14" in output.citation(published).plain


def _refusal(kind: RefusalKind, first: str | None = "2012-03") -> Refusal:
    return Refusal(kind, Filters(), 1234, first, "2025-06-01T08:00+08:00", _BRIDGE)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (
            InterfaceLanguage.ENGLISH,
            "does not say.\nIt holds 1,234 articles, from 2012-03 to 2025-06-01.\nThis comes nearest:\n\n",
        ),
        (
            InterfaceLanguage.SIMPLIFIED,
            "没有答案。\n共收录 1,234 篇文章，发表于 2012-03 至 2025-06-01。\n最接近的是：\n\n",
        ),
        (
            InterfaceLanguage.TRADITIONAL,
            "沒有答案。\n共收錄 1,234 篇文章，發表於 2012-03 至 2025-06-01。\n最接近的是：\n\n",
        ),
    ],
)
def test_refusal_says_what_there_is_and_what_comes_nearest(language: InterfaceLanguage, words: str) -> None:
    shown = _shown(AnswerNotes(_refusal(RefusalKind.UNKNOWN)), language, "bridge")
    assert words in shown
    assert "2.17亿元" in shown


@pytest.mark.parametrize("language", InterfaceLanguage)
def test_what_differs_comes_before_what_comes_nearest(language: InterfaceLanguage) -> None:
    words = wording(language)
    differs = (Difference("法国", "德国"), Difference("2021年", None))
    shown = _shown(AnswerNotes(replace(_refusal(RefusalKind.UNKNOWN), differs=differs)), language, "bridge")
    said = [words.asked_other.format(asked="法国", found="德国"), words.asked_missing.format(asked="2021年")]
    assert shown.startswith("\n".join([words.not_said, *said]))


def test_several_things_asked_are_answered_in_a_line_each() -> None:
    (hit,) = FakeArchive().ask("bridge", k=1).hits
    display = Display(wording(InterfaceLanguage.ENGLISH))
    parts = [PartAnswer("cost", "cost?", True, 0.9, (hit,)), PartAnswer("length", "length?", False, 0.1)]
    outcome = Compared("earlier", ("2019", "2023-05-02"), winner=0, difference="41", unit="days")
    found = replace(
        FakeArchive().ask("bridge", k=1), parts=tuple(parts), outcome=outcome, widened=Filters(since="2022")
    )
    lead = rendering.answer_lead(found, "the bridge", display)
    shown = parse_html(rendering.answer([hit], 0, display, AnswerNotes(lead=lead)))[0].splitlines()
    assert shown[:3] == [
        "Taken from before: the bridge",
        "Nothing within since 2022: searched without.",
        "The former is earlier by 41 days: 2019 / 2023-05-02.",
    ]
    assert shown[3] == "Of 2 things asked 1 are answered."
    assert shown[4].startswith("1. cost: 大桥一共花了2.17亿元，比预算少了三百万元。 「新跃鲤大桥通车」 青岚新闻网")
    assert shown[5] == "2. length: The archive does not say."
    assert sum("大桥一共花了2.17亿元" in line for line in shown) == 2, "in its part's line, and in the passage"
    many = [replace(parts[0], name="名" * 900)] * 9
    lead = rendering.answer_lead(replace(found, parts=tuple(many)), "名" * 900, display)
    longest = rendering.answer([hit], 0, display, AnswerNotes(lead=lead))
    assert units(parse_html(longest)[0]) <= 4096


def test_words_that_answer_come_first_and_are_lit_in_the_passage() -> None:
    (hit,) = FakeArchive().ask("bridge", k=1).hits
    begin = hit.text.index("2.17亿元")
    display = Display(wording(InterfaceLanguage.ENGLISH))
    shown = rendering.answer([replace(hit, answer=(begin, begin + 6))], 0, display, AnswerNotes())
    assert shown.startswith("<b>2.17亿元</b>\n")
    assert "<b>大桥一共花了<u>2.17亿元</u>，比预算少了三百万元。</b>" in shown
    in_title = rendering.answer([replace(hit, title_answer=(0, 4))], 0, display, AnswerNotes())
    assert in_title.startswith("<b>新跃鲤大</b>\n")
    assert "<b>大桥一共花了2.17亿元，比预算少了三百万元。</b>" in in_title


@pytest.mark.parametrize("language", InterfaceLanguage)
def test_nothing_within_the_limits_names_what_lies_outside(language: InterfaceLanguage) -> None:
    words = wording(language)
    told = AnswerNotes(_refusal(RefusalKind.FILTERED), ChatScope(Filters(since="2030")))
    shown = _shown(told, language)
    assert shown.startswith(words.nothing)
    assert f"{words.outside}\n「新跃鲤大桥通车」 青岚新闻网 · 2023-05-02" in shown
    assert words.since.format(date="2030") in shown


def test_chinese_sentences_have_no_spaces_between_them() -> None:
    (hit,) = FakeArchive().ask("bridge", k=1).hits
    for language in (InterfaceLanguage.SIMPLIFIED, InterfaceLanguage.TRADITIONAL):
        assert "。 " not in rendering.why(hit, 8, 0.9, wording(language))
    assert ". " in rendering.why(hit, 8, 0.9, wording(InterfaceLanguage.ENGLISH))


@pytest.mark.parametrize("language", InterfaceLanguage)
def test_forwarded_text_is_not_vouched_for(language: InterfaceLanguage) -> None:
    words = wording(language)
    claim = CheckedClaim(ClaimVerdict.DIFFERS, differs=("3.17亿",))
    shown = _shown(AnswerNotes(claim=claim), language, "bridge")
    differs = words.differs.format(what="3.17亿")
    assert shown.startswith(f"{words.not_as_claimed}{differs}\n{words.similar}\n• 「新跃鲤大桥通车」")
    said = f"{words.not_as_claimed}{words.differs}{words.similar}{words.nothing_similar}{words.help.splitlines()[0]}".lower()
    assert not any(
        vouching in said for vouching in ("report", "报道", "報導", "confirm", "true", "证实", "證實", "属实")
    )


@pytest.mark.parametrize("language", InterfaceLanguage)
def test_other_refusals(language: InterfaceLanguage) -> None:
    words = wording(language)
    assert _shown(AnswerNotes(_refusal(RefusalKind.SMALL_TALK)), language) == words.no_question
    undated = _shown(AnswerNotes(_refusal(RefusalKind.UNKNOWN, None)), language)
    assert undated.startswith(f"{words.not_said}\n{words.holds.format(count='1,234')}")


@pytest.mark.parametrize(
    ("question", "age", "words"),
    [
        ("bridge", Age(3), "is from 2023-05-02, 3 years ago."),
        ("bridge", Age(1), "is from 2023-05-02, a year ago."),
        ("ferry", Age(None), "has no date"),
    ],
)
def test_age_of_an_answer(question: str, age: Age, words: str) -> None:
    assert words in _shown(AnswerNotes(age=age), InterfaceLanguage.ENGLISH, question)
    assert words not in _shown(AnswerNotes(), InterfaceLanguage.ENGLISH, question)
