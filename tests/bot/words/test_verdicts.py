"""What comes of a comparison, said as people say it."""

import re
from dataclasses import replace
from html import unescape
from io import StringIO
from typing import Any

import pytest
from starlette.requests import Request

from bot.output import print_answer
from bot.telegram.rendering import AnswerNotes, Display, answer_lead
from bot.telegram.rendering import answer as chat_answer
from bot.web.view import page, passage_of
from bot.words import InterfaceLanguage, compared_line, widened_line, wording
from retrieval import (
    Age,
    Answer,
    Article,
    Compared,
    Difference,
    Filters,
    Hit,
    PartAnswer,
    Refusal,
    RefusalKind,
)

_DAYS = ("2019-03-01", "2019-04-11")


@pytest.mark.parametrize(
    ("outcome", "simplified", "english"),
    [
        (
            Compared("earlier", _DAYS, winner=0, difference="41", unit="days"),
            "前者早 41 天：2019-03-01 / 2019-04-11。",
            "The former is earlier by 41 days: 2019-03-01 / 2019-04-11.",
        ),
        (
            Compared("later", ("2019", "2021"), winner=1),
            "后者更晚：2019 / 2021。",
            "The latter is later: 2019 / 2021.",
        ),
        (
            Compared("larger", ("2.17亿元", "1.86亿元"), winner=0, difference="31000000", unit="元"),
            "前者多 3,100 万元：2.17亿元 / 1.86亿元。",
            "The former is more by 3,100 万元: 2.17亿元 / 1.86亿元.",
        ),
        (
            Compared("smaller", ("5.2公里", "3公里", "1公里"), winner=2, difference="2000", unit="m"),
            "第 3 个少 2 公里：5.2公里 / 3公里 / 1公里。",
            "Number 3 is less by 2 km: 5.2公里 / 3公里 / 1公里.",
        ),
        (Compared("same day", ("2021-05-01",) * 2, same=True), "同一天：2021-05-01 / 2021-05-01。", None),
        (Compared("earlier", (None, None)), "从引用的原文不能确定。", "Not certain from what is cited."),
        (Compared("earlier", ("2021", None)), "从引用的原文不能确定：2021 / ?。", None),
    ],
)
def test_what_comes_of_a_comparison(outcome: Compared, simplified: str, english: str | None) -> None:
    assert compared_line(outcome, InterfaceLanguage.SIMPLIFIED) == simplified
    assert english is None or compared_line(outcome, InterfaceLanguage.ENGLISH) == english


def test_limits_that_were_taken_off_are_named() -> None:
    widened = Filters(since="2022", source="人民网")
    assert widened_line(widened, InterfaceLanguage.SIMPLIFIED) == (
        "这个范围内（2022 起, 来源 人民网）没有，已放宽范围。"
    )


BRIDGE = Article("bridge", "大桥通车。", title="大桥", published="2023-05-02")
HIT = Hit(1, 1.0, BRIDGE.text, (0, 5), (0, 5), BRIDGE, also_in=(Article("copy", "桥通车。", title="副本"),))
DIFFERS = (Difference("法国", "德国"), Difference("2022", None))
VERDICTS = {
    "refused": Answer("x", 0.1, Filters(), (HIT,), Refusal(RefusalKind.UNKNOWN, articles=5, differs=DIFFERS)),
    "filtered": Answer("x", 0.1, Filters("2020"), (), Refusal(RefusalKind.FILTERED, Filters("2020"), 5, nearest=BRIDGE)),
    "gibberish": Answer("x", 0.1, Filters(), (), Refusal(RefusalKind.UNKNOWN, articles=5, nearest=BRIDGE)),
    "talk": Answer("x", 0.0, Filters(), (), Refusal(RefusalKind.SMALL_TALK)),
    "in part": Answer(
        "x", 0.9, Filters(), (HIT,),
        parts=(PartAnswer("一", "y", answered=True, confidence=0.9, hits=(HIT,)), PartAnswer("二", "z", False, 0.1)),
    ),
    "old": Answer("x", 0.9, Filters(), (HIT,), age=Age(3)),
    "copies differ": Answer("x", 0.9, Filters(), (replace(HIT, differs={"copy": DIFFERS[:1]}),)),
}  # fmt: skip


def in_the_terminal(answer: Answer, language: InterfaceLanguage) -> str:
    screen = StringIO()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CHUCHU_LANG", language)
        patch.setattr("sys.stdout", screen)
        print_answer(answer)
    return screen.getvalue()


def in_a_chat(answer: Answer, language: InterfaceLanguage) -> str:
    display = Display(wording(language))
    lead = answer_lead(answer, "", display)
    notes = AnswerNotes(refusal=answer.refusal, age=answer.age, lead=lead)
    return unescape(re.sub("<[^>]*>", "", chat_answer(answer.hits, 0, display, notes)))


def on_a_page(answer: Answer, language: InterfaceLanguage) -> str:
    request = Request({"type": "http", "path": "/", "query_string": f"lang={language}".encode(), "headers": []})
    values = dict.fromkeys(("q", "since", "until", "source", "as_of"), "")
    empty: dict[str, Any] = dict.fromkeys(("refused", "outcome", "more", "rated", "is_literal"))
    passages = [passage_of(hit) for hit in answer.hits]
    shown = page(request, "ask", answer=answer, values=values, passages=passages, chips=[], bars=[], **empty)
    return unescape(re.sub("<[^>]*>", "", bytes(shown.body).decode()))


@pytest.mark.parametrize("language", InterfaceLanguage)
@pytest.mark.parametrize("verdict", VERDICTS)
def test_a_verdict_is_said_alike_in_the_terminal_in_chats_and_on_pages(
    verdict: str, language: InterfaceLanguage
) -> None:
    answer, words = VERDICTS[verdict], wording(language)
    said = {
        "refused": [words.not_said, words.asked_other.format(asked="法国", found="德国"),
                    words.asked_missing.format(asked="2022"), words.holds.format(count=5), words.comes_nearest],
        "filtered": [words.nothing, words.holds.format(count=5), words.outside, "大桥"],
        "gibberish": [words.not_said, words.comes_nearest, "大桥"],
        "talk": [words.no_question],
        "in part": [words.in_part.format(answered=1, count=2), words.not_said],
        "old": [words.newest.format(date="2023-05-02", years=3)],
        "copies differ": [words.also_in, words.differing_line.format(differences="法国 / 德国").strip()],
    }[verdict]  # fmt: skip
    for show in (in_the_terminal, in_a_chat, on_a_page):
        text = show(answer, language)
        assert [sentence for sentence in said if sentence not in text] == [], show.__name__
