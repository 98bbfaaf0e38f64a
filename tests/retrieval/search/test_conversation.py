"""Questions that lean on the one before: what is put together, when, and what the bundled model makes of plain ones."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.marker.evaluate import of_marks
from benchmarks.marker.turns import turn_of
from retrieval import Answer, Article, Filters, FollowUp, Hit, Refusal, RefusalKind
from retrieval.encode.marker import Link, Marker, open_marker
from retrieval.search.conversation import completed, followed

KNOWN = Answer("", 0.9, Filters(), ())
UNKNOWN = replace(KNOWN, confidence=0.1, refusal=Refusal(RefusalKind.UNKNOWN))


@pytest.fixture(scope="module")
def marker(prepared_cache: Path) -> Marker:
    opened = open_marker(prepared_cache)
    assert opened
    return opened


# ---- What is put together


@pytest.mark.parametrize(
    ("marked", "asked", "taken"),
    [
        ("新跃鲤大桥{-:是谁设计的？} || 花了多少钱？", "新跃鲤大桥花了多少钱？", "新跃鲤大桥"),
        (
            "赤岭{r:2023年}喷发转移了多少人？ || {-:那}2025年{-:呢？}",
            "赤岭2025年喷发转移了多少人？",
            "赤岭…喷发转移了多少人",
        ),
        (
            "沧澜航运的秦以宁{-:为什么走了？} || 谁接了{p:她}的位子？",
            "谁接了沧澜航运的秦以宁的位子？",
            "沧澜航运的秦以宁",
        ),
        (
            "{-:How much did }the new bridge{-: cost?} || {-:and }who built {p:it}?",
            "who built the new bridge?",
            "the new bridge",
        ),
        ("{-:When did }the tram{-: open?} || and the cost?", "and the cost the tram?", "the tram"),
        ("{r:When} did the tram open? || why?", "why did the tram open?", "… did the tram open"),
        ("가온대교{-:는 언제 열렸나요?} || 길이는?", "가온대교 길이는?", "가온대교"),
        ("{r:白鷺座}はいつ閉まるの？ || 青葉座{-:は？}", "青葉座はいつ閉まるの？", "…はいつ閉まるの"),
    ],
)
def test_words_are_put_together_as_they_are_marked(marked: str, asked: str, taken: str) -> None:
    turn = turn_of(marked)
    assert completed(turn.before, turn.question, of_marks(turn)) == FollowUp(asked, taken)


def test_of_several_places_the_surest_is_filled_and_others_are_words() -> None:
    turn = turn_of("{r:三号线}什么时候通车？ || {-:那}四号线{-:呢？}")
    link = of_marks(turn)
    unsure = link.uses[1].copy()
    unsure[1:4] = (-3.0, -0.7, -0.6)  # 四号线: a place rather than kept, hardly
    assert completed(turn.before, turn.question, replace(link, uses=(link.uses[0], unsure))) == FollowUp(
        "四号线什么时候通车？", "…什么时候通车"
    )


@pytest.mark.parametrize("marked", ["{-:三号线什么时候通车？} || 票价呢？", "三号线什么时候通车？ || {-:嗯}"])
def test_where_nothing_is_taken_or_nothing_asked_there_is_no_other_question(marked: str) -> None:
    turn = turn_of(marked)
    assert completed(turn.before, turn.question, of_marks(turn)) is None


# ---- When


class Marked:
    """A marker that says the same of any two questions: that the first word of the one before is kept."""

    def __init__(self, leans: float) -> None:
        self.leans = leans

    def link(self, before: str, question: str) -> Link:
        kept = f"{before[:5]}{{-:{before[5:]}}} || {question}"
        return replace(of_marks(turn_of(kept)), leans=self.leans)


@pytest.mark.parametrize(
    ("leans", "knows_alone", "knows_completed", "is_completed", "asked"),
    [
        (0.95, True, True, True, 0),
        (0.7, True, True, False, 1),
        (0.7, False, False, True, 1),
        (0.3, False, True, True, 2),
        (0.3, False, False, False, 2),
        (0.3, True, True, False, 1),
        (0.05, False, True, False, 0),
    ],
)
def test_the_less_sure_the_more_the_archive_is_asked(
    leans: float, *, knows_alone: bool, knows_completed: bool, is_completed: bool, asked: int
) -> None:
    questions = list[str]()

    def answer(text: str) -> Answer:
        questions.append(text)
        return KNOWN if (knows_completed if "新跃鲤大桥" in text else knows_alone) else UNKNOWN

    found = followed("修理费算谁的", "新跃鲤大桥是谁设计的？", Marked(leans), answer)  # type: ignore[arg-type]
    assert found == (FollowUp("新跃鲤大桥修理费算谁的", "新跃鲤大桥") if is_completed else None)
    assert questions == ["修理费算谁的", "新跃鲤大桥修理费算谁的"][:asked]


@pytest.mark.parametrize("question", ["谢谢", "有哪些关于茶叶的新闻？", "thank you"])
def test_thanks_and_requests_for_news_lean_on_nothing(question: str) -> None:
    assert followed(question, "新跃鲤大桥是谁设计的？", Marked(0.99), lambda _: KNOWN) is None  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "question",
    ["还有别的吗？", "还有别的媒体报道吗？", "外媒怎么说？", "谁说的？", "哪家媒体报道的？", "消息来源是哪里？"],
)
def test_what_others_say_asks_for_the_reports(question: str) -> None:
    found = followed(question, "新跃鲤大桥是谁设计的？", Marked(0.1), lambda _: KNOWN)  # type: ignore[arg-type]
    assert found == FollowUp("关于新跃鲤大桥的报道有哪些", "新跃鲤大桥")


@pytest.mark.parametrize(
    ("last", "question", "asked"),
    [
        ("2022年灯会来了多少人？", "前一年呢？", "2021年灯会来了多少人？"),
        ("2022年1月来了多少人？", "前一个月呢？", "2021年12月来了多少人？"),
        ("3月1日来了多少人？", "前一天呢？", "2月29日来了多少人？"),
        ("5月3日来了多少人？", "隔天呢？", "5月4日来了多少人？"),
        ("How many came in 2022?", "and the year before?", "How many came in 2021?"),
        ("How many came in 2022?", "What about the following year?", "How many came in 2023?"),
        ("How many came on 31 May 2022?", "the next day?", "How many came on 1 June 2022?"),
    ],
)
def test_the_time_next_to_the_one_asked_is_reckoned(last: str, question: str, asked: str) -> None:
    found = followed(question, last, Marked(0.1), lambda _: UNKNOWN)  # type: ignore[arg-type]
    assert found
    assert found.question == asked


@pytest.mark.parametrize(
    ("last", "answer", "question", "asked"),
    [
        ("云汀中学的新校长是谁", "韩映秋", "她以前在哪教书", "韩映秋以前在哪教书"),
        ("云汀中学的新校长是谁", "去年九月", "她以前在哪教书", "云汀中学的新校长以前在哪教书"),
        ("Who won the Harrowmere race?", "Lena Marsh", "how old is she?", "how old is Lena Marsh"),
    ],
)
def test_a_person_is_the_one_who_answered(marker: Marker, last: str, answer: str, question: str, asked: str) -> None:
    hit = Hit(1, 1.0, answer, (0, len(answer)), (0, len(answer)), Article("a", answer), answer=(0, len(answer)))
    found = followed(question, last, marker, lambda text: replace(KNOWN, hits=(hit,)) if text == last else UNKNOWN)
    assert found
    assert found.question.rstrip("？?") == asked


# ---- The model


@pytest.mark.parametrize(
    ("last", "question", "asked"),
    [
        ("新跃鲤大桥是谁设计的？", "花了多少钱？", "新跃鲤大桥花了多少钱？"),
        ("白露号造价多少？", "票价呢？", "白露号票价多少？"),
        ("白露号造价多少？", "那霜降号呢？", "霜降号造价多少？"),
        ("白露号造价多少？", "谁造的？", "白露号谁造的？"),
        ("沄州地铁三号线什么时候动工？", "那四号线呢？", "沄州地铁四号线什么时候动工？"),
        ("沄州地铁三号线什么时候动工？", "二號線呢", "沄州地铁二號線什么时候动工？"),
        ("沄州地铁三号线什么时候动工？", "不对，我是问四号线", "沄州地铁四号线什么时候动工？"),
        ("石笕区医院急诊楼决算多少？", "双簰区医院呢？", "双簰区医院急诊楼决算多少？"),
        ("2022年灯会来了多少人？", "那2023年呢？", "2023年灯会来了多少人？"),
        ("2021年5月蒜价涨了多少？", "那6月呢？", "2021年6月蒜价涨了多少？"),
        ("市长王海是哪年上任的？", "副市长陈立呢？", "副市长陈立是哪年上任的？"),
        ("台积电去年赚多少？", "聯發科呢？", "聯發科去年赚多少？"),
        ("市长王海什么时候被调查的？", "他多大年纪？", "市长王海多大年纪？"),
        ("地铁7号线经过哪些站？", "几点开始运营", "地铁7号线几点开始运营"),
        ("体育馆什么时候停工的？", "为什么？", "体育馆为什么停工的？"),
        ("丁慕白和祁山分别是谁？", "他俩谁的工资高", "丁慕白和祁山谁的工资高"),
        ("铜镜后来找到了吗", "谁偷的", "铜镜谁偷的"),
        ("What did Merkel say about the quota?", "and Macron?", "What did Macron say about the quota?"),
        ("When will the Northern line reopen?", "What about the Bakerloo line?", "When will the Bakerloo line reopen?"),
        ("What was the unemployment rate in Ohio?", "michigan?", "What was the unemployment rate in michigan?"),
        ("Who built the Moonlit Bridge?", "no, I meant the Lake Bridge", "Who built the Lake Bridge?"),
        ("When did the council cancel the tram?", "Why?", "Why did the council cancel the tram?"),
        ("When was Sheriff Doyle suspended?", "What happened to him?", "What happened to Sheriff Doyle?"),
        ("How much did Moonlit Bridge cost?", "who paid for it?", "who paid for Moonlit Bridge?"),
        ("¿Cuántos vinieron en 2022?", "¿y en 2021?", "¿Cuántos vinieron en 2021?"),
        ("¿Cuándo abrieron el puente de Lanbu?", "¿y cuánto costó?", "cuánto costó el puente de Lanbu?"),
        ("Сколько жителей в Пекине?", "а в Шанхае?", "Сколько жителей в Шанхае?"),
        ("Thị trưởng của Hà Nội là ai?", "còn Đà Nẵng?", "Thị trưởng của Đà Nẵng là ai?"),
    ],
)
def test_what_leans_is_completed(marker: Marker, last: str, question: str, asked: str) -> None:
    found = followed(question, last, marker, lambda _: UNKNOWN)
    assert found
    assert found.question == asked
    before, _, after = found.taken.partition("…")
    assert before in last, "what is taken is shown"
    assert after in last


@pytest.mark.parametrize(
    ("last", "question"),
    [
        ("新跃鲤大桥是谁设计的？", "青岚县图书馆有多少册书？"),
        ("新跃鲤大桥是谁设计的？", "2019年灯会花了多少钱"),
        ("新跃鲤大桥是谁设计的？", "Where is the new library of Qinglan?"),
        ("大桥多长？", "普京多大了"),
        ("大桥多长？", "罢工持续了多久？"),
        ("谁是县长？", "马航客机找到了吗？"),
        ("姚明身高多少？", "比亚迪的总部在哪里？"),
        ("姚明身高多少？", "外媒怎么看中国经济？"),
        ("去年考研报名人数有多少", "今年高考几号"),
        ("上海有什么好玩的？", "我想问北京房价"),
        ("How tall is the Oakmont tower?", "Who is Li Fang?"),
        ("Who runs Harlow Steel?", "And what did the UN say about Yemen in 2018?"),
        ("When was Sheriff Doyle suspended?", "Floods in Pakistan?"),
        ("Who built the bridge of Oresund?", "Wer ist Angela Merkel?"),
        ("Wer ist Bürgermeister von Lyon?", "Und wer ist der Polizeichef von Lyon?"),
        ("Когда умер Пушкин?", "Кто изобрёл радио?"),
    ],
)
def test_what_names_its_subject_stands_by_itself(marker: Marker, last: str, question: str) -> None:
    assert followed(question, last, marker, lambda _: UNKNOWN) is None


@settings(deadline=None, max_examples=60)
@given(*[st.text(st.sampled_from("桥和那呢 ａ１ﷺ\ufb01\u0301नदी서\ud800😀,？\u200b"), min_size=1, max_size=30)] * 2)
def test_any_two_texts_are_put_together_of_their_own_words(marker: Marker, last: str, question: str) -> None:
    link = marker.link(last, question)
    found = link and completed(last, question, link)
    if found:
        own = {sign for sign in f"{last}{question}?" if not sign.isspace()}
        assert {sign for sign in found.question if not sign.isspace()} <= own


def test_what_is_empty_or_a_pasted_text_leans_on_nothing(marker: Marker) -> None:
    for last, question in (("", "那呢"), ("大桥多长？", " "), ("长" * 400, "那呢"), ("大桥多长？", "长" * 400)):
        assert followed(question, last, marker, lambda _: UNKNOWN) is None
