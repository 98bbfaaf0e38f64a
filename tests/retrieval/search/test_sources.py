import json
from pathlib import Path

import opencc
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval import Archive, Settings, index_paths
from retrieval.clean import Outlet, bundled_outlets
from retrieval.search.sources import SourceReading, understand_sources
from tests.fakes import FakeEncoder

_TO_TRADITIONAL = opencc.OpenCC("s2t")
KNOWN = [
    "人民网",
    "中国发展网",
    "新华网",
    "人民网四川频道",
    "People's Daily",
    "Xinhua",
    "聯合新聞網",
    "NHK",
    "凤凰网",
    "网",
]

ASKED = [
    ("据人民网报道，稻城有多少游客？", "人民网", "稻城有多少游客？"),
    ("据人民网，稻城有多少游客？", "人民网", "稻城有多少游客？"),
    ("据人民网报道稻城有多少游客", "人民网", "稻城有多少游客"),
    ("据人民网记者报道，稻城有多少游客", "人民网", "稻城有多少游客"),
    ("据人民网消息，稻城有多少游客", "人民网", "稻城有多少游客"),
    ("据人民网2022年4月14日报道，稻城有多少游客", "人民网", "2022年4月14日报道，稻城有多少游客"),
    ("根据中国发展网的报道，GDP是多少", "中国发展网", "GDP是多少"),
    ("人民网报道了什么", "人民网", "报道了什么"),
    ("人民网的报道", "人民网", "人民网的报道"),
    ("人民网的报道说稻城有多少游客", "人民网", "稻城有多少游客"),
    ("人民网报道的稻城游客数", "人民网", "稻城游客数"),
    ("人民网四川频道报道的地震", "人民网四川频道", "地震"),
    ("人民网怎么报道稻城", "人民网", "怎么报道稻城"),
    ("人民网关于稻城的报道", "人民网", "关于稻城的报道"),
    ("人民网2022年4月报道了什么", "人民网", "2022年4月报道了什么"),
    ("最近凤凰网有什么新闻", "凤凰网", "最近有什么新闻"),
    ("来源:新华网 稻城的游客", "新华网", "稻城的游客"),
    ("来源：新华网 稻城的游客", "新华网", "稻城的游客"),
    ("稻城的游客 来源：新华网", "新华网", "稻城的游客"),
    ("source: Xinhua GDP of Sichuan", "Xinhua", "GDP of Sichuan"),
    ("according to 中国发展网, what is the GDP?", "中国发展网", "what is the GDP?"),
    ("What is the GDP according to 中国发展网?", "中国发展网", "What is the GDP?"),
    ("What is the GDP according to the people's daily?", "People's Daily", "What is the GDP?"),
    ("news from Xinhua about rice", "Xinhua", "news about rice"),
    ("What did Xinhua report?", "Xinhua", "What did Xinhua report?"),
    ("XINHUA reported how many cases?", "Xinhua", "reported how many cases?"),
    ("people's daily articles on rice", "People's Daily", "articles on rice"),
    ("联合新闻网的报道有哪些内容", "聯合新聞網", "有哪些内容"),
    ("ＮＨＫ的新闻里有多少病例", "NHK", "有多少病例"),
    ("NHKによると死者は何人", "NHK", "死者は何人"),
    ("人民网怎么说新桥的", "人民网", "怎么说新桥的"),
    ("人民网上怎么评价新桥", "人民网", "上怎么评价新桥"),
    ("人民网上关于新桥的文章", "人民网", "上关于新桥的文章"),
    ("新桥塌了，人民网是如何解释的", "人民网", "新桥塌了，是如何解释的"),
]

NOT_ASKED = [
    "人民网是哪年成立的",
    "人民网的总编辑是谁",
    "据人民网总裁介绍，营收是多少",
    "根据人民网的财报，营收是多少",
    "新华网和人民网的区别",
    "凤凰网股价是多少",
    "凤凰网报道部在哪里",
    "凤凰网上市是哪一年",
    "人民网怎么注册",
    "What does NHK stand for?",
    "Who founded Xinhua?",
    "news from Xinhuanews",
    "据新华社报道，稻城有多少游客",
    "据报道，稻城有多少游客",
    "来源：未知",
    "稻城有多少游客？",
    "",
]


@pytest.mark.parametrize(("question", "source", "query"), ASKED)
def test_names_the_source_and_takes_it_out(question: str, source: str, query: str) -> None:
    reading = understand_sources(question, KNOWN)
    assert reading.source == source
    assert reading.query == query


@pytest.mark.parametrize("question", NOT_ASKED)
def test_a_name_that_is_the_topic_is_no_source(question: str) -> None:
    assert understand_sources(question, KNOWN) == SourceReading(None, None, question)


@pytest.mark.parametrize("question", [question for question, _, _ in ASKED])
def test_traditional_reads_as_simplified(question: str) -> None:
    simplified = understand_sources(question, KNOWN)
    traditional = understand_sources(_TO_TRADITIONAL.convert(question), KNOWN)
    assert (traditional.source, traditional.span) == (simplified.source, simplified.span)


def test_span_is_the_words_that_asked() -> None:
    question = "据人民网报道，稻城有多少游客？"
    reading = understand_sources(question, KNOWN)
    assert reading.span is not None
    assert question[slice(*reading.span)] == "据人民网报道，"


@pytest.mark.parametrize("names", [["青嵐新聞網", "青岚新闻网"], ["青岚新闻网", "青嵐新聞網"]])
def test_of_names_that_are_written_alike_the_first_is_taken(names: list[str]) -> None:
    for name in names:
        assert understand_sources(f"据{name}报道，新桥多长？", names).source == names[0]


def test_no_known_names_no_source() -> None:
    assert understand_sources("据人民网报道，稻城", []).source is None


def test_a_name_of_pattern_characters_is_taken_as_it_stands() -> None:
    assert understand_sources("据A+(B)网报道，稻城的游客", ["A+(B)网"]).source == "A+(B)网"


@settings(deadline=None)
@given(st.text(max_size=60), st.lists(st.text(max_size=6), max_size=4))
def test_never_raises_and_keeps_to_the_question(question: str, known: list[str]) -> None:
    reading = understand_sources(question, known)
    assert (reading.source is None) == (reading.span is None)
    if reading.span is not None:
        assert 0 <= reading.span[0] < reading.span[1] <= len(question)
    else:
        assert reading.query == question


@settings(deadline=None)
@given(st.sampled_from(KNOWN[:4]), st.text(alphabet="abc稻城游客", min_size=2, max_size=10))
def test_any_known_name_after_according_is_found(name: str, rest: str) -> None:
    assert understand_sources(f"据{name}报道，{rest}", KNOWN).source == name


TABLE = [each for each in bundled_outlets() if each.aliases]


@pytest.mark.parametrize("outlet", TABLE, ids=lambda each: each.name)
def test_an_outlet_is_asked_for_by_any_of_its_names(outlet: Outlet) -> None:
    every = [each.name for each in bundled_outlets()]
    for name in (outlet.name, *outlet.aliases):
        for written in {name, _TO_TRADITIONAL.convert(name), name.upper()}:
            for question in (
                f"{written}怎么说新桥？",
                f"据{written}报道，新桥多长？",
                f"according to {written}, how long is it?",
            ):
                assert understand_sources(question, every).source == outlet.name


@pytest.mark.parametrize(
    ("asked", "known", "meant"),
    [
        ("中新社", ["中国新闻网", "中新社"], "中新社"),
        ("中新网", ["中国新闻网", "中新社"], "中国新闻网"),
        ("中国新闻社", ["中国新闻网"], None),
        ("中新社", ["中国新闻网"], None),
        ("中新网", ["中新网", "中国新闻网"], "中新网"),
        ("Xinhua", ["新华社", "新华网"], "新华社"),
        ("纽约时报", ["The New York Times"], "The New York Times"),
        ("紐約時報", ["The New York Times"], "The New York Times"),
        ("南都", ["南方周末", "南方都市报"], "南方都市报"),
        ("南都", ["沄州日报"], None),
    ],
)
def test_only_names_of_one_outlet_are_one(asked: str, known: list[str], meant: str | None) -> None:
    assert understand_sources(f"{asked}怎么说新桥？", known).source == meant
    assert understand_sources(f"{asked}是哪年成立的？", known).source is None


PAPERS = ["沄江晚报", "青嵐日報", "雲嶺通訊社", "碧汐新闻网"]


@pytest.mark.parametrize(
    ("question", "source", "query"),
    [
        ("晚报怎么说新桥？", "沄江晚报", "怎么说新桥？"),
        ("据日报报道，新桥多长？", "青嵐日報", "新桥多长？"),
        ("看晚報上關於新橋的文章", "沄江晚报", "看上關於新橋的文章"),
        ("雲通社報道的新橋有多長？", "雲嶺通訊社", "新橋有多長？"),
        ("云岭社怎么评价新桥？", "雲嶺通訊社", "怎么评价新桥？"),
        ("沄江晚报：新桥多长？", "沄江晚报", "新桥多长？"),
        ("青岚日报: how long is the bridge?", "青嵐日報", "how long is the bridge?"),
        ("沄江晚报说新桥有多长？", "沄江晚报", "说新桥有多长？"),
        ("晚报登过新桥吗？", "沄江晚报", "登过新桥吗？"),
        ("晚报有没有写过新桥？", "沄江晚报", "有没有写过新桥？"),
        ("晚报8月1日报了啥", "沄江晚报", "8月1日报了啥"),
        ("晚报那篇讲新桥的，桥多长？", "沄江晚报", "那篇讲新桥的，桥多长？"),
        ("What did 沄江晚报 say about it?", "沄江晚报", "What did 沄江晚报 say about it?"),
    ],
)
def test_an_outlet_is_asked_for_by_the_short_form_that_is_its_alone(question: str, source: str, query: str) -> None:
    assert (found := understand_sources(question, PAPERS)).source == source
    assert found.query == query


@pytest.mark.parametrize(
    "question",
    ["临澜晚报怎么说新桥？", "据临澜日报报道，新桥多长？", "晚报是哪年创办的？", "碧汐网怎么说新桥？", "云社怎么说新桥？", "沄江晚报说明了什么？", "每日报告怎么写？"],
)  # fmt: skip
def test_a_short_form_within_another_name_or_as_a_topic_is_none(question: str) -> None:
    assert understand_sources(question, PAPERS).source is None


def test_a_short_form_of_two_outlets_is_neither() -> None:
    assert understand_sources("晚报怎么说新桥？", [*PAPERS, "临澜晚报"]).source is None
    assert understand_sources("云岭社怎么说新桥？", [*PAPERS, "云海岭社通讯社"]).source is None


def test_the_users_own_outlets_are_asked_for_by_their_other_names(tmp_path: Path) -> None:
    table, article = (
        tmp_path / "outlets.toml",
        {"id": "a", "text": "新桥长三百四十米，昨日通车。", "source": "云岭新闻网"},
    )
    table.write_text('[[outlet]]\nname = "云岭新闻网"\naliases = ["云岭网", "Cloudridge Bulletin"]\n', "utf-8")
    (tmp_path / "a.jsonl").write_text(json.dumps(article), "utf-8")
    index_paths([tmp_path / "a.jsonl"], tmp_path / "archive", FakeEncoder())
    for own, source in ((table, "云岭新闻网"), (None, None)):
        with Archive(tmp_path / "archive", Settings(reader="off", outlets=own), FakeEncoder()) as archive:
            for question in (
                "云岭网怎么说新桥？",
                "據雲嶺網報道，新橋多長？",
                "according to Cloudridge Bulletin, how long is it?",
            ):
                assert archive.ask(question).filters.source == source


LOCAL = ("临澜日报", "沄江晚报", "青岚新闻网", "新华社", "Reuters", "新京报")


@pytest.mark.parametrize(
    ("question", "source"),
    [
        ("What did the Linlan Daily say about the bridge?", "临澜日报"),
        ("according to Qinglan News, how many people came?", "青岚新闻网"),
        ("What did the Yun Jiang Evening News report on the flood?", "沄江晚报"),
        ("Was berichtete Xinhua über die Flut?", "新华社"),
        ("Laut der Xinhua, wie viele Menschen kamen?", "新华社"),
        ("Según la Agencia Xinhua, ¿cuántos murieron?", "新华社"),
        ("Selon Reuters, combien de morts ?", "Reuters"),
        ("По данным Синьхуа, сколько погибло?", "新华社"),
        ("theo Tân Hoa Xã có bao nhiêu người chết", "新华社"),
        ("بحسب رويترز كم عدد القتلى؟", "Reuters"),
        ("로이터에 따르면 몇 명이 죽었나", "Reuters"),
        ("The Beijing News reports on rice", "新京报"),
        ("По словам Рейтера, сколько погибло?", "Reuters"),
        ("Which Beijing news stories are there?", None),
        ("daily news about the flood", None),
        ("Who founded the Linlan Daily?", None),
        ("news on Linlan's daily traffic", None),
        ("Was kostet die Xinhua?", None),
    ],
)
def test_outlets_are_named_in_other_languages_too(question: str, source: str | None) -> None:
    assert understand_sources(question, LOCAL).source == source
