"""Questions cut into the things they ask: what is made of marks, and what the model that is shipped marks."""

import itertools
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.marker.evaluate import measured
from benchmarks.marker.marks import MarkError, blind, examples_of, of_one_thing
from retrieval.encode.marker import KINDS, MOST_PIECES, Marker, Marks, Tag, open_marker
from retrieval.search.cutting import OF_TAGS, cut, likeliest
from retrieval.search.parts import MOST_PARTS, Cut


class Known(Marker):
    """Marks questions as somebody has marked them, a piece a character; any other question asks one thing."""

    def __init__(self, *lines: str) -> None:
        self._known = {example.text: example for line in lines for example in examples_of(line)}
        self.transitions = np.zeros((len(Tag) + 1, len(Tag)), np.float32)

    def mark(self, question: str) -> Marks | None:
        example = self._known.get(question) or of_one_thing(question)
        kinds = np.zeros(len(KINDS), np.float32)
        kinds[KINDS.index(example.kind)] = 1
        tags = np.full((len(question), len(Tag)), -9, np.float32)
        tags_of, last = {label: tag for tag, label in OF_TAGS.items()}, 0
        for place, label in enumerate(example.labels):
            tag = tags_of.get(label)
            if tag is None:
                tag = Tag.INSIDE if label == last else Tag.AGAIN if label == 1 and last else Tag.BEGIN
                last = label
            tags[place, tag] = 0
        return Marks(kinds, tags, tuple(range(len(question))))


def asked(found: Cut | None) -> list[str]:
    return [part.question for part in found.parts] if found else []


def of_marks(*lines: str) -> Cut | None:
    marker, text = Known(*lines), examples_of(lines[0])[0].text
    return cut(text, marker, marker.mark(text))


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (
            "{1:霜岭}{-:和}{2:鹿角}滑雪场{-:分别}有多少条雪道？",
            ["霜岭滑雪场有多少条雪道？", "鹿角滑雪场有多少条雪道？"],
        ),
        ("新桥{1:哪年开工}{-:，}{2:花了多少钱}{-:？}", ["新桥哪年开工？", "新桥花了多少钱？"]),
        ("{1:霜岭}夜场到几点{-:，}{2:鹿角}{-:呢}", ["霜岭夜场到几点？", "鹿角夜场到几点？"]),
        ("{1:谁建的}{-:、}{2:花了多少钱}{-:：}白鹭洲观景塔", ["谁建的白鹭洲观景塔？", "花了多少钱白鹭洲观景塔？"]),
        ("{1:3月}{-:和}{2:7月}，{1:甲}{-:和}{2:乙}{-:分别}做了什么？", ["3月，甲做了什么？", "7月，乙做了什么？"]),
        ("地铁{1:三}{-:、}{2:四}号线{-:各}有多少站", ["地铁三号线有多少站？", "地铁四号线有多少站？"]),
        (
            "{1:How much did} the bridge {1:cost}{-:, and }{2:who designed}{-: it}?",
            ["How much did the bridge cost?", "who designed the bridge?"],
        ),
        (
            "{1:서울}{-:과 }{2:부산}의 인구는{-: 각각} 얼마인가요?",
            ["서울의 인구는 얼마인가요?", "부산의 인구는 얼마인가요?"],
        ),
        ("{1:नदी}{-: और }{2:पुल} की लंबाई?", ["नदी की लंबाई?", "पुल की लंबाई?"]),
        ("{1:ما طول الجسر}{-:؟ }{2:متى افتتح}؟", ["ما طول الجسر?", "متى افتتح?"]),
    ],
)
def test_each_part_takes_its_own_words_and_what_is_said_of_all(line: str, expected: list[str]) -> None:
    assert asked(of_marks(line)) == expected


def test_the_things_of_what_is_asked_are_asked_one_by_one() -> None:
    line = "{1:盐业馆}{-:跟}{2:灯具馆}{a:几点开门}{-:，}{b:门票{-:各}多少}"
    assert asked(of_marks(line)) == ["盐业馆几点开门？", "灯具馆几点开门？", "盐业馆门票多少？", "灯具馆门票多少？"]


def test_more_than_can_be_searched_for_is_left_together() -> None:
    things = "".join(f"{{{number}:{name}}}{{-:、}}" for number, name in enumerate("甲乙丙丁", 1))
    found = asked(of_marks(f"{things}{{a:多长}}{{-:，}}{{b:多高}}？"))
    assert found == ["甲、乙、丙、丁、多长？", "甲、乙、丙、丁、多高？"]


@pytest.mark.parametrize(
    ("line", "expected", "relation", "quality"),
    [
        (
            "=larger|{1:甲山}{-:跟}{2:乙山}{-:谁的}雪道{-:更}{q:多}？",
            ["甲山雪道有多少？", "乙山雪道有多少？"],
            "larger",
            "多",
        ),
        (
            "=smaller|{1:东站}{-:和}{2:西站}票价{-:哪个}{q:低}",
            ["东站票价是多少？", "西站票价是多少？"],
            "smaller",
            "贵",
        ),
        ("=larger|{1:甲桥}{-:和}{2:乙桥}{-:哪座更}{q:长}", ["甲桥有多长？", "乙桥有多长？"], "larger", "长"),
        ("=larger|{1:甲}{-:和}{2:乙}{-:谁}{q:床位多}", ["甲床位有多少？", "乙床位有多少？"], "larger", "多"),
        ("=differ|联赛{1:冠军}{2:亚军}{-:差}{q:几分}？", ["联赛冠军几分？", "联赛亚军几分？"], "larger", "几分"),
        (
            "=larger|{-:Which is }{q:longer}{-:, }{1:the Fenmoor Bridge}{-: or }{2:the Ostrey Bridge}?",
            ["How long is the Fenmoor Bridge?", "How long is the Ostrey Bridge?"],
            "larger",
            "longer",
        ),
    ],
)
def test_what_is_compared_by_a_figure_is_asked_for_it(
    line: str, expected: list[str], relation: str, quality: str
) -> None:
    found = of_marks(line)
    assert found is not None
    assert (asked(found), found.relation, found.quality) == (expected, relation, quality)


@pytest.mark.parametrize(
    ("line", "read_for", "relation", "event"),
    [
        (
            "=earlier|{1:苹果节}{-:和}{2:梨花节}{-:哪个先}开幕？",
            ["苹果节开幕是什么时候？", "梨花节开幕是什么时候？"],
            "earlier",
            "开幕",
        ),
        (
            "=same year|{1:东桥建成}{-:和}{2:西桥建成}{-:是不是同一年}",
            ["东桥建成是什么时候？", "西桥建成是什么时候？"],
            "same year",
            "",
        ),
        (
            "=earlier|{1:东塔}{-:和}{2:西塔}{-:哪座更}{q:老}",
            ["东塔建立是什么时候？", "西塔建立是什么时候？"],
            "earlier",
            "建立",
        ),
        (
            "=earlier|{1:東橋}{-:和}{2:西橋}{-:哪座先}通車{-:？}",
            ["東橋通車是什么时候？", "西橋通車是什么时候？"],
            "earlier",
            "通车",
        ),
        (
            "=earlier|刘雨桐{-:是先}{1:上大学}{-:还是先}{2:结婚}",
            ["刘雨桐上大学是什么时候？", "刘雨桐结婚是什么时候？"],
            "earlier",
            "",
        ),
        (
            "=differ|运钞车{1:被劫}{-:和}{2:找回}{-:，中间隔了}{q:几天}",
            ["运钞车被劫是什么时候？", "运钞车找回是什么时候？"],
            "earlier",
            "",
        ),
        ("=differ|{1:停电}{-:和}{2:来电}{-:相隔多久}", ["停电是什么时候？", "来电是什么时候？"], "earlier", ""),
        (
            "=earlier|{-:Which came first, }{1:the fair}{-: or }{2:the vote}?",
            ["When was the fair?", "When was the vote?"],
            "earlier",
            "",
        ),
    ],
)
def test_what_is_compared_by_time_is_found_by_its_name_and_read_for_its_day(
    line: str, read_for: list[str], relation: str, event: str
) -> None:
    found = of_marks(line)
    assert found is not None
    assert [part.read_for for part in found.parts] == read_for
    assert (found.relation, found.event) == (relation, event)


def test_whether_two_are_one_asks_who_each_is() -> None:
    found = of_marks("=same|{1:教她下棋的人}{-:和}{2:铁炉队主帅}{-:是不是同一个人}")
    assert found is not None
    assert found.relation is None
    assert [part.read_for for part in found.parts] == ["教她下棋的人是谁？", "铁炉队主帅是谁？"]


@pytest.mark.parametrize(
    ("line", "is_first"),
    [
        ("=larger|{1:甲票}{-:比}{2:乙票}{q:贵}{-:多少}？", True),
        ("=larger|{1:今年}学费{-:比}{2:去年}{-:涨了多少}？", True),
        ("=larger|{1:甲山}{-:和}{2:乙山}{-:哪座更}{q:高}？", False),
        ("=larger|{1:紫线}{-:和}{2:橘线}{-:哪条}运量{-:比较}{q:大}", False),
        ("=larger|{-:Which is }{q:longer}{-:, }{1:Elm Road}{-: or }{2:Oak Road}{-:? Thanks}", False),
    ],
)
def test_by_how_much_things_differ_may_be_told_itself(line: str, *, is_first: bool) -> None:
    found = of_marks(line)
    assert found is not None
    assert found.is_whole_first is is_first


@pytest.mark.parametrize(
    "line",
    [
        "=larger|{1:今年}票价{-:为什么比}{2:去年}{q:贵}",
        "=larger|{-:Why is }{1:the tram}{q: dearer}{-: than }{2:the bus}?",
    ],
)
def test_why_one_is_more_than_another_is_one_question(line: str) -> None:
    assert of_marks(line) is None


@pytest.mark.parametrize(
    ("text", "read_for"),
    [
        ("{1:时间}", "茶会的时间是什么时候？"),
        ("{1:地点}", "茶会的地点在哪里？"),
        ("{1:冠军}", "茶会的冠军是谁？"),
        ("{1:票价}", "茶会的票价是多少？"),
        ("{1:起因}", "茶会的起因是什么？"),
        ("{1:由来}", "茶会的由来是什么？"),
    ],
)
def test_a_noun_that_asks_is_read_as_a_question(text: str, read_for: str) -> None:
    found = of_marks(f"茶会的{text}{{-:、}}{{2:主题}}")
    assert found is not None
    assert found.parts[0].read_for == read_for
    assert found.parts[0].name == text[3:-1]


def test_without_marks_nothing_is_cut() -> None:
    assert cut("甲和乙分别多长？", Known(), None) is None


# ---- Marks as they are written


@pytest.mark.parametrize(
    "line", ["{1:甲", "甲}和", "{1:甲}和乙", "{2:甲}{1:乙}", "=bigger|{1:甲}{2:乙}", "=larger|甲和乙", "{x:甲}", ""]
)
def test_marks_that_cannot_be_are_said(line: str) -> None:
    with pytest.raises(MarkError):
        examples_of(line)


# ---- The likeliest tags


@given(st.integers(2, 6), st.integers(0, 2**32 - 1))
def test_the_likeliest_path_is_the_best_of_those_that_begin_two_parts(size: int, seed: int) -> None:
    dice = np.random.default_rng(seed)
    scores = dice.normal(size=(size, 3)).astype(np.float32)
    steps = dice.normal(size=(4, 3)).astype(np.float32)

    def of(path: Sequence[int]) -> float:
        moves = sum(float(steps[before, tag]) for before, tag in itertools.pairwise((3, *path)))
        return moves + sum(float(scores[place, tag]) for place, tag in enumerate(path))

    paths = (path for path in itertools.product(range(3), repeat=size) if path.count(Tag.BEGIN) >= 2)
    found = likeliest(scores, steps)
    assert found.count(Tag.BEGIN) >= 2
    assert of(found) == pytest.approx(max(map(of, paths)), abs=1e-4)


# ---- The model that is shipped


@pytest.fixture(scope="module")
def marker(prepared_cache: Path) -> Marker:
    opened = open_marker(prepared_cache)
    assert opened
    return opened


@settings(deadline=None)
@given(st.text(st.sampled_from("甲乙桥和、，分别各哪个更长？ abc,and or 1年月"), max_size=60))
def test_whatever_is_typed_is_cut_into_two_to_six_or_not_at_all(marker: Marker, question: str) -> None:
    found = cut(question, marker, marker.mark(question))
    assert found is None or 2 <= len(found.parts) <= MOST_PARTS
    assert all(part.question.strip("？?") and part.name for part in (found.parts if found else ()))


def test_a_pasted_text_is_not_marked(marker: Marker) -> None:
    assert marker.mark("桥有多长，" * MOST_PIECES) is None
    assert marker.mark("") is None


def test_most_questions_that_nobody_has_shown_it_are_cut_as_they_should_be(marker: Marker) -> None:
    wrong = list[str]()
    examples = [example for line in blind() for example in examples_of(line)]
    found = measured(examples, marker, wrong)
    assert found["left whole"] >= 0.9
    assert found["cut"] >= 0.93
    assert found["as many"] >= 0.85
