"""What `Archive.ask` makes of stories, dates and sources, on a small archive."""

import json
from datetime import date
from pathlib import Path

import pytest

from retrieval import Archive, Ask, Filters, Settings, index_paths, make_filters
from retrieval.search.judge import probability
from tests.fakes import FakeEncoder

BRIDGE = (
    "沄江上的新桥昨天通车，全长三百四十米，连起河两岸的六个村，工程一共花了一千二百万元，比原来的估算多出三百万元。"
    "八十岁的老船工说，以后过河再也不用等船了，孩子们上学也近了一半的路。施工队在江心打桩时遇到溶洞，工期因此晚了半年。"
)
RECORDS = (
    {"id": "first", "title": "新桥通车", "text": BRIDGE, "published": "2023-03-14", "source": "沄江晚报"},
    {"id": "copy", "title": "新桥昨通车", "text": BRIDGE, "published": "2023-03-15", "source": "人民网"},
    {
        "id": "old",
        "text": "老图书馆的读者去年有三万人次，馆长说地方太小，书架之间转不开身。",
        "published": "2019-01-05",
        "source": "人民网",
    },
    {
        "id": "new",
        "text": "图书馆搬了家，读者去年增到十二万人次，夜里也开到九点。",
        "published": "2023-01-10",
        "source": "沄江晚报",
    },
    {"id": "undated", "text": "图书馆的读者须知：借书三十天，读者可以续借一次。"},
)


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Archive:
    folder = tmp_path_factory.mktemp("asking")
    path = folder / "records.jsonl"
    path.write_text("\n".join(json.dumps(record, ensure_ascii=False) for record in RECORDS), "utf-8")
    index_paths([path], folder / "archive", FakeEncoder())
    return Archive(folder / "archive", Settings(), FakeEncoder())


def ids(archive: Archive, question: str, **options: object) -> list[str]:
    return [hit.article.id for hit in archive.ask(question, k=10, **options).hits]  # type: ignore[arg-type]


def test_copies_are_one_hit_with_the_other_outlet_under_it(archive: Archive) -> None:
    hit = archive.ask("新桥花了多少钱？").hits[0]
    assert {hit.article.id, *(other.id for other in hit.also_in)} == {"first", "copy"}
    assert len({"first", "copy"} & set(ids(archive, "新桥花了多少钱？"))) == 1


def test_limits_may_be_named_one_by_one_or_as_filters(archive: Archive) -> None:
    question, day = "图书馆有多少读者？", date(2024, 1, 1)
    one_by_one = archive.ask(question, k=10, since="2023", source="人民网", as_of=day)
    assert one_by_one.filters == Filters(since="2023", until="2024-01-01", source="人民网")
    as_filters = archive.answer(Ask(question, 10, make_filters(since="2023", source="人民网"), day))
    assert as_filters.hits == one_by_one.hits


def test_undated_articles_are_kept_below_under_a_date_filter(archive: Archive) -> None:
    found = ids(archive, "图书馆有多少读者？", filters=make_filters(since="2023"))
    assert found[0] == "new"
    assert "undated" in found
    assert "old" not in found


def test_an_undated_article_is_found_among_many_dated_ones_where_it_answers_better(tmp_path: Path) -> None:
    days = [{"id": f"day{n}", "text": f"图书馆第{n}天的读者有{n}百人。", "published": "2023"} for n in range(60)]
    path = tmp_path / "records.jsonl"
    path.write_text("\n".join(json.dumps(record, ensure_ascii=False) for record in [*days, RECORDS[-1]]), "utf-8")
    index_paths([path], tmp_path / "archive", FakeEncoder())
    archive = Archive(tmp_path / "archive", Settings(), FakeEncoder())
    assert "undated" in ids(archive, "图书馆的读者须知借书续借", filters=make_filters(since="2023"))
    assert ids(archive, "图书馆的读者须知借书续借", as_of=date(2024, 1, 1))[0] == "undated"


BRIDGES = [
    {"id": "long", "text": "雁栖湖大桥今日通车，全长2,180米，双向六车道。", "published": "2021-09-28"},
    {"id": "short", "text": "白鹭洲大桥昨日合龙，主桥长1,460米，双向四车道。", "published": "2021-06-17"},
    *({"id": f"n{n}", "text": f"雁栖湖边第{n}个观景台开放，游客从大桥下走过。", "published": "2021"} for n in range(8)),
]


@pytest.fixture(scope="module")
def bridges(tmp_path_factory: pytest.TempPathFactory) -> Archive:
    folder = tmp_path_factory.mktemp("bridges")
    path = folder / "records.jsonl"
    path.write_text("\n".join(json.dumps(record, ensure_ascii=False) for record in BRIDGES), "utf-8")
    index_paths([path], folder / "archive", FakeEncoder())
    return Archive(folder / "archive", Settings(), FakeEncoder())


def test_the_first_hits_cover_every_part_in_the_order_asked(bridges: Archive) -> None:
    for question, order in (
        ("雁栖湖大桥通车和白鹭洲大桥合龙哪个更早？", ["long", "short"]),
        ("白鹭洲大桥合龙和雁栖湖大桥通车哪个更早？", ["short", "long"]),
    ):
        answer = bridges.ask(question, k=3)
        assert [hit.article.id for hit in answer.hits][:2] == order
        assert [part.hits[0].article.id for part in answer.parts] == order
        assert [hit.rank for hit in answer.hits] == [1, 2, 3]
        assert answer.outcome is not None
        assert answer.outcome.winner == order.index("short")
        assert answer.outcome.difference == "104"


def test_a_part_that_the_archive_does_not_have_leaves_the_other_answered(bridges: Archive) -> None:
    answer = bridges.ask("雁栖湖大桥全长多少，玉带桥造价多少？")
    assert [part.answered for part in answer.parts] == [True, False]
    assert answer.answered
    assert answer.hits[0].article.id == "long"


def test_a_part_names_its_own_time(bridges: Archive) -> None:
    answer = bridges.ask("雁栖湖大桥通车和白鹭洲大桥合龙是在同一个月吗？", as_of=date(2021, 7, 1))
    assert "long" not in [hit.article.id for hit in answer.hits], "nothing after the day asked"


WARNINGS = [
    {"id": f"w{month}", "text": f"沄州气象台发布暴雨预警，第{month}次。", "published": f"2021-{month:02d}-09"}
    for month in range(1, 13)
]
OUTLETS = [
    {"id": "school", "text": "老校今日搬迁，学生坐船过江。", "published": "2020-05-02", "source": "沄江晚报"},
    {"id": "fair", "text": "茶会今日开幕，茶农说雨水足。", "published": "2020-06-03", "source": "人民网"},
    {"id": "fair two", "text": "茶会昨日闭幕，茶农卖出三吨茶。", "published": "2019-06-05", "source": "沄江晚报"},
]


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> Archive:
    folder = tmp_path_factory.mktemp("reports")
    path = folder / "records.jsonl"
    records = [*BRIDGES, *WARNINGS, *OUTLETS]
    path.write_text("\n".join(json.dumps(record, ensure_ascii=False) for record in records), "utf-8")
    index_paths([path], folder / "archive", FakeEncoder())
    return Archive(folder / "archive", Settings(), FakeEncoder())


@pytest.mark.parametrize(("asked", "shown"), [("同一个月", True), ("同一天", False)])
def test_what_happens_often_is_looked_for_in_the_time_of_the_other(reports: Archive, asked: str, shown: bool) -> None:
    answer = reports.ask(f"雁栖湖大桥通车和沄州气象台发布暴雨预警是在{asked}吗？", k=3)
    assert ("w9" in [hit.article.id for hit in answer.hits]) is shown


def test_what_may_have_been_then_too_is_not_said_to_be_apart(reports: Archive) -> None:
    often = reports.ask("雁栖湖大桥通车和沄州气象台发布暴雨预警是在同一个月吗？")
    once = reports.ask("雁栖湖大桥通车和老校搬迁是在同一个月吗？")
    assert often.outcome is not None
    assert once.outcome is not None
    assert (often.outcome.same, once.outcome.same) == (None, False)


def test_an_outlet_that_one_part_names_is_not_asked_of_the_others(reports: Archive) -> None:
    answer = reports.ask("沄江晚报关于老校搬迁的报道和茶会开幕是在同一年吗？", k=3)
    assert [part.hits[0].article.id for part in answer.parts] == ["school", "fair"]


def test_hindsight_is_taken_away(archive: Archive) -> None:
    answer = archive.ask("图书馆有多少读者？", k=10, as_of=date(2020, 1, 1))
    assert "new" not in [hit.article.id for hit in answer.hits]
    assert answer.hits[0].article.id == "old"


def test_what_was_understood_is_said_and_can_be_taken_off(archive: Archive) -> None:
    answer = archive.ask("据人民网报道，图书馆有多少读者？")
    assert answer.filters.source == "人民网"
    assert answer.understood == "人民网"
    assert answer.hits[0].article.id == "old"
    assert archive.ask("据人民网报道，图书馆有多少读者？", is_literal=True).filters.source is None


def test_nothing_in_a_range_says_what_is_nearest(archive: Archive) -> None:
    answer = archive.ask("新桥花了多少钱？", filters=make_filters(source="不存在的报"))
    assert not answer.answered
    assert answer.hits == ()
    assert "新桥" in str(answer.reason)


@pytest.mark.parametrize("talk", ["你好", "谢谢！", "👍", "asdf"])
def test_talk_is_never_answered_with_a_quotation(archive: Archive, talk: str) -> None:
    answer = archive.ask(talk)
    assert not answer.answered
    assert answer.hits == ()


def test_a_question_for_how_things_stand_says_how_old_the_answer_is(archive: Archive) -> None:
    answer = archive.ask("图书馆目前读者去年增到多少万人次？夜里开到几点？")
    assert answer.answered
    assert "old" in str(answer.note)
    assert answer.hits[0].article.id == "new"


def test_the_words_that_matched_are_explained(archive: Archive) -> None:
    explanation = archive.ask("新桥花了多少钱？").hits[0].explanation
    assert {"window", "whole", "words", "date", "word 新桥"} <= set(explanation)


@pytest.mark.parametrize("question", ["新桥全长多少米？", "谁发明了电灯？"])
def test_the_confidence_is_the_sum_of_what_explains_it(archive: Archive, question: str) -> None:
    answer = archive.ask(question)
    assert answer.explanation
    assert probability(answer.explanation) == pytest.approx(answer.confidence)


@pytest.mark.parametrize("said", ["据人民网报道，", "人民网怎么说"])
def test_an_outlet_that_the_question_seems_to_name_is_taken_off_where_it_leaves_nothing(
    archive: Archive, said: str
) -> None:
    january = {"since": "2023-01", "until": "2023-01"}
    answer = archive.ask(f"{said}图书馆有多少读者？", k=10, **january)  # type: ignore[arg-type]
    assert answer.widened == Filters(**january, source="人民网")
    assert answer.filters == Filters(**january)
    assert answer.hits[0].article.id == "new"
    assert not archive.ask("图书馆有多少读者？", source="人民网", **january).hits  # type: ignore[arg-type]
