"""What comes of a comparison, said as people say it."""

import pytest

from bot.words import InterfaceLanguage
from bot.words.verdicts import compared_line, widened_line
from retrieval import Compared, Filters

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
