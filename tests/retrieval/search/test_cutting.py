"""Questions cut into the things they ask."""

import itertools
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.search.cutting import cut
from retrieval.search.listing import MOST_PARTS, Cut, Relation
from retrieval.search.question import before_asking

THINGS = ("雁栖湖大桥通车", "东湖医院搬迁", "《往事与随想》首映", "沄州马拉松开跑", "县长辞职获准")


def coherence(texts: Sequence[str]) -> tuple[float, int]:
    """Most is told where nothing but the things known stands in one text."""
    known = sum(any(text.endswith(thing) or text.startswith(thing) for thing in THINGS) for text in texts)
    return known / len(texts), len(texts)


def parts(question: str) -> list[str]:
    found = cut(question, coherence)
    return [part.question for part in found.parts] if found else []


def relation(found: Cut | None) -> Relation | None:
    return found.relation if found else None


ASKED = {
    "哪个更早？": Relation.EARLIER,
    "哪个事件发生得更早？": Relation.EARLIER,
    "，哪一个事件发生在更早？": Relation.EARLIER,
    "这两件事中哪件最早发生？": Relation.EARLIER,
    "谁先？": Relation.EARLIER,
    "中最早发生的是哪个？": Relation.EARLIER,
    "中，最早的是": Relation.EARLIER,
    "哪个更晚？": Relation.LATER,
    "是在同一个月发生的吗？": Relation.SAME_MONTH,
    "，这些事件都发生在同一年吗？": Relation.SAME_YEAR,
    "是不是同一天？": Relation.SAME_DAY,
    "是否在同一天内发生": Relation.SAME_DAY,
}


@settings(deadline=None)  # jieba reads its dictionary
@given(
    st.lists(st.sampled_from(THINGS), min_size=2, max_size=4, unique=True),
    st.sampled_from("和与及"),
    st.sampled_from(("、", "，", "；")),
    st.sampled_from(sorted(ASKED)),
)
def test_a_list_that_is_compared_is_cut_at_its_signs_and_its_last_conjunction(
    things: list[str], joined: str, sign: str, asked: str
) -> None:
    listed = sign.join(things[:-1]) + joined + things[-1]
    found = cut(listed + asked, coherence)
    assert found is not None
    assert [part.name for part in found.parts] == things
    assert [part.read_for for part in found.parts] == [f"{thing}是什么时候？" for thing in things]
    assert found.relation is ASKED[asked]


@pytest.mark.parametrize(
    "front", ["以下事件中，哪个最早发生：", "下列几件事中最早发生的是哪个？", "以下哪个事件更早？"]
)
def test_the_list_may_follow_what_is_asked_of_it(front: str) -> None:
    for things in itertools.combinations(THINGS, 3):
        for listed in (
            "、".join(things),
            "1. {}，2. {}，3. {}。".format(*things),
            "、".join(things[:2]) + "和" + things[2],
        ):
            assert [part.rstrip("。") for part in parts(front + listed)] == list(things)


@pytest.mark.parametrize(
    "behind",
    [
        "两个事件，今年哪个发生得更早？",
        "这两件事，哪件更早？",
        "，事件是否发生在同一天？",
        "，在2023年哪个更早？",
        "，两者哪个更晚？",
    ],
)
@pytest.mark.parametrize("joined", ["和", "，"])
def test_what_is_said_of_both_may_stand_behind_the_list(joined: str, behind: str) -> None:
    is_counted = "两" in behind
    expected = list(THINGS[:2]) if joined == "和" or is_counted else []
    assert parts(f"{THINGS[0]}{joined}{THINGS[1]}{behind}") == expected


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("雁栖湖大桥、白鹭洲大桥各花了多少钱？", ["雁栖湖大桥花了多少钱？", "白鹭洲大桥花了多少钱？"]),
        ("东湖医院和西陵医院分别有多少张床位？", ["东湖医院有多少张床位？", "西陵医院有多少张床位？"]),
        ("2021年和2022年马拉松冠军分别是谁？", ["2021年马拉松冠军是谁？", "2022年马拉松冠军是谁？"]),
        (
            "星空控股2020年和2021年的净利润分别是多少？",
            ["星空控股2020年的净利润是多少？", "星空控股2021年的净利润是多少？"],
        ),
        ("捐款的数量和金额各是多少？", ["捐款的数量是多少？", "捐款的金额是多少？"]),
        (
            "2023年3月和7月，欧阳棣和仇阿苧分别做了什么？",
            ["2023年3月欧阳棣做了什么？", "2023年7月仇阿苧做了什么？"],
        ),
        ("去年，欧阳棣和仇阿苧分别做了什么？", ["去年欧阳棣做了什么？", "去年仇阿苧做了什么？"]),
        ("去年3月和7月，欧阳棣和仇阿苧分别做了什么？", ["去年3月欧阳棣做了什么？", "去年7月仇阿苧做了什么？"]),
        ("昨天，雁栖湖大桥和白鹭洲大桥哪座更长？", ["昨天雁栖湖大桥有多长", "昨天白鹭洲大桥有多长"]),
        ("2022年，欧阳棣和仇阿苧分别做了什么？", ["2022年欧阳棣做了什么？", "2022年仇阿苧做了什么？"]),
        ("大桥什么时候通车？医院添了什么设备？", ["大桥什么时候通车？", "医院添了什么设备？"]),
        ("立信公司为什么被罚？罚了多少？", ["立信公司为什么被罚？", "立信公司罚了多少？"]),
        ("雁栖湖大桥和白鹭洲大桥哪座更长？", ["雁栖湖大桥有多长", "白鹭洲大桥有多长"]),
        ("新桥 vs 老桥", ["新桥", "老桥"]),
        ("Which opened first, the bridge or the library?", ["the bridge", "the library"]),
        ("Did the bridge or the library open first?", ["the bridge open", "the library open"]),
        ("Were the flood and the landslide in the same month?", ["the flood", "the landslide"]),
        (
            "Who built the bridge and when did the library move?",
            ["Who built the bridge？", " when did the library move？"],
        ),
    ],
)
def test_each_part_takes_what_is_said_of_all(question: str, expected: list[str]) -> None:
    assert [part.strip() for part in parts(question)] == [part.strip() for part in expected]


@pytest.mark.parametrize("joined", "和与跟")
@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("安和桥", "永和镇"),
        ("大和村", "玉同坝"),
        ("金和堂", "小和寨"),
        ("中和镇", "安同镇"),
        ("青嵐縣", "安和橋"),
    ],
)
def test_a_conjunction_in_a_name_that_no_archive_knows_parts_nothing(one: str, other: str, joined: str) -> None:
    for first, second in ((one, other), (other, one)):
        assert parts(f"{first}{joined}{second}哪个更早？") == [first, second]


@pytest.mark.parametrize("name", ["乜大有", "张万有", "沄州大桥", "哪吒闹海", "几内亚商会", "任何地方", "青嵐縣"])
@pytest.mark.parametrize("verb", ["", "是", "在", "有", "一共花了", "到底"])
def test_what_is_asked_of_keeps_the_end_of_its_name_and_loses_the_verb(name: str, verb: str) -> None:
    assert before_asking(f"{name}{verb}多少？") == name


@pytest.mark.parametrize(
    "question",
    [
        "新桥花了多少钱？",
        "和平路什么时候通车？",
        "在上海车展期间，特斯拉哪款车最早发布？",
        "图书馆和博物馆什么时候合并？",
        "2020年松塘竹坪那几所村小并到镇上，家长最不放心什么？",
        "几个月前审理的案件中，刘某被判了多少年？",
        "今年以来，收益率反弹幅度最大的基金是哪个？",
        "Which player got a penalty, which gave them a new set of downs?",
        "How and when did the plague enter Europe?",
        "How many points did they score in the game versus Pittsburgh?",
        "沄江",
        "、、、",
        "哪个更早",
    ],
)
def test_a_question_of_one_thing_is_not_cut(question: str) -> None:
    assert cut(question, coherence) is None


@given(st.text('和与、，,；;?？是在同一个月哪更早发生分别各多少什么"“”《》(1.2年以下事件中', max_size=60))
def test_whatever_is_typed_is_cut_into_two_to_six_or_not_at_all(question: str) -> None:
    found = cut(question, coherence)
    assert found is None or 2 <= len(found.parts) <= MOST_PARTS
    assert found is None or all(part.name.strip() and part.question.strip() for part in found.parts)


@pytest.mark.parametrize(
    ("question", "read_for"),
    [
        ("新桥 vs 老桥", ["新桥是怎么回事？", "老桥是怎么回事？"]),
        ("Which opened first, the bridge or the library?", ["When was the bridge?", "When was the library?"]),
        ("新桥和老桥哪座更长？", ["", ""]),
        ("新桥和老桥各花了多少钱？", ["", ""]),
    ],
)
def test_hits_of_a_bare_name_are_read_for_a_question(question: str, read_for: list[str]) -> None:
    found = cut(question, coherence)
    assert found is not None
    assert [part.read_for for part in found.parts] == read_for


SIZED = {
    "哪座长？": ("有多长", Relation.LARGER),
    "哪座更短": ("有多长", Relation.SMALLER),
    "，哪个花钱多？": ("花了多少钱", Relation.LARGER),
    "哪个造价更高？": ("造价多少钱", Relation.LARGER),
    "谁的车流大": ("车流是多少", Relation.LARGER),
    "哪里车流少？": ("车流有多少", Relation.SMALLER),
}


@settings(deadline=None)  # jieba reads its dictionary
@given(st.sampled_from("和与"), st.sampled_from(sorted(SIZED)))
def test_sizes_are_compared_without_a_word_for_more_and_by_what_has_them(joined: str, asked: str) -> None:
    how, compared = SIZED[asked]
    found = cut(f"雁栖湖大桥{joined}白鹭洲隧道{asked}", coherence)
    assert relation(found) is compared
    assert parts(f"雁栖湖大桥{joined}白鹭洲隧道{asked}") == [f"雁栖湖大桥{how}", f"白鹭洲隧道{how}"]


@pytest.mark.parametrize(
    ("question", "expected", "compared"),
    [
        ("东湖医院搬迁和县长辞职获准哪个晚？", ["东湖医院搬迁", "县长辞职获准"], Relation.LATER),
        ("东湖医院搬迁早还是县长辞职获准早", ["东湖医院搬迁", "县长辞职获准"], Relation.EARLIER),
        ("雁栖湖大桥长还是白鹭洲隧道长？", ["雁栖湖大桥有多长", "白鹭洲隧道有多长"], Relation.LARGER),
        ("东湖医院搬迁和县长辞职获准相隔多久？", ["东湖医院搬迁", "县长辞职获准"], Relation.EARLIER),
        ("东湖医院搬迁、县长辞职获准的先后顺序是什么", ["东湖医院搬迁", "县长辞职获准"], Relation.EARLIER),
        ("东湖医院和西陵图书馆哪个先建成？", ["东湖医院建成", "西陵图书馆建成"], Relation.EARLIER),
        ("Which cost more, the bridge or the library?", ["How much did the bridge cost?", "How much did the library cost?"], Relation.LARGER),
        ("Which came first, the mayor's visit or the opening of the school?", ["the mayor's visit", "the opening of the school"], Relation.EARLIER),
        ("Did the flood and the landslide happen in the same year?", ["the flood", "the landslide"], Relation.SAME_YEAR),
    ],
)  # fmt: skip
def test_comparisons_however_they_are_asked(question: str, expected: list[str], compared: Relation) -> None:
    found = cut(question, coherence)
    assert found is not None
    assert [part.question for part in found.parts] == expected
    assert found.relation is compared


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("东湖和西陵的月薪各多少？", ["东湖的月薪多少？", "西陵的月薪多少？"]),
        ("张禾和李穗的身高分别是多少？", ["张禾的身高是多少？", "李穗的身高是多少？"]),
        ("东湖大桥和西陵大桥日均车流分别是多少？", ["东湖大桥日均车流是多少？", "西陵大桥日均车流是多少？"]),
        ("东湖图书馆阅览座位和造价各是多少？", ["东湖图书馆阅览座位是多少？", "东湖图书馆阅览造价是多少？"]),
        ("第三届和第四届茶会各有几人？", ["第三届茶会有几人？", "第四届茶会有几人？"]),
        ("茶王奖2021年和2023年分别给了谁？", ["茶王奖2021年给了谁？", "茶王奖2023年给了谁？"]),
        ("2021、2023两届茶会哪一届人多？", ["2021年茶会人有多少", "2023年茶会人有多少"]),
        ("轻轨三、四号线分别什么时候开通？", ["轻轨三号线什么时候开通？", "轻轨四号线什么时候开通？"]),
        ("茶会一、二、三等奖各多少钱？", ["茶会一等奖多少钱？", "茶会二等奖多少钱？", "茶会三等奖多少钱？"]),
        ("7月30日和31日，女排比赛和股市分别如何？", ["7月30日女排比赛如何？", "7月31日股市如何？"]),
        ("在2024年3月中，东湖队和西陵队各有几胜？", ["2024年3月东湖队有几胜？", "2024年3月西陵队有几胜？"]),
        ("2022年6月和2023年7月，东湖队分别有几胜？", ["2022年6月东湖队有几胜？", "2023年7月东湖队有几胜？"]),
        ("茶王的价格下降和沪指下跌哪个更早？", ["茶王的价格下降", "沪指下跌"]),
        ("茶王的产地和价格分别是什么？", ["茶王的产地是什么？", "茶王的价格是什么？"]),
        ("东湖轻轨1号线和2号线末班车分别是几点？", ["东湖轻轨1号线末班车是几点？", "东湖轻轨2号线末班车是几点？"]),
        ("东湖马拉松和望汐马拉松参赛人数各是多少？", ["东湖马拉松参赛人数是多少？", "望汐马拉松参赛人数是多少？"]),
        ("两次工厂火灾（禾丰和远帆）各烧了几天？", ["禾丰工厂火灾烧了几天？", "远帆工厂火灾烧了几天？"]),
        ("轻轨2号线比1号线多几站？", ["轻轨2号线有几站？", "轻轨1号线有几站？"]),
        ("轻轨1号线起步价几块，3号线什么时候开通？", ["轻轨1号线起步价几块？", "轻轨3号线什么时候开通？"]),
        ("东湖钢厂高峰时有多少职工，如今还剩多少？", ["东湖钢厂高峰时有多少职工？", "东湖钢厂如今还剩多少？"]),
        ("1. 东湖隧道谁建的 2. 西陵博物馆馆长叫什么", ["东湖隧道谁建的？", "西陵博物馆馆长叫什么？"]),
        ("1、谁是县长？2、茶会有几人？", ["谁是县长？", "茶会有几人？"]),
        (
            "1. Who built Fenmoor Bridge? 2. Who runs it?",
            ["Who built Fenmoor Bridge？", "built Fenmoor Bridge: Who runs it？"],
        ),
        ("1. 医院投资多少，床位多少？2. 院长是谁？", ["医院投资多少？", "医院床位多少？", "院长是谁？"]),
        ("第三届世界杯谁赢了，第八届亚运会在哪办？", ["第三届世界杯谁赢了？", "第八届亚运会在哪办？"]),
        ("两座大桥（青石、白石）各多长？", ["青石大桥多长？", "白石大桥多长？"]),
        ("今年学生比去年多几成？", ["今年学生有多少？", "去年学生有多少？"]),
        ("2021年7月30日和31日分别有几人？", ["2021年7月30日有几人？", "2021年7月31日有几人？"]),
        ("1.东湖桥谁建的？2.花了多少钱？", ["东湖桥谁建的？", "东湖桥谁建的花了多少钱？".replace("谁建的", "")]),
        ("两家银行（HSBC和Citi）各亏多少？", ["HSBC亏多少？", "Citi亏多少？"]),
        (
            "2021年三次地震（四川、云南、青海）各几级？",
            [f"2021年{where}地震几级？" for where in ("四川", "云南", "青海")],
        ),
        ("统一和三全分别卖了多少？", ["统一卖了多少？", "三全卖了多少？"]),
        ("五一、十一和春节分别放几天？", ["五一放几天？", "十一放几天？", "春节放几天？"]),
        ("地铁一、二和四号线分别几站？", ["地铁一号线几站？", "地铁二号线几站？", "地铁四号线几站？"]),
        ("青山县和白山县长分别是谁？", ["青山县长是谁？", "白山县长是谁？"]),
        ("第十届村晚谁赢了，第九届谁赢了？", ["第十届村晚谁赢了？", "第九届村晚谁赢了？"]),
        ("第三期培训在哪报名，一期多少钱？", ["第三期培训在哪报名？", "第三期培训一期多少钱？"]),
        ("县长是谁？今年高考什么时候？", ["县长是谁？", "今年高考什么时候？"]),
        ("气温最高多少度，出现在哪天？", ["气温最高多少度？", "气温最高出现在哪天？"]),
        ("iPhone 15、小米14什么时候发布，多少钱？", ["iPhone 15、小米14什么时候发布？", "iPhone 15、小米14多少钱？"]),
        ("12月中旬，东湖桥和西陵桥各有多少车？", ["12月中旬东湖桥有多少车？", "12月中旬西陵桥有多少车？"]),
        ("苍脊和银岭去年各来了多少人？", ["苍脊去年来了多少人？", "银岭去年来了多少人？"]),
        ("苍脊跟银岭一共各花了多少？", ["苍脊花了多少？", "银岭花了多少？"]),
        ("苍脊大学和银岭学院去年的学费分别是多少？", ["苍脊大学去年的学费是多少？", "银岭学院去年的学费是多少？"]),
        ("苍脊股份和银岭集团8月8日收盘价各是多少？", ["苍脊股份8月8日收盘价是多少？", "银岭集团8月8日收盘价是多少？"]),
        ("湿地公园和银岭保护区门票各多少钱？", ["湿地公园门票多少钱？", "银岭保护区门票多少钱？"]),
        ("和顺小学、松岭小学今年各招几人？", ["和顺小学今年招几人？", "松岭小学今年招几人？"]),
        ("望潮医院和望汐二院看专家要多少钱？", ["望潮医院看专家要多少钱？", "望汐二院看专家要多少钱？"]),
        ("歌剧《盐》的导演和作曲分别是谁？", ["歌剧《盐》的导演是谁？", "歌剧《盐》的作曲是谁？"]),
        ("冷库火灾的时间、地点和原因", ["冷库火灾是什么时候？", "冷库火灾在哪里？", "冷库火灾的原因是什么？"]),
        ("新桥造价和工期是多少？", ["新桥的造价是多少？", "新桥的工期是多少？"]),
        ("灯屿的轮渡首班几点末班几点？", ["灯屿的轮渡首班几点？", "灯屿的轮渡末班几点？"]),
        ("《盐》作曲是谁？女主角呢？导演呢？", ["《盐》作曲是谁？", "《盐》女主角是谁？", "《盐》导演是谁？"]),
        ("轮渡几点开？岛民票价多少？游客呢？", ["轮渡几点开？", "岛民票价多少？", "游客票价多少？"]),
        ("县医院院长是谁？副院长呢？", ["县医院院长是谁？", "县医院副院长是谁？"]),
        ("东湖雪豹2020年有几只，现在有几只？", ["东湖雪豹2020年有几只？", "东湖雪豹现在有几只？"]),
        ("和睦医院挂号涨了几块，医保给不给报？", ["和睦医院挂号涨了几块？", "和睦医院挂号医保给不给报？"]),
    ],
)
def test_what_one_of_a_list_says_is_said_of_all(question: str, expected: list[str]) -> None:
    assert [part.replace("各", "") for part in parts(question)] == expected


@pytest.mark.parametrize("thing", ["茶业峰会", "新桥发布会", "反暴力音乐会", "第二届茶业博览会", "茶社成立大会"])
@pytest.mark.parametrize("asked", ["是在同一个月举行的吗？", "是否在同一年？", "会在同一天开始吗？"])
def test_a_thing_keeps_the_end_of_its_name(thing: str, asked: str) -> None:
    assert parts(f"新桥通车和{thing}{asked}")[1] == thing


@pytest.mark.parametrize(
    "question",
    [
        "相比新桥通车，老校搬迁哪个更早？",
        "新桥通车、老校搬迁，事件从早到晚的顺序是什么？",
        "新桥通车和老校搬迁，按时间顺序哪个更早？",
        "新桥通车以及老校搬迁发生的时间顺序是怎样的？",
    ],
)
def test_what_is_said_of_the_order_is_no_thing(question: str) -> None:
    assert parts(question) == ["新桥通车", "老校搬迁"]


def test_numerals_of_one_thing_part_no_list() -> None:
    assert parts("新桥通车和电动三、四轮车规定实施哪个更早？") == ["新桥通车", "电动三、四轮车规定实施"]


@pytest.mark.parametrize("sign", ["、", "，", "；", "？", "，还有", " 还有 ", "、以及"])
@pytest.mark.parametrize(
    ("first", "later", "whole"),
    [
        ("渡轮青鸥号造价多少", "坐多少人", "渡轮青鸥号坐多少人"),
        ("南渡火灾死了几个人", "那次烧了多久", "南渡火灾烧了多久"),
        ("守林人的妻子叫什么", "他哪年上山", "守林人哪年上山"),
        ("新茶市场有多少摊位", "为什么搬", "新茶市场为什么搬"),
    ],
)
def test_a_later_clause_takes_the_subject_whatever_joins_it(sign: str, first: str, later: str, whole: str) -> None:
    assert parts(f"{first}{sign}{later}？") == [f"{first}？", f"{whole}？"]


def test_a_clause_that_one_passage_has_with_the_subject_is_of_it() -> None:
    question = "南渡火灾死了几个人，起火原因是什么？"
    together = cut(question, lambda texts: (1.0, len(texts)))
    apart = cut(question, lambda texts: (0.5, len(texts)))
    assert together is not None
    assert apart is not None
    assert [found.parts[1].question for found in (together, apart)] == ["南渡火灾起火原因是什么？", "起火原因是什么？"]


def test_an_english_pronoun_stands_for_the_first_clause() -> None:
    assert parts("Who built the Moonlit Bridge and when did it open?") == [
        "Who built the Moonlit Bridge？",
        "built Moonlit Bridge: when did it open？",
    ]


@pytest.mark.parametrize("question", ["甲、乙、丙是谁？", "谁和谁合并？", "什么是水库、水塘？"])
def test_a_list_that_asks_once_is_not_cut_at_its_signs(question: str) -> None:
    assert cut(question, coherence) is None


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("东区医院和西区医院什么时候建成？", ["东区医院什么时候建成？", "西区医院什么时候建成？"]),
        ("望潮区和石埠区的人口是多少？", ["望潮区的人口是多少？", "石埠区的人口是多少？"]),
        ("三号线、四号线花了多少钱", ["三号线花了多少钱？", "四号线花了多少钱？"]),
        ("三中和五中的校长是谁？", ["三中的校长是谁？", "五中的校长是谁？"]),
        ("甲县和乙县合并于哪年？", []),
        ("野马队和钢人队的决赛在哪里举行？", []),
        ("在野马队和钢人队中，哪支球队是分区冠军？", []),
        ("中国和法国哪年建交？", []),
        ("《冰与火之歌》的作者是谁？", []),
        ("新桥和老桥之间有多远？", []),
    ],
)
def test_things_of_one_sort_are_asked_one_by_one(question: str, asked: list[str]) -> None:
    assert parts(question) == asked


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("东湖馆的馆长是谁 多大了", ["东湖馆的馆长是谁？", "东湖馆的馆长多大了？"]),
        ("雨燕在哪里登陆？“石莲”呢？", ["雨燕在哪里登陆？", "“石莲”在哪里登陆？"]),
        ("茶会奖金2021年多少，2023年多少？", ["茶会奖金2021年多少？", "茶会奖金2023年多少？"]),
        ("茶会2021年谁赢了奖杯，2023年在哪里举行？", ["茶会2021年谁赢了奖杯？", "2023年在哪里举行？"]),
        ("东湖公司的董事长和总经理是谁？", ["东湖公司的董事长是谁？", "东湖公司的总经理是谁？"]),
        ("东湖图书馆和西陵博物馆每周哪天闭馆？", ["东湖图书馆每周哪天闭馆？", "西陵博物馆每周哪天闭馆？"]),
        ("雨燕和石斑两个台风各转移了多少人", ["雨燕转移了多少人？", "石斑转移了多少人？"]),
        (
            "When did work begin, when did it open, and when did it close?",
            ["When did work begin？", "work begin: when did it open？", "work begin: when did it close？"],
        ),
        (
            "Who built the Lake Bridge and the Hill Bridge?",
            ["Who built the Lake Bridge?", "Who built the Hill Bridge?"],
        ),
        (
            "Wie heißt die Bademeisterin in Lindenau, wie viele Retter fehlen ihr und was kostet das Parken?",
            [
                "Wie heißt die Bademeisterin in Lindenau?",
                "wie viele Retter fehlen ihr?",
                "was kostet das Parken?",
            ],
        ),
        (
            "Wer hat das Bad in Lindenau entworfen und wann wurde es eröffnet?",
            ["Wer hat das Bad in Lindenau entworfen?", "wann wurde es eröffnet: Bad Lindenau?"],
        ),
        (
            "¿Cuántos bomberos fueron a Peñalva y cuántos murieron?",
            ["Cuántos bomberos fueron a Peñalva?", "cuántos murieron: Peñalva?"],
        ),
        (
            "Кто построил мост в Заречье и сколько он стоил?",
            ["Кто построил мост в Заречье?", "сколько он стоил: Заречье?"],
        ),
    ],
)
def test_clauses_whose_thing_the_first_one_names(question: str, asked: list[str]) -> None:
    assert [part.replace("各", "") for part in parts(question)] == asked


@pytest.mark.parametrize(
    "question",
    [
        "Welcher Spieler erhielt eine Strafe, was den anderen half?",
        "Wie und wann wurde es eröffnet?",
        "Which player got a penalty, which gave the others a chance?",
        "When many people are arrested, what is negotiated?",
        "How far is it between the Lake Bridge and the Hill Bridge?",
        "如果两种法律之间存在冲突，哪一项法律优先？",
        "和耀星公司和解的两个人各拿了多少钱？",
        "东湖和西陵各医院床位有多少",
        "东湖和西陵各州有多少人",
        "Which of the Lake Bridge and the Hill Bridge opened first?",
        "When did South Ruland and North Ruland sign the armistice?",
        "When were John Smith and Mary Smith married?",
        "Which road connects Lake Bridge and Hill Bridge?",
        "Кто знает, где он живет и как его зовут?",
        "Wo leben Menschen, die wissen, was Hunger ist und wie man spart?",
        "Who won the Lake Prize? Thanks",
        "姚明多高？谢谢呢",
    ],
)
def test_what_only_looks_like_two_questions_is_one(question: str) -> None:
    assert parts(question) == []


@pytest.mark.parametrize(
    ("question", "event", "asked"),
    [
        ("东湖和西陵哪家公司成立更早？", "成立", "东湖成立是什么时候？"),
        ("东湖大桥和西陵大桥是不是同一年开工的？", "开工", "东湖大桥开工是什么时候？"),
        ("东湖大桥和西陵大桥哪个先完工？", "完工", "东湖大桥完工是什么时候？"),
        ("东湖首映和西陵开跑哪个发生得更早？", "", "东湖首映是什么时候？"),
    ],
)
def test_what_happened_to_all_is_asked_of_each(question: str, event: str, asked: str) -> None:
    found = cut(question, coherence)
    assert found is not None
    assert (found.event, found.parts[0].read_for) == (event, asked)


def test_what_is_compared_may_stand_behind() -> None:
    found = cut("2023年谁赚得多，东湖公司还是西陵公司？", coherence)
    assert found is not None
    assert found.relation is Relation.LARGER
    assert ["东湖公司" in found.parts[0].question, "西陵公司" in found.parts[1].question] == [True, True]


@pytest.mark.parametrize(
    ("question", "expected", "compared"),
    [
        ("南湖小学的学生比北山小学多吗", ["南湖小学的学生有多少？", "北山小学的学生有多少？"], Relation.LARGER),
        ("东站票价比西站贵多少", ["东站票价是多少？", "西站票价是多少？"], Relation.LARGER),
        ("今年的票价比去年涨了多少？", ["今年的票价是多少？", "去年的票价是多少？"], Relation.LARGER),
        ("甲厂2023年的利润比2022年少了多少", ["甲厂2023年的利润是多少？", "甲厂2022年的利润是多少？"], Relation.SMALLER),
        ("一号线比二号线早开通多少天", ["一号线开通", "二号线开通"], Relation.EARLIER),
        ("2022年到2024年学费涨了多少", ["2022年学费是多少？", "2024年学费是多少？"], Relation.LARGER),
        ("学费从2022年到2024年降了多少？", ["2022年学费是多少？", "2024年学费是多少？"], Relation.SMALLER),
        ("成交量是去年六月多还是十二月多", ["成交量去年六月是多少？", "成交量去年十二月是多少？"], Relation.LARGER),
        ("东湖医院和西陵图书馆哪个更古老？", ["东湖医院建立", "西陵图书馆建立"], Relation.EARLIER),
        ("东湖医院和西陵图书馆谁先建成？早多少天？", ["东湖医院建成", "西陵图书馆建成"], Relation.EARLIER),
        ("2023年和2024年马拉松的冠军是不是同一个人", ["2023年马拉松的冠军是谁？", "2024年马拉松的冠军是谁？"], None),
        (
            "雁栖湖大桥和白鹭洲隧道哪个更长，哪个投资多？",
            ["雁栖湖大桥有多长", "白鹭洲隧道有多长", "雁栖湖大桥投资多少钱", "白鹭洲隧道投资多少钱"],
            None,
        ),
        (
            "台风海燕和山竹哪个损失大？各死了多少人？",
            ["台风海燕损失是多少", "山竹损失是多少", "台风海燕死了多少人", "山竹死了多少人"],
            None,
        ),
        ("海燕、山竹各死了多少人、伤了多少人？", [
            "海燕死了多少人？", "海燕伤了多少人？", "山竹死了多少人？", "山竹伤了多少人？",
        ], None),
        ("高铁一等座、二等座各多少钱？停哪几站？", [
            "高铁一等座多少钱？", "高铁二等座多少钱？", "高铁停哪几站？",
        ], None),
        ("卫生局局长和县委书记是谁", ["卫生局局长是谁？", "县委书记是谁？"], None),
        ("《盐》和《灯》哪部更长，有中场休息吗？", [
            "《盐》有多长", "《灯》有多长", "《盐》有中场休息吗", "《灯》有中场休息吗",
        ], None),
        ("甲大学和乙大学哪个便宜，便宜多少，各自哪天报到？", [
            "甲大学多少钱", "乙大学多少钱", "甲大学哪天报到", "乙大学哪天报到",
        ], None),
        ("苍脊保护区和银岭保护区哪边雪豹多？", ["苍脊保护区雪豹有多少", "银岭保护区雪豹有多少"], Relation.LARGER),
        ("歌剧院跟大剧院，先有的哪个？", ["歌剧院建立", "大剧院建立"], Relation.EARLIER),
        ("铁锚队先换帅还是先夺冠的？", ["铁锚队换帅", "铁锚队夺冠"], Relation.EARLIER),
        ("松岭小学2024年比2023年多招了几人？", ["松岭小学2024年招了几人？", "松岭小学2023年招了几人？"], Relation.LARGER),
        ("哪届片子更多，第十一届还是第十三届？", ["第十一届片子有多少", "第十三届片子有多少"], Relation.LARGER),
        ("パンダの名前と年齢を教えてください。", ["パンダの名前は？", "パンダの年齢は？"], None),
        ("ラッコの名前と、いつから見られるかを教えて", ["ラッコの名前は？", "ラッコはいつから見られる？"], None),
        ("カツオ祭りはいつやるの？延期の理由は？", ["カツオ祭りはいつやるの？", "カツオ祭りの延期の理由は？"], None),
        ("花火は何時から、何発上がる？", ["花火は何時から？", "花火は何発上がる？"], None),
        ("賞金は2024年と2025年でどちらが高かった？", ["2024年の賞金は？", "2025年の賞金は？"], Relation.LARGER),
        ("新橋と旧橋ではどちらが長いですか？", ["新橋の長さは？", "旧橋の長さは？"], Relation.LARGER),
        ("南北橋と東西橋、どちらが先に開通しましたか", ["南北橋はいつ開通？", "東西橋はいつ開通？"], Relation.EARLIER),
        ("お茶とコーヒーはどちらが好き", [], None),
        ("유물이 몇 점 손상됐고 언제 문을 여나요?", ["유물이 몇 점 손상됐고?", "유물이 언제 문을 여나요?"], None),
        (
            "Wie lang ist die Brücke in Lanbu und was kostet sie?",
            ["Wie lang ist die Brücke in Lanbu?", "was kostet sie: Brücke Lanbu?"],
            None,
        ),
        ("Did more people come in 2024 or in 2025?", [
            "How many people come in 2024?", "How many people come in 2025?",
        ], Relation.LARGER),
        ("Who won the vote in Harwick and Pellmouth, and what was the turnout in each?", [
            "Who won the vote in Harwick?", "Who won the vote in Pellmouth?",
            "what was the turnout in Harwick?", "what was the turnout in Pellmouth?",
        ], None),
        ("大火的死亡人数，8月9号晚上和14号下午分别是多少", [
            "8月9号晚上大火的死亡人数是多少？", "8月14号下午大火的死亡人数是多少？",
        ], None),
        ("邛崃救援队和成都飞鹰队在涿州各转移了几人？", [
            "邛崃救援队在涿州转移了几人？", "成都飞鹰队在涿州转移了几人？",
        ], None),
        ("霜岭和鹿角这两家雪场今年哪个开得早", ["今年霜岭", "今年鹿角"], Relation.EARLIER),
        ("甲厂跟乙厂哪个花钱多 多多少", ["甲厂花了多少钱", "乙厂花了多少钱"], Relation.LARGER),
        ("西堤修好和一厂动工，先有哪个", ["西堤修好", "一厂动工"], Relation.EARLIER),
        ("是灯具馆先开的还是盐业馆先重开的", ["灯具馆开", "盐业馆重开"], Relation.EARLIER),
        ("联赛2023年2024年冠军分别是谁", ["联赛2023年冠军是谁？", "联赛2024年冠军是谁？"], None),
        ("平日去滑雪 霜岭比鹿角贵多少", ["平日去滑雪霜岭多少钱？", "平日去滑雪鹿角多少钱？"], Relation.LARGER),
        ("How many votes did Whitcombe and Pym each get?", [
            "How many votes did Whitcombe get?", "How many votes did Pym get?",
        ], None),
        ("荞麦、土豆2024年青屏县各产了多少", ["荞麦2024年青屏县产了多少？", "土豆2024年青屏县产了多少？"], None),
        # what is asked of both together, of neither, or by the way, is not asked of each
        ("新馆和旧馆哪个大？它们之间有多远？", ["新馆和旧馆哪个大？", "新馆和旧馆之间有多远？"], None),
        ("东湖、西湖和南山在哪里", [], None),
        ("青石路和白云路路口发生了什么", [], None),
        ("门票从多少钱涨到多少钱？", [], None),
        ("博物馆开放时间和票价", [], None),
        ("男女混双冠军分别是谁", [], None),
        ("发生火灾先逃生还是先报警？", [], None),
        ("海燕和铁锚之间那场3比3是谁最后扳平的", [], None),
        ("駅はどこ？バス停は？", [], None),
        ("A社はいつ設立？B社は？", ["A社はいつ設立？", "B社はいつ設立？"], None),
        ("うちの子と遊べる公園を教えて", [], None),
        ("油价7月24日收多少，8月9日又收多少？", ["油价7月24日收多少？", "油价8月9日收多少？"], None),
        ("台风卡努7月31日早8点几级、8月1日早8点几级？", [
            "台风卡努7月31日早8点几级？", "台风卡努8月1日早8点几级？",
        ], None),
        ("女足对海地、对英格兰各是几比几？", ["女足对海地是几比几？", "女足对英格兰是几比几？"], None),
        ("西班牙要撤多少人？他们总理在哪国？", ["西班牙要撤多少人？", "西班牙总理在哪国？"], None),
        ("马拉松男女冠军各是谁", ["马拉松男子冠军是谁", "马拉松女子冠军是谁"], None),
        ("渔港的褚万里和渔政的简海生是同一个人吗？", ["渔港的褚万里是谁？", "渔政的简海生是谁？"], None),
        ("Is the Ostrey Bridge longer than the Fenmoor Bridge?", [
            "How long is the Ostrey Bridge?", "How long is the Fenmoor Bridge?",
        ], Relation.LARGER),
        ("Did the library cost more than the school?", [
            "How much did the library cost?", "How much did the school cost?",
        ], Relation.LARGER),
        ("Which strike lasted longer, Ansley or Dunmere?", [
            "How long did Ansley strike last?", "How long did Dunmere strike last?",
        ], Relation.LARGER),
        ("Kestrel or Gullen Point: which is taller and by how much?", [
            "How tall is Kestrel?", "How tall is Gullen Point?",
        ], Relation.LARGER),
        ("How much is a ticket at Kestrel and at Gullen Point?", [
            "How much is a ticket at Kestrel?", "How much is a ticket at Gullen Point?",
        ], None),
        ("How many steps does each of the two have, Kestrel and Gullen Point?", [
            "How many steps does Kestrel have?", "How many steps does Gullen Point have?",
        ], None),
    ],
)  # fmt: skip
def test_what_is_compared_with_another_is_asked_of_both(
    question: str, expected: list[str], compared: Relation | None
) -> None:
    assert parts(question) == expected
    assert relation(cut(question, coherence)) is compared


@pytest.mark.parametrize(
    "question",
    [
        "大桥比原计划早了多久？",
        "湖人和勇士的比赛比分是多少",
        "利率比平均高多少",
        "他比我大几岁",
        "从2022年到2024年谁是校长",
    ],
)
def test_what_names_no_other_thing_is_not_compared(question: str) -> None:
    assert relation(cut(question, coherence)) is None


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("东湖大桥和西湖大桥哪座桥更高", ["东湖大桥有多高", "西湖大桥有多高"]),
        ("甲桥和乙桥哪座大桥先通车", ["甲桥通车", "乙桥通车"]),
        ("中国和印度哪国人口多", ["中国人口有多少", "印度人口有多少"]),
        ("警察和消防员谁先到现场", ["警察到现场", "消防员到现场"]),
        ("甲桥比乙桥长吗", ["甲桥有多长？", "乙桥有多长？"]),
        ("甲桥多长，乙桥多长", ["甲桥多长？", "乙桥多长？"]),
        ("中国vs韩国", ["中国", "韩国"]),
        ("Who is older, Smith or Jones?", ["How old is Smith?", "How old is Jones?"]),
        ("Who got more votes, Smith or Jones?", ["How many votes did Smith get?", "How many votes did Jones get?"]),
        ("Was the hospital or the school built first?", ["the hospital built", "the school built"]),
        ("Who runs {it} at Kestrel and at Gullen?", ["Who runs {it} at Kestrel?", "Who runs {it} at Gullen?"]),
    ],
)
def test_what_things_are_is_not_what_they_have(question: str, expected: list[str]) -> None:
    assert parts(question) == expected


@pytest.mark.parametrize(
    "question",
    [
        "经济和环保哪个更重要", "情况比之前更严重吗", "甲桥和乙桥有什么区别", "东区医院和西区医院是什么关系", "他到底是为什么被抓的，你知道吗",
        "大桥什么时候通车?! 有人知道吗?", "What weather hit Kestrel, Gullen and Fenmoor?", "Is the bridge longer than planned?",
        "Which river flooded Upper, Lower and Middle Kestrel?",
    ],
)  # fmt: skip
def test_what_is_asked_of_things_together_or_aside_is_not_cut(question: str) -> None:
    assert cut(question, coherence) is None
