"""Of several tellings of one thing, the one for the moment asked."""

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval import Archive, Settings, index_paths
from retrieval.search import judge, precedence
from retrieval.search.candidates import Candidate
from retrieval.search.question import Moment, Stage, is_to_come, moment_of, parse
from retrieval.search.rank import HitReading, Ranked, ranked
from retrieval.search.reading import READ
from retrieval.values import Article, Filters
from tests.fakes import FakeEncoder

THINGS = ("翠微湖", "沄州大桥", "岚溪县中医院", "二号线")
STATES = (
    "{}门票多少钱？",
    "{}的负责人是谁",
    "{}有多少职工？",
    "{}有多长？",
    "{}收多少钱",
    "{}修好了吗？",
    "How much is a ticket for {}?",
)
EVENTS = (
    "{}什么时候开放？", "{}花了多少钱？", "{}为什么涨价？", "{}是谁设计的？", "谁曾经管过{}？", "When was {} opened?", "介绍一下{}",
)  # fmt: skip
SAID = {
    Stage.NEWEST: ("{}现在门票多少钱？", "{}最新情况怎样？", "目前{}有多少人", "what is the current price of {}"),
    Stage.OLDEST: ("{}最初要多少钱？", "{}最早的票价是多少", "how long was {} originally"),
    Stage.PREVIOUS: ("{}前任负责人是谁？", "{}上一任院长是谁", "who is the former head of {}"),
}


@pytest.mark.parametrize("thing", THINGS)
def test_the_moment_is_read_from_what_is_asked(thing: str) -> None:
    for stage, patterns in SAID.items():
        for pattern in patterns:
            assert moment_of(pattern.format(thing), None, is_filtered=False) == Moment(stage), pattern
    for pattern in STATES:
        assert moment_of(pattern.format(thing), None, is_filtered=False) == Moment(Stage.NEWEST, is_said=False), pattern
        lasts = "多少钱" in pattern  # a price holds until it changes
        assert moment_of(pattern.format(thing), (1, 9), is_filtered=False) == Moment(Stage.AT, False, 9, lasts), pattern
        assert moment_of(pattern.format(thing), (1, 9), is_filtered=True) is None
    for pattern in EVENTS:
        assert moment_of(pattern.format(thing), None, is_filtered=False) is None, pattern


DAY = date(2020, 1, 1).toordinal()
evidences = st.floats(0.30, 0.34)


@settings(deadline=None)
@given(st.lists(st.tuples(evidences, st.integers(0, 3000)), min_size=2, max_size=12, unique_by=lambda pair: pair[1]))
def test_of_near_equal_evidence_the_moment_decides_by_days(told: list[tuple[float, int]]) -> None:
    candidates = [Candidate(n, n, (0, 9), ((0, 9),), (value / 1.8,), 0.0) for n, (value, _) in enumerate(told)]
    candidates.append(Candidate(99, 99, (0, 9), ((0, 9),), (0.1,), 0.0))
    days = {n: (DAY + day, DAY + day) for n, (_, day) in enumerate(told)} | {99: (DAY + 9000, DAY + 9000)}
    in_time = sorted(range(len(told)), key=lambda n: told[n][1])

    def first(moment: Moment) -> int:
        return ranked(candidates, days, {number: number for number in days}, moment)[0].candidate.article

    assert first(Moment(Stage.NEWEST)) == in_time[-1]
    assert first(Moment(Stage.OLDEST)) == in_time[0]
    assert first(Moment(Stage.PREVIOUS)) == in_time[-2]
    middle = in_time[len(told) // 2]
    assert first(Moment(Stage.AT, False, DAY + told[middle][1])) == middle
    assert first(Moment(Stage.AT, False, DAY - 1)) == in_time[0], "nothing was told by then: what came soonest after"


@given(st.lists(st.tuples(evidences, st.floats(-6, 6)), min_size=1, max_size=3))
def test_of_several_tellings_the_moments_counts_as_the_best_read(told: list[tuple[float, float]]) -> None:
    candidates = [Candidate(n, n, (0, 9), ((0, 9),), (value / 1.8,), 0.0) for n, (value, _) in enumerate(told)]
    found = [
        replace(Ranked.of(candidate, n, (DAY + n, DAY + n)), contributions={"answered": odds, "behind": -9.0})
        for n, (candidate, (_, odds)) in enumerate(zip(candidates, told, strict=True))
    ]
    far = replace(Ranked.of(Candidate(9, 9, (0, 9), ((0, 9),), (0.05,), 0.0), 9, (DAY, DAY)), contributions={"a": 9.0})
    asked = replace(parse("翠微湖门票多少钱？", Filters(), today=date.fromordinal(DAY)), moment=Moment(Stage.NEWEST))
    first, *others = precedence.judged(asked, [*found, far][: READ + 1])
    assert judge.probability(first.contributions or {}) == judge.probability({"best": max(odds for _, odds in told)})
    assert [item.candidate for item in others] == [item.candidate for item in [*found, far][1:]]
    assert precedence.judged(replace(asked, moment=None), found) is found


def test_what_names_a_thing_in_passing_does_not_tell_how_it_stands() -> None:
    about = [
        Candidate(1, 1, (0, 9), ((0, 9),), (0.3,), 0.0, about=0.8),
        Candidate(2, 2, (0, 9), ((0, 9),), (0.29,), 0.0),
    ]
    days = {1: (DAY, DAY), 2: (DAY + 1, DAY + 1)}
    assert ranked(about, days, {1: 1, 2: 2}, Moment(Stage.NEWEST))[0].candidate.article == 1


@pytest.mark.parametrize("begins", ["将于{}起施行", "自{}起执行", "新规从{}开始实施", "定于{}启用"])
@pytest.mark.parametrize(("day", "said"), [(date(2022, 1, 1), "2022年1月1日"), (date(2021, 12, 1), "12月1日")])
def test_a_rule_is_to_come_until_its_day(begins: str, day: date, said: str) -> None:
    text = f"修订后的办法公布，{begins.format(said)}，违者罚30元。"
    assert is_to_come(text, 2021, day.toordinal() - 1)
    assert not is_to_come(text, 2021, day.toordinal())
    assert not is_to_come("办法公布，违者罚30元。", 2021, 1)


PRICES = [
    {"id": "first", "title": "翠微湖门票定价", "text": "翠微湖门票定为每人40元，学生半价。", "published": "2017-03-15"},
    {"id": "raised", "title": "翠微湖门票调价", "text": "翠微湖门票调为每人60元，学生半价。", "published": "2019-05-01"},
    {"id": "coming", "title": "翠微湖门票再调", "text": "翠微湖门票将于2023年1月1日起执行每人80元，学生半价。", "published": "2022-11-01"},
    {"id": "passing", "title": "大巴开通", "text": "大巴今日开通。" * 40 + "\n翠微湖门票每人多少没有说。", "published": "2022-12-01"},
]  # fmt: skip


@pytest.mark.parametrize(
    ("question", "day", "first"),
    [
        ("翠微湖门票多少钱？", date(2023, 6, 1), "coming"),
        ("翠微湖门票现在多少钱？", date(2023, 6, 1), "coming"),
        ("翠微湖门票多少钱？", date(2022, 12, 20), "raised"),
        ("翠微湖门票多少钱？", date(2018, 6, 1), "first"),
        ("翠微湖门票最初多少钱？", date(2023, 6, 1), "first"),
        ("2020年翠微湖门票多少钱？", date(2023, 6, 1), "raised"),
        ("翠微湖门票最终多少钱？", date(2023, 6, 1), "coming"),
    ],
)
def test_an_archive_answers_for_the_moment(tmp_path: Path, question: str, day: date, first: str) -> None:
    path = tmp_path / "records.jsonl"
    path.write_text("\n".join(json.dumps(record, ensure_ascii=False) for record in PRICES), "utf-8")
    index_paths([path], tmp_path / "archive", FakeEncoder())
    with Archive(tmp_path / "archive", Settings(), FakeEncoder()) as archive:
        assert archive.ask(question, as_of=day).hits[0].article.id == first


LANDINGS = [
    {"id": "forecast", "text": "台风青岚预计明天在临澜登陆，登陆时中心风力十二级。", "published": "2022-09-01"},
    {"id": "report", "text": "台风青岚昨天下午在碧汐登陆，中心风力十一级，渔船都回了港。", "published": "2022-09-03"},
]


@pytest.mark.parametrize(
    ("question", "first"),
    [("台风青岚在哪里登陆的？", "report"), ("台风青岚在哪里登陆了？", "report"), ("Where did 台风青岚 登陆", "report"),
     ("台风青岚预计明天在哪里登陆？", "forecast")],
)  # fmt: skip
def test_what_happened_is_told_by_the_report_not_by_the_forecast(tmp_path: Path, question: str, first: str) -> None:
    path = tmp_path / "records.jsonl"
    path.write_text("\n".join(json.dumps(record, ensure_ascii=False) for record in LANDINGS), "utf-8")
    index_paths([path], tmp_path / "archive", FakeEncoder())
    with Archive(tmp_path / "archive", Settings(reader="off"), FakeEncoder()) as archive:
        assert archive.ask(question, as_of=date(2022, 10, 1)).hits[0].article.id == first


def told(number: int, title: str, day: int, *, is_answer: bool = True) -> tuple[Ranked, Article]:
    candidate = Candidate(number, number, (0, 9), ((0, 9),), (0.3 - number / 1000,), 0.0, about=0.5)
    reading = HitReading(2.0 if is_answer else -3.0, 1.0, 0.9, (0, 2))
    return replace(Ranked.of(candidate, number, (day, day)), reading=reading), Article(str(number), "", title=title)


@pytest.mark.parametrize(
    ("titles", "days", "answers", "first"),
    [
        (("大桥今日通车", "更正：大桥小车收费10元"), (DAY, DAY + 20), (True, True), 1),
        (("Bridge opens", "Correction: bridge toll"), (DAY, DAY + 1), (True, True), 1),
        (("大桥今日通车", "更正：大桥小车收费10元"), (DAY, DAY + 20), (True, False), 0),  # it corrects something else
        (("大桥今日通车", "更正：大桥小车收费10元"), (DAY, DAY - 20), (True, True), 0),  # what was told before
        (("更正：大桥长1785米", "更正：大桥小车收费10元"), (DAY, DAY + 2), (True, True), 0),
        (("大桥今日通车", "大桥修订正式限速方案"), (DAY, DAY + 2), (True, True), 0),
        (("Prison full", "Department of Corrections opens prison"), (DAY, DAY + 2), (True, True), 0),
    ],
)
def test_a_correction_stands_before_what_it_corrects(
    titles: tuple[str, str], days: tuple[int, int], answers: tuple[bool, bool], first: int
) -> None:
    both = [
        told(n, title, day, is_answer=a) for n, (title, day, a) in enumerate(zip(titles, days, answers, strict=True))
    ]
    articles = {item.candidate.article: article for item, article in both}
    ordered = precedence.corrected([item for item, _ in both], articles)
    assert [item.candidate.article for item in ordered] == [first, 1 - first]
