"""Codes as people type them."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval import Archive, Settings, index_paths
from retrieval.search.terms import codes_in, holds_codes
from tests.fakes import FakeEncoder

LETTERS, DIGITS = st.text("ABCDEFGHKLMNPRSTX", min_size=1, max_size=3), st.text("0123456789", min_size=3, max_size=5)


@settings(deadline=None)  # the first call loads what later ones share
@given(LETTERS, DIGITS, LETTERS, st.sampled_from(["", "-", "·", "/", "–"]), st.sampled_from(["", "-", "·", "/"]))
def test_a_model_is_one_with_and_without_its_signs(
    first: str, number: str, last: str, written: str, asked: str
) -> None:
    text = f"因温控器故障，{first}{written}{number}{last}型电热水壶召回。"
    assert holds_codes(text, codes_in(f"{first}{asked}{number}{last}为什么召回？"))
    assert holds_codes(text, codes_in(f"{first}{asked}{number}{last}为什么召回？".lower()))
    other = number[::-1] if number != number[::-1] else f"{number}9"
    assert not holds_codes(text, codes_in(f"{first}{asked}{other}{last}为什么召回？"))


@settings(deadline=None)  # the first call loads what later ones share
@given(st.integers(1990, 2030), st.integers(1, 999), st.sampled_from(["〔〕", "[]", "()", "（）", "【】"]))
def test_a_document_is_one_in_whatever_brackets(year: int, number: int, brackets: str) -> None:
    text = f"《关于居家养老的意见》（沄政发〔{year}〕{number}号）已印发。"
    left, right = brackets[0], brackets[1]
    assert holds_codes(text, codes_in(f"沄政发{left}{year}{right}{number}号讲的是什么？"))
    assert not holds_codes(text, codes_in(f"沄政办发{left}{year}{right}{number}号讲的是什么？"))
    assert not holds_codes(text, codes_in(f"沄政发{left}{year}{right}{number + 1}号讲的是什么？"))


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("车牌沄A·7F06K的小客车", "沄A7F06K是什么车"),
        ("咨询电话0793-8227160", "8227160是哪里的电话"),
        ("标准DB36/T 1342—2021", "DB36/T 1342-2021规定什么"),
        ("车牌京A7F06K的小客车", "京A·7F06K是什么车"),
        ("车牌沄A7F06K的小客车", "沄A·7F06K是什么车"),
        ("航班 | QB 61 | 登机口 B4", "QB61在哪登机"),
        ("QB61次航班延误", "QB 61 晚点吗"),
        ("肇事车辆京A 12345的车主", "京A12345是谁的车"),
        ("粤B12345车主", "粵B·12345車主是誰"),
        ("编号为B-18901的客机", "华航B-18901客机怎么了"),
        ("贵州茅台（600519）", "沪A 600519现在多少钱"),
    ],
)
def test_plates_phones_and_standards(text: str, asked: str) -> None:
    assert codes_in(asked)
    assert holds_codes(text, codes_in(asked))


@pytest.mark.parametrize(
    ("text", "asked"), [("车牌沄A·7F06K", "沄A·7F60K"), ("车牌京A7F06K", "沪A7F06K"), ("QB 61", "QB 16")]
)
def test_another_plate_or_flight_is_another(text: str, asked: str) -> None:
    assert not holds_codes(text, codes_in(asked))


@pytest.mark.parametrize(
    "text",
    [
        "USD 100",
        "EU 27 countries",
        "NBA 76人队",
        "GDP 500亿元",
        "CBA 2023赛季",
        "PM 2.5",
        "TOP 10强",
        "A 5米",
    ],
)
def test_letters_before_an_amount_are_no_code(text: str) -> None:
    assert codes_in(text) == frozenset()


@pytest.mark.parametrize(
    "question", ["2021年3月4日发生了什么？", "新桥花了2.17亿元？", "2021-03-04的菜价", "3500人还是35000人？"]
)
def test_dates_and_amounts_are_no_codes(question: str) -> None:
    assert codes_in(question) == frozenset()


def test_the_article_that_alone_has_a_code_comes_first_and_answers(tmp_path: Path) -> None:
    records = [
        *(
            {"id": f"n{n}", "text": f"电热水壶LX-17{n}0A为什么召回，厂家说明原因，电热水壶为什么召回。"}
            for n in range(9)
        ),
        {"id": "right", "text": "本市通告：型号LX-1708B的产品存在触点粘连。"},
    ]
    path = tmp_path / "records.jsonl"
    path.write_text("\n".join(json.dumps(record, ensure_ascii=False) for record in records), "utf-8")
    index_paths([path], tmp_path / "archive", FakeEncoder())
    with Archive(tmp_path / "archive", Settings(), FakeEncoder()) as archive:
        answer = archive.ask("电热水壶LX1708B为什么召回？")
        assert answer.hits[0].article.id == "right"
        assert answer.answered
        assert answer.explanation["code"] > 0
        assert "code" not in archive.ask("电热水壶LX1708C为什么召回？").explanation


@pytest.mark.parametrize(
    "typed", ["青岚大桥和沄江隧道哪个更长？", "青嵐大橋和沄江隧道哪個更長", "　青岚大桥和沄江隧道哪个更长?"]
)
def test_the_article_whose_whole_title_is_pasted_comes_first_and_answers(tmp_path: Path, typed: str) -> None:
    records = [
        {"id": "other", "text": "青岚大桥和沄江隧道哪个更长，青岚大桥更长。青岚大桥和沄江隧道哪个更长，读者问。"},
        {"id": "right", "title": "青岚大桥和沄江隧道哪个更长", "text": "本报记者走访两处工地，看到工人正在安装护栏。"},
    ]
    path = tmp_path / "records.jsonl"
    path.write_text("\n".join(json.dumps(record, ensure_ascii=False) for record in records), "utf-8")
    index_paths([path], tmp_path / "archive", FakeEncoder())
    with Archive(tmp_path / "archive", Settings(), FakeEncoder()) as archive:
        answer = archive.ask(typed)
        assert answer.hits[0].article.id == "right"
        assert answer.answered
        assert "title" not in archive.ask("青岚大桥有多长？").explanation


@pytest.mark.parametrize(
    "text",
    [
        "新Mate60多少钱",
        "新ES300h",
        "全新GLC260",
        "车牌为B·12345",
        "新A320neo",
        "编号C-10023",
        "骁龙X-Elite2",
        "沪A 600519",
    ],
)
def test_what_only_looks_like_a_plate_is_none(text: str) -> None:
    assert not any("|" in code for code in codes_in(text))
