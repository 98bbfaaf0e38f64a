"""The real damaged articles: every broken place is restored or marked."""

from pathlib import Path

import pytest

from retrieval.repair import RepairedText, repair

ARTICLES = Path(__file__).parents[4] / "shared" / "data" / "articles"


def repaired(number: str) -> RepairedText:
    found = sorted(ARTICLES.glob(f"{number}_*.txt"))
    if not found:
        pytest.skip(f"no article {number} in {ARTICLES}")
    return repair(found[0].read_text("utf-8"))


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        ("000", "吹響黨員干部“集結號”壓實防疫“第一責任”"),
        ("000", "你不用擔心。”□月27日,廣西資源縣"),
        ("000", "發去信息。“非必要不返鄉”“非必要不離縣”"),
        ("000", "看到黨員干部們為著疫情奔忙,老百姓們"),
        ("000", "疫情防控讓我們全村人的心貼得更近了"),
        ("001", "主動作為、勇挑重擔、沖鋒在前"),
        ("001", "沖在前、勇擔當、作表率"),
        ("001", "正在旁山沖社區進行疫情防控宣傳"),
        ("001", "堅持“日報告、日匯總”"),
        ("001", "緊急下撥專項黨費64.2萬元"),
        ("001", "值班值守的重擔,與網格“戰友”一道"),
        ("004", "在及時下撥中組部和省、市委組織部"),
        ("004", "專項黨費全部下撥到位。截至目前"),
        ("004", "累計向基層發放口罩13280個"),
    ],
)
def test_broken_places(number: str, expected: str) -> None:
    assert expected in repaired(number).text


@pytest.mark.parametrize("number", ["002", "003"])
def test_sound_articles_stay_as_they_are(number: str) -> None:
    result = repaired(number)
    assert not result.damaged
    assert result.repairs == ()
