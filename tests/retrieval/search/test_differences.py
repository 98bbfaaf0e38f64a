"""What a question names and a passage lacks, or has another of."""

import pytest

from retrieval.search.differences import NamedKind, cited, contradictions, differences, missing, named
from retrieval.text import fold
from retrieval.values import Article, Difference


@pytest.mark.parametrize(
    ("question", "passage", "asked", "found"),
    [
        ("中国驻法国大使馆的招待会有多少人出席？", "中国驻德国大使馆举行招待会，约600人出席。", "法国", "德国"),
        ("青岚县2023年的产值是多少？", "2022年青岚县产值为12亿元。", "2023年", "2022年"),
        ("青岚县二〇二三年的产值是多少？", "2022年青岚县产值为12亿元。", "二〇二三年", "2022年"),
        ("二号线有几站？", "一号线有12站。", "二号线", "一号线"),
        ("3号楼住了多少户？", "二号楼住了40户。", "3号楼", "二号楼"),
        ("How many people live in Paris?", "About 300 people live in the town of London.", "Paris", "London"),
        ("What did the mayor say in May 2010?", "In May 2011 the mayor said nothing.", "May 2010", "May 2011"),
        ("有两千人走过吗？", "有两万人走过。", "两千人", "两万人"),
        ("有2000人走过吗？", "有9000人走过。", "2000人", "9000人"),
        ("2020世界杯在哪里？", "2018世界杯在这里。", "2020", "2018"),
        ("姚明身高多少？", "易建联身高2.13米。", "姚明", "易建联"),
    ],
)
def test_what_differs_is_named_with_what_stands_there(question: str, passage: str, asked: str, found: str) -> None:
    assert Difference(asked, found) in differences(question, passage, [])


@pytest.mark.parametrize(
    ("question", "passage"),
    [
        ("法国有多少人？", "法國有六千萬人。"),
        ("2022年有多少人？", "二〇二二年有六万人。"),
        ("二号线有几站？", "2号线有12站。"),
        ("17.1万人是哪里的？", "共有十七万一千人。"),
        ("Who lives in Paris?", "In PARIS, nobody."),
    ],
)
def test_the_same_in_another_notation_is_not_missing(question: str, passage: str) -> None:
    assert missing(question, [passage]) == []


@pytest.mark.parametrize(
    ("text", "forms"),
    [
        ("九路公交和在102路上", ["9路", "102路"]),
        ("一路公交几点开？", ["1路"]),
        ("第一师和三团村", ["1师", "3团"]),
        ("唯一路线和同一路段", []),
        ("一路上有多少人？", []),
        ("一带一路论坛哪年举办？", []),
        ("七连胜和三连冠是谁？", []),
        ("一团糟的五师傅", []),
    ],
)
def test_a_number_within_other_words_distinguishes_nothing(text: str, forms: list[str]) -> None:
    assert [item.form for item in named(text) if item.kind is NamedKind.NUMBERED] == forms


@pytest.mark.parametrize(
    "name",
    [
        "青岚县",
        "白安溪县",
        "新平阳县",
        "古沛县",
        "石南京路",
        "吴山西路",
        "宁江西村",
        "林長安鎮",
        "青嵐縣",
        "王建国",
        "張海濤",
    ],
)
@pytest.mark.parametrize("before", ["", "在", "据", "从", "赴", "由", "省"])
def test_a_name_is_not_cut_out_of_a_longer_one_nor_joined_to_what_stands_before_it(name: str, before: str) -> None:
    folded = fold(name)
    assert [item.text for item in missing(f"{before}{name}的事", ["今天下雨。"])] == [folded]
    assert missing(f"{before}{name}的事", [f"{name}下雨。"]) == []
    assert missing(f"{name}的事", [f"大{name[1:]}下雨。"])


def test_a_place_is_the_same_without_what_kind_of_place_it_is() -> None:
    assert missing("北京市有几条河？", ["北京有两条河。"]) == []
    assert missing("岚县有几条河？", ["大岚有两条河。"])


def test_what_the_citation_says_is_not_missing() -> None:
    article = Article("a", "约600人出席。", title="驻法国大使馆招待会", published="2022-07-28")
    assert missing("2022年7月法国招待会有多少人？", [article.text, *cited(article)]) == []


def test_what_has_no_counterpart_is_named_alone() -> None:
    assert differences("法国有多少人？", "今天下雨。", []) == (Difference("法国", None),)


SENTENCE = "沄江上的新桥昨天通车，全长三百四十米，造价{cost}，由{name}设计"
COPY = "本台消息 沄江上的新桥昨天通车，全长340米，造价{cost}，由{name}设计。桥头的茶馆也开了张，一碗茶卖九元。"


@pytest.mark.parametrize(
    ("cost", "name", "told"),
    [
        ("1200万元", "姚明", []),
        ("1500万元", "姚明", [Difference("一千二百万元", "1500万元")]),
        ("一千二百万元", "易建联", [Difference("姚明", "易建联")]),
    ],
)
def test_a_copy_contradicts_by_figure_or_name_whatever_its_notation(
    cost: str, name: str, told: list[Difference]
) -> None:
    own = SENTENCE.format(cost="一千二百万元", name="姚明")
    assert list(contradictions(own, COPY.format(cost=cost, name=name))) == told


def test_what_a_copy_leaves_out_or_tells_of_another_thing_contradicts_nothing() -> None:
    own = SENTENCE.format(cost="一千二百万元", name="姚明")
    assert not contradictions(own, "沄江上的新桥昨天通车，老船工说以后不用等船。")
    assert not contradictions(own, "图书馆搬了家，读者去年有1500万元的书可借。")
    assert not contradictions("沄州3月14日讯（记者）大桥通车，长340米", "沄州3月15日讯（记者）大桥通车，长340米")


@pytest.mark.parametrize(
    ("text", "numbered"),
    [
        ("5月18号通车", []),
        ("上一届马拉松", []),
        ("18号那天", []),
        ("两届冠军", []),
        ("18号线", ["18号线"]),
        ("第七届马拉松", ["七届"]),
    ],
)
def test_a_day_and_the_one_before_are_not_told_apart_by_their_number(text: str, numbered: list[str]) -> None:
    assert [item.text for item in named(text) if item.kind is NamedKind.NUMBERED] == numbered
