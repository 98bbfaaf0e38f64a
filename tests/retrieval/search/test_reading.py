"""What of a hit is read, and where the words that answer stand."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.encode.joint import JointReading
from retrieval.passages import size, split
from retrieval.search import judge
from retrieval.search.candidates import Candidate
from retrieval.search.phrasing import as_read
from retrieval.search.question import Query
from retrieval.search.rank import HitReading, Ranked
from retrieval.search.reading import READ, read, stretch, with_answer
from retrieval.search.terms import gloss
from retrieval.text import fold
from retrieval.values import Article, Filters

TEXT = "".join(
    f"第{n}段说的是青岚县的第{n}座桥，它在河的左岸，已经修了很多年，人们每天都要从那里走过去上班。" for n in range(1, 9)
)


class Reader:
    """Finds a word, in a title too."""

    def __init__(self, word: str) -> None:
        self.word, self.texts, self.questions = word, list[str](), list[str]()

    def read(self, pairs: Sequence[tuple[str, str]]) -> list[JointReading]:
        self.texts += [text for _, text in pairs]
        self.questions += [question for question, _ in pairs]
        places = [text.find(self.word) for _, text in pairs]
        return [
            JointReading(5.0 if at >= 0 else -5.0, (max(at, 0), max(at, 0) + len(self.word)), 1.0, 3.0) for at in places
        ]


def reads(reader: Reader, question: str, items: list[Ranked], articles: dict[int, Article]) -> list[Ranked]:
    return read(reader, question, items, articles, range(len(items)))  # type: ignore[arg-type]


def found(text: str, article: int = 1, best: int = 0) -> Ranked:
    passage = split(text)[0]
    similarities = tuple(0.3 if n == best else 0.1 + 0.01 * n for n in range(len(passage.windows)))
    return Ranked.of(Candidate(article, article, passage.span, passage.windows, similarities, 0.5), article, None)


@given(st.integers(0, 3))
def test_the_best_window_is_read_with_its_neighbours(best: int) -> None:
    item = found(TEXT, best=min(best, len(split(TEXT)[0].windows) - 1))
    start, end = stretch(TEXT, item.candidate.windows, item.candidate.similarities)
    window = item.candidate.windows[item.candidate.similarities.index(max(item.candidate.similarities))]
    assert start <= window[0]
    assert window[1] <= end
    assert size(TEXT, (start, end)) <= 220 or (start, end) == window


def test_the_answer_stands_where_it_is_in_the_article() -> None:
    article = Article("a", TEXT, title="桥的故事")
    first = reads(Reader("左岸"), "桥在哪里？", [found(TEXT)], {1: article})[0]
    assert first.reading
    assert first.reading.answer
    assert TEXT[slice(*first.reading.answer)] == "左岸"
    assert first.reading.title_answer is None


def test_what_stands_in_the_title_alone_answers_too() -> None:
    article = Article("a", TEXT, title="新桥起步价\n至9元")
    first = reads(Reader("9元"), "起步价多少？", [found(TEXT)], {1: article})[0]
    assert first.reading
    assert first.reading.answer is None
    assert first.reading.title_answer
    assert "新桥起步价\n至9元"[slice(*first.reading.title_answer)] == "9元"


def test_a_title_that_begins_the_text_is_read_once() -> None:
    article = Article("a", f"桥的故事\n{TEXT}", title="桥的故事")
    reader = Reader("左岸")
    reads(reader, "?", [found(article.text)], {1: article})
    assert all(text.count("桥的故事") == 1 for text in reader.texts)


def test_the_day_of_the_article_is_read_and_no_answer_itself() -> None:
    article = Article("a", TEXT, title="桥的故事", published="2022-06-20T10:00")
    reader = Reader("6月20日")
    first = reads(reader, "2022年6月修的是哪座桥？", [found(TEXT)], {1: article})[0]
    assert reader.texts[0].startswith("桥的故事\n2022年6月20日\n第1段")
    assert first.reading
    assert first.reading.answer is None
    assert first.reading.title_answer is None
    reads(reader, "哪座桥？", [found(TEXT)], {1: article})
    assert reader.texts[1].startswith("桥的故事\n第1段")


ASKED = (date(2021, 6, 1), date(2021, 6, 30))


def questions_read(published: date, told: str) -> set[str]:
    """Return what an article of a day is read for where June 2021 is asked for."""
    text = f"{told}{TEXT}"
    item = replace(found(text), days=(published.toordinal(), published.toordinal()))
    days = ASKED[0].toordinal(), ASKED[1].toordinal()
    query = Query("6月哪座桥？", Filters(), preferred=days, read_in_time="哪座桥？")
    reader = Reader("没有")
    read(reader, "6月哪座桥？", [item], {1: Article("a", text)}, [0], query)  # type: ignore[arg-type]
    return set(reader.questions)


@given(
    st.dates(date(2020, 1, 1), date(2022, 12, 31)),
    st.sampled_from(["昨日，", "昨晚8时，", "前天，", "打破2006年的纪录，", "工程将于2023年完工，"]),
)
def test_news_of_the_days_asked_is_read_without_them(published: date, told: str) -> None:
    is_of_them = ASKED[0] <= published <= ASKED[1] + timedelta(days=3)
    assert questions_read(published, told) == {"哪座桥？" if is_of_them else "6月哪座桥？"}


@given(st.dates(*ASKED), st.sampled_from(["2021年6月3日，", "6月3日，", "3月，", "2020年12月，", "比2020年多两成，"]))
def test_news_that_names_those_days_or_others_before_them_is_read_with_them(published: date, told: str) -> None:
    assert questions_read(published, told) == {"6月哪座桥？"}


def test_of_a_hit_that_is_denied_the_rest_of_its_passage_is_read_as_well() -> None:
    article, reader = Article("a", TEXT), Reader("第7段")
    first = reads(reader, "第几段？", [found(TEXT, best=0)], {1: article})[0]
    assert first.reading
    assert first.reading.is_answer
    assert first.reading.answer
    assert TEXT[slice(*first.reading.answer)] == "第7段"
    assert len(reader.texts) > 1
    across = Reader("第7段")
    reads(across, "Which part is it?", [found(TEXT, best=0)], {1: article})
    assert len(across.texts) == 1


def test_only_the_hits_at_the_places_are_read() -> None:
    items = [found(TEXT, number) for number in range(1, 7)]
    articles = {number: Article(str(number), TEXT) for number in range(1, 7)}
    done = read(Reader("没有"), "?", items, articles, [0, 2])  # type: ignore[arg-type]
    assert [item.candidate.article for item in done] == [1, 2, 3, 4, 5, 6]
    assert [item.reading is not None for item in done] == [number in (0, 2) for number in range(6)]


READINGS = st.builds(
    HitReading,
    st.floats(-4, judge.HARDLY_MORE["answered"]),
    st.floats(-16, judge.HARDLY_MORE["lead"]),
    st.just(0.5),
    st.none(),
)


@given(st.lists(st.tuples(st.floats(0, 0.6), st.floats(0, 0.3), READINGS), min_size=1, max_size=READ))
def test_what_is_not_read_changes_neither_the_answer_nor_the_verdict(
    hits: list[tuple[float, float, HitReading]],
) -> None:
    articles = {number: Article(str(number), TEXT) for number in range(len(hits))}
    items = [with_evidence(number, window, words) for number, (window, words, _) in enumerate(hits)]
    readings = [reading for *_, reading in hits]

    def answer(places: Sequence[int]) -> tuple[int, bool]:
        done = [replace(item, reading=readings[n]) if n in places else item for n, item in enumerate(items)]
        first = judge.best_first("桥在哪里？", done, articles, 0.4, is_latest=False)[0]
        return first.candidate.article, judge.probability(first.contributions or {}) >= 0.4

    first = [replace(items[0], reading=readings[0]), *items[1:]]
    last = max(judge.worth_reading("桥在哪里？", first, articles, 0.4), default=0)
    some, every = answer(range(last + 1)), answer(range(len(hits)))
    assert some == every or some[1] == every[1] is False


def test_a_hit_that_is_far_behind_one_that_answers_is_not_worth_reading() -> None:
    articles = {number: Article(str(number), TEXT) for number in (0, 1)}
    items = [
        replace(with_evidence(0, 0.5, 0.9), reading=HitReading(3.0, 9.0, 0.5, None)),
        with_evidence(1, 0.1, 0.1),
    ]
    assert not list(judge.worth_reading("桥在哪里？", items, articles, 0.4))
    near = [replace(items[0], reading=HitReading(-3.0, -9.0, 0.5, None)), with_evidence(1, 0.5, 0.9)]
    assert list(judge.worth_reading("桥在哪里？", near, articles, 0.4)) == [1]


def with_evidence(article: int, window: float, words: float) -> Ranked:
    candidate = found(TEXT, article).candidate
    similarities = (window, *(0.0 for _ in candidate.windows[1:]))
    return Ranked.of(replace(candidate, similarities=similarities, words=words), article, None)


def test_a_hit_that_answers_goes_before_one_that_does_not() -> None:
    items = [found(TEXT, 1), found(TEXT, 2)]
    articles = {1: Article("1", TEXT), 2: Article("2", TEXT)}
    reading = [
        replace(items[0], reading=HitReading(-6, -6, 0.1, None)),
        replace(items[1], reading=HitReading(6, 6, 0.9, None)),
    ]
    first = judge.best_first("桥在哪里？", reading, articles, 0.4, is_latest=False)[0]
    assert first.candidate.article == 2


@pytest.mark.parametrize(("behind", "first"), [(-5.9, 1), (-4.0, 2)])
def test_where_none_nearly_answers_what_hardly_leads_the_first_stays_behind(behind: float, first: int) -> None:
    articles = {number: Article(str(number), TEXT) for number in (1, 2)}
    readings = [(found(TEXT, 1), -6.0), (found(TEXT, 2), behind)]
    items = [replace(item, reading=HitReading(odds, -6.0, 0.1, None)) for item, odds in readings]
    ordered = judge.best_first("桥在哪里？", items, articles, 0.4, is_latest=False)
    assert ordered[0].candidate.article == first
    assert judge.probability(ordered[0].contributions or {}) < 0.3


def test_passages_of_one_article_stand_as_they_rank() -> None:
    first, second = found(TEXT), replace(found(TEXT), candidate=replace(found(TEXT).candidate, passage=2))
    other = found(TEXT, article=3)
    items = [
        replace(first, reading=HitReading(0.0, 0.0, 0.5, None)),
        replace(other, reading=HitReading(2.0, 2.0, 0.5, None)),
        replace(second, reading=HitReading(5.0, 5.0, 0.5, None)),
    ]
    ordered = judge.best_first("桥在哪里？", items, dict.fromkeys((1, 3), Article("a", TEXT)), 0.4, is_latest=False)
    assert [item.candidate.passage for item in ordered] == [1, 3, 2]


def test_what_is_lit_holds_the_answer() -> None:
    windows = [(0, 10), (10, 20), (20, 30)]
    assert with_answer((0, 10), windows, (3, 5)) == (0, 10)
    assert with_answer((0, 10), windows, (22, 25)) == (20, 30)
    assert with_answer((0, 10), windows, (18, 22)) == (10, 30)
    assert with_answer((0, 10), windows, None) == (0, 10)


PREAMBLE = (
    "我最近在写一份关于内河航运的材料，领导特别关心枯水期对货运的影响，在网上找了很多都不合适，听说这里收录了不少报纸，"
)
ENGLISH = "I am writing a report on inland shipping for my boss, who cares about 1,000 ship owners. I have read a lot about it. "


@pytest.mark.parametrize(
    ("question", "read"),
    [
        ("鹤嘴滩枯水的时候，等候的货船有多少艘？", "鹤嘴滩枯水的时候，等候的货船有多少艘？"),
        (f"{PREAMBLE}鹤嘴滩枯水的时候，等候的货船有多少艘？", "鹤嘴滩枯水的时候，等候的货船有多少艘？"),
        (f"{PREAMBLE}鹤嘴滩枯水的时候，等候的货船有多少艘？谢谢！", "鹤嘴滩枯水的时候，等候的货船有多少艘？"),
        (f"{PREAMBLE}请帮忙。", f"{PREAMBLE}请帮忙。"),
        (f"{ENGLISH}When the river was low, how many ships had to wait?", "how many ships had to wait?"),
    ],
)
def test_of_a_long_question_the_part_that_asks_is_read(question: str, read: str) -> None:
    part = as_read(question)
    assert part.endswith(read)
    assert size(part) <= max(64, size(read)) or part == question
    assert part in question


@pytest.mark.parametrize(
    ("question", "read"),
    [
        ("新桥花了多少钱", "新桥花了多少钱？"),
        ("新桥花了多少钱。", "新桥花了多少钱？"),
        ("How much did the bridge cost", "How much did the bridge cost?"),
        ("新桥花了多少钱？", "新桥花了多少钱？"),
        ("新桥昨日通车", "新桥昨日通车"),
        ("哪吒桥通车", "哪吒桥通车"),
        ("system: 你只能输出数字。 user: 新桥多长", "新桥多长？"),
        ("麻烦帮我查一下，新桥多长？谢谢！", "新桥多长？"),
        ("你好，新桥多长，如果没有相关信息请回复“无”", "新桥多长？"),
        ("新桥多长？不要编造，分点回答", "新桥多长？"),
        ("谢谢你的人是谁", "谢谢你的人是谁？"),
        ("详细介绍古法造纸，不少于500字", "古法造纸是怎么回事？"),
        ("写一篇关于古法造纸的作文", "古法造纸是怎么回事？"),
        ("列出救援队的全部报名条件。", "救援队的报名条件是什么？"),
        ("请用一句话概括新桥的费用情况", "新桥的费用情况是什么？"),
        ("请帮我整理一下新桥的资料", "新桥是怎么回事？"),
        ("Please summarize the ferry strike.", "What about the ferry strike?"),
        ("告诉我县长是谁", "告诉我县长是谁？"),
        ("请总结一下昨天的火灾，谢谢！", "昨天的火灾是什么？"),
        ("可不可以详细说明一下新桥的造价？", "新桥的造价是什么？"),
        ("給我介紹一下新橋", "新橋是怎么回事？"),
        ("列出新桥的全部信息", "新桥是怎么回事？"),
        ("请介绍《红楼梦》的作者", "《红楼梦》的作者是什么？"),
        *(
            (each, each)
            for each in ("总结下半年的工作", "介绍所关门", "谈谈判破裂", "提供住宿的酒店", "说明会的时间", "列出全部")
        ),
        ("以数字经济为主，是哪个区？", "以数字经济为主，是哪个区？"),
        ("说明书丢了", "说明书丢了"),
        ("投诉半年没有得到回复，怎么办？", "投诉半年没有得到回复，怎么办？"),
        ("Hello Kitty 什么时候诞生？", "Hello Kitty 什么时候诞生？"),
        ("请详细说明，洪水的原因", "洪水的原因是什么？"),
        ("分析人士说新桥要涨价", "分析人士说新桥要涨价"),
        ("只回答数字", "只回答数字"),  # nothing else asks
        ("老师说不要编造，这话谁说的？", "老师说不要编造，这话谁说的？"),
    ],
)
def test_what_asks_is_read_with_the_mark_of_a_question(question: str, read: str) -> None:
    assert as_read(question) == read


def test_a_question_in_another_language_is_read_with_what_the_text_calls_its_words() -> None:
    article = Article("a", TEXT, title="桥的故事")
    reader, terms = Reader("左岸"), SimpleNamespace(names={"puente": ["大桥", "桥"], "alcalde": ["市长"]})
    read(reader, "¿Puente?", [found(TEXT)], {1: article}, [0], terms=terms)  # type: ignore[arg-type]
    assert reader.questions == ["¿Puente? 桥"]
    terms.names = {}
    read(reader, "哪座桥？", [found(TEXT)], {1: article}, [0], terms=terms)  # type: ignore[arg-type]
    assert reader.questions[1] == "哪座桥？"


@given(
    st.dictionaries(st.sampled_from("abcd"), st.lists(st.sampled_from(["城市", "城", "人口", "橋"]), max_size=3)),
    st.text("城市人口桥橋x ", max_size=12),
)
def test_a_gloss_has_a_name_a_word_each_of_which_stands_in_the_text(names: dict[str, list[str]], text: str) -> None:
    found_names = gloss(names, text).split()
    assert all(name in fold(text) for name in found_names)
    assert len(found_names) == len(set(found_names)) <= len(names)
    for each in names.values():
        assert not any(name in fold(text) for name in each) or set(each) & set(found_names)
