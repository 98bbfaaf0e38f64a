"""Text dumps: many articles in a file, a label before each, what pages leave behind the last sentence."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.clean.article import make_article
from retrieval.clean.boilerplate import LEAST_NEIGHBOURS, Boilerplate, learning
from retrieval.read import read
from retrieval.read.files import Limits, Split
from retrieval.values import Article, Draft

BODY = (
    "滨湖县农业站发布的报告说，今年早稻平均亩产四百六十二公斤，比上年多出十九公斤。站长戚望山认为，增产主要得益于春季雨水均匀，"
    "以及新引进的抗倒伏品种在三个乡推广面积超过一半。不过，收购价并未同步上涨。"
)


def made(text: str, *, is_record: bool = True) -> Article:
    article = make_article(Draft(id="x", text=text, is_record=is_record), today=date(2027, 1, 1))
    assert isinstance(article, Article)
    return article


def split(path: Path, how: Split = Split.AUTO) -> list[Draft]:
    return [item for item in read([path], limits=Limits(split=how)) if isinstance(item, Draft)]


LABELS = (
    ("[ 2023-07-28 16：40 ] ，正文：", "2023-07-28T16:40"),
    ("2023-08-11 15:10，正文：", "2023-08-11T15:10"),
    ("2023-08-19 13:59:29，正文：    ", "2023-08-19T13:59:29"),
    ("2023年8月9日，正文：", "2023-08-09"),
    ("时间：2023-08-11 15:10，正文：", "2023-08-11T15:10"),
    ("发布时间：2023/8/11 15:10 来源：岭南晨刊，正文：", "2023-08-11T15:10"),
    ("，正文：", None),
)


@pytest.mark.parametrize("is_record", [True, False])
@pytest.mark.parametrize(("label", "published"), LABELS)
def test_the_label_of_a_dump_dates_its_article_and_goes(label: str, published: str | None, *, is_record: bool) -> None:
    article = made(label + BODY, is_record=is_record)
    assert (article.published, article.text) == (published, BODY)


def test_a_month_and_a_day_take_the_year_that_the_story_gives_that_day() -> None:
    assert made(f"08/16 13:50，正文：{BODY}2023年8月16日，他又来了。").published == "2023-08-16T13:50"
    assert made(f"08/16 13:50，正文：{BODY}").published is None


@settings(max_examples=20, deadline=None)
@given(
    st.lists(st.sampled_from([label for label, _ in LABELS[:-1]]), min_size=2, max_size=40),
    st.lists(st.booleans(), min_size=40, max_size=40),
)
def test_a_file_whose_lines_begin_like_articles_is_split(labels: list[str], torn: list[bool]) -> None:
    import tempfile

    tail = {True: "水位涨了3\n.20米，\n还在涨。", False: "水位没有再涨。"}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "dump.txt"
        parts = zip(labels, torn, strict=False)
        path.write_text("\n".join(f"{label}第{n}篇。{BODY}{tail[is_torn]}" for n, (label, is_torn) in enumerate(parts)))
        drafts = split(path)
        whole = split(path, Split.NONE)
    assert len(drafts) == len(labels)
    assert len(whole) == 1
    assert all("3.20米" in draft.text for draft, is_torn in zip(drafts, torn, strict=False) if is_torn)
    assert {draft.split for draft in drafts} == {"lines that begin with dates"}


@pytest.mark.parametrize(
    ("written", "published", "text"),
    [
        ("{number}. 2023-07-{day:02d} 16:40 {body}", "2023-07-{day:02d}T16:40", "{body}"),
        ("2023年7月{day}日 16:40 {body}", "2023-07-{day:02d}T16:40", "{body}"),
        # a day without a clock may be the first words of a sentence
        ("2023年7月{day}日，{body}", "2023-07-{day:02d}", "2023年7月{day}日，{body}"),
        (
            "标题：桥头的灯第{number}盏\n时间：2023-07-{day:02d} 16:40\n正文：{body}",
            "2023-07-{day:02d}T16:40",
            "{body}",
        ),
        ("202307{day:02d}\t{body}", "2023-07-{day:02d}", "{body}"),
    ],
)
def test_an_article_of_a_dump_has_the_day_it_begins_with(
    tmp_path: Path, written: str, published: str, text: str
) -> None:
    told = [{"number": number, "day": number + 9, "body": f"{number}号田。{BODY}{BODY}"} for number in range(1, 12)]
    (tmp_path / "dump.txt").write_text("\n".join(written.format(**each) for each in told), encoding="utf-8")
    articles = [make_article(draft, today=date(2027, 1, 1)) for draft in split(tmp_path / "dump.txt")]
    found = [(article.published, article.text) for article in articles if isinstance(article, Article)]
    assert found == [(published.format(**each), text.format(**each)) for each in told]


def test_a_chronicle_is_one_article(tmp_path: Path) -> None:
    path = tmp_path / "chronicle.txt"
    path.write_text("\n".join(f"{1990 + n}年5月{n + 1}日，第{n}期工程开工，乡亲们都来看。" for n in range(28)))
    assert len(split(path)) == 1


def test_a_file_is_split_as_it_is_told(tmp_path: Path) -> None:
    path = tmp_path / "many.txt"
    path.write_text("\n\n".join(f"第{n}次上山\n{BODY}" for n in range(7)))
    assert [len(split(path, how)) for how in Split] == [1, 14, 7, 1]


OPENINGS = (
    ("人民网柏林7月28日电 （记者 李四光）", "人民网", "李四光"),
    ("云讯网柳州8月5日电(记者 黄艳梅)", "云讯网", "黄艳梅"),
    ("云技之家 7 月 31 日消息，", "云技之家", None),
    ("云视网消息：", "云视网", None),
    ("青岚消息网8月12日报道 据法新社报道，", "青岚消息网", None),
    ("云通财经APP获悉，", "云通财经APP", None),
    ("青岚报讯（记者裴剑飞）", "青岚报", "裴剑飞"),
    # outlets that only the table knows
    ("格隆汇7月28日丨", "格隆汇", None),
    ("【环球时报综合报道】", "环球时报", None),
    ("36氪获悉，", "36氪", None),
    ("南都讯 ", "南方都市报", None),
    ("网易娱乐7月28日报道 ", "网易娱乐", None),
    ("云楚网（青岚日报网）讯（通讯员柯航、王冠）", "云楚网", "柯航、王冠"),
    ("云深新闻网2023年8月18日讯（记者 曾小苑）", "云深新闻网", "曾小苑"),
    ("□青岚报记者 王冠 ", "青岚报", None),
    ("原标题：夏夜行动保平安中新网柳州8月16日电(张子龙)", "中国新闻网", None),
    ("原标题：三国撤侨据新华社柳州8月2日电", None, None),
    ("据云视新闻消息，", None, None),
    ("记者从青岚供水获悉，", None, None),
    ("水利部官网消息，", None, None),
    ("本报讯", None, None),
)


@pytest.mark.parametrize("is_record", [True, False])
@pytest.mark.parametrize(("opening", "source", "author"), OPENINGS)
def test_a_wires_opening_names_its_outlet_and_keeps_its_words(
    opening: str, source: str | None, author: str | None, *, is_record: bool
) -> None:
    article = made(opening + BODY, is_record=is_record)
    assert (article.source, article.author) == (source, author)
    assert article.text == opening + BODY


@pytest.mark.parametrize(
    "tail",
    [
        "返回云狐，查看更多",
        "返回云狐，查看更多责任编辑：",
        "【编辑:钱姣】",
        "  更多精彩内容请进入体育频道",
        "（责任编辑：卢其 CN070）",
        "海量资讯、精准解读，尽在云岭财经APP",
        "广告声明：文内含有的对外跳转链接，用于传递更多信息，结果仅供参考，所有文章均包含本声明。",
    ],
)
def test_what_pages_leave_behind_the_last_sentence_goes(tail: str) -> None:
    article = made(BODY + tail)
    assert article.text == BODY
    assert "".join(removed.text for removed in article.removed) == tail.strip()


ADVERT = "七月三十一日至八月四日，云岭基金直播间请您一起看看播种的行情。"


def test_a_sentence_that_many_articles_open_with_is_furniture() -> None:
    texts = [
        f"{ADVERT}第{n}家农户说，今年收了{n}百斤。{'山路' * n}很长，他们走了{n}天才到镇上的粮站。" for n in range(1, 40)
    ]
    known = Boilerplate()
    drafts = [Draft(id=str(n), text=text, is_record=True) for n, text in enumerate(texts)]
    articles = [make_article(draft, boilerplate=known) for draft in learning(drafts, known) if isinstance(draft, Draft)]
    assert not any(ADVERT in article.text for article in articles if isinstance(article, Article))
    assert Boilerplate.from_json(known.to_json()).sentences(ADVERT) == [(0, len(ADVERT))]


def test_copies_of_a_story_prove_nothing() -> None:
    known = Boilerplate()
    for _ in range(3 * LEAST_NEIGHBOURS):
        known.learn_sentences(BODY)
    assert known.sentences(BODY) == []
