"""Requests for topics, and questions that lean on the one before."""

import json
from datetime import date
from pathlib import Path

import pytest

from retrieval import Archive, Ask, Filters, Settings, encoder_of, index_paths, make_filters
from retrieval.search.question import Query, parse
from retrieval.search.topic_requests import Request, bare_topic, listed_topic, of_its_time, request_of
from retrieval.search.topics import in_other_words
from tests.fakes import FakeEncoder

TOPICS = ("北京的暴雨", "新跃鲤大桥", "沄江 水位", "the ferry strike")
TIMELINES = (
    "有哪些关于{}的新闻？", "有没有关于{}的报道", "关于{}的新闻有哪些", "{}有哪些报道？", "{}的相关报道", "梳理一下{}",
    "上关于{}的文章", "梳理{}的来龙去脉", "{}的来龙去脉", "请帮我回顾一下{}的经过", "news about {}", "articles on {}", "timeline of {}",
    "{}的最新进展", "{} 进展", "{}后续报道", "梳理一下{}的前前后后", "列出所有关于{}的报道", "{}后来怎么样了？", "{}后来呢",
    "what happened next to {}?", "What has become of {}?", "请整理知识库中关于{}的数据，用表格形式输出",
    "{}的新闻有哪些", "哪些报道是关于{}的", "{} 最新消息", "{}历年报道", "梳理一下{}从开始到现在的过程", "请整理{}的新闻",
    "give me a timeline of {}", "what's the latest on {}?", "is there any news about {}?",
)  # fmt: skip
COUNTS = (
    "有多少篇报道提到{}？", "一共有几篇文章提到了{}", "提到{}的报道有多少篇？", "how many articles mention {}?",
    "有几条关于{}的新闻", "多少篇文章提到{}？", "有多少篇讲到{}的报道", "几篇报道是关于{}的", "{}一共有多少篇",
    "how many articles are there about {}?",
)  # fmt: skip


@pytest.mark.parametrize("topic", TOPICS)
def test_requests_name_their_topic(topic: str) -> None:
    assert [request_of(asked.format(topic)) for asked in TIMELINES] == [(Request.TIMELINE, topic)] * len(TIMELINES)
    assert [request_of(asked.format(topic)) for asked in COUNTS] == [(Request.COUNT, topic)] * len(COUNTS)


@pytest.mark.parametrize(
    ("asked", "topic"),
    [
        ("Aktuelle Nachrichten zur neuen Brücke", "neuen Brücke"),
        ("¿Noticias de la inundación?", "la inundación"),
        ("¿Qué noticias hay sobre la inundación?", "la inundación"),
        ("Quelles sont les nouvelles sur le pont ?", "le pont"),
        ("Welche Berichte gibt es über die Brücke?", "die Brücke"),
        ("橋に関するニュースを教えて", "橋"),
        ("다리 관련 기사 정리해줘", "다리"),
        ("Últimas notícias sobre a ponte", "a ponte"),
        ("Les dernières nouvelles sur le pont", "le pont"),
        ("notizie sul ponte", "ponte"),
        ("Последние новости о мосте", "мосте"),
        ("новини про міст", "міст"),
        ("Tin tức về cây cầu", "cây cầu"),
        ("berita tentang jembatan", "jembatan"),
        ("آخر أخبار الفيضان", "الفيضان"),
        ("köprü hakkında haberler", "köprü"),
        ("다리에 대한 뉴스", "다리"),
        ("橋に関する記事", "橋"),
        ("पुल के बारे में खबरें", "पुल"),
        ("ข่าวเกี่ยวกับสะพาน", "สะพาน"),
        ("Νέα για τη γέφυρα", "τη γέφυρα"),
    ],
)
def test_requests_in_other_languages_name_their_topic(asked: str, topic: str) -> None:
    assert request_of(asked) == (Request.TIMELINE, topic)


@pytest.mark.parametrize(
    ("asked", "wanted"),
    [
        ("鹭洲大桥的新闻", (Request.TIMELINE, "鹭洲大桥")),
        ("工厂着火那件事，帮我梳理一下来龙去脉", (Request.TIMELINE, "工厂着火")),
        ("書展的報道都找出來", (Request.TIMELINE, "書展")),
        ("铂澜矿业被报道过几次？", (Request.COUNT, "铂澜矿业")),
        ("聂澄波的名字在几篇报道里出现过", (Request.COUNT, "聂澄波")),
        ("柯望舒上过几次新闻", (Request.COUNT, "柯望舒")),
        ("How many times was the ferry mentioned?", (Request.COUNT, "the ferry")),
        ("关于铂澜官司写过哪几篇？", (Request.TIMELINE, "铂澜官司")),
        ("最新消息是什么", (Request.LATEST, "")),
        ("春茶交易会这两年都报道过啥", (Request.TIMELINE, "春茶交易会")),
        ("春茶交易会的文章数量是多少", (Request.COUNT, "春茶交易会")),
        ("还有别的媒体报道禾塘受灾吗", (Request.TIMELINE, "禾塘受灾")),
        ("关于要不要延迟退休的报道", (Request.TIMELINE, "要不要延迟退休")),
        ("能不能帮我整理海豹事件的来龙去脉", (Request.TIMELINE, "海豹事件")),
        ("hail damage, what's been reported?", (Request.TIMELINE, "hail damage")),
        ("哪篇小说获得茅盾文学奖", None),
        ("莫言写了几篇", None),
        ("how many times has he appeared", None),
        ("柯望舒上过几次大学", None),
        ("公司报了几次警", None),
        ("大橋延期那件事有沒有報導", (Request.TIMELINE, "大橋延期")),
        ("give me everything you have on the ferry strike", (Request.TIMELINE, "the ferry strike")),
        ("what's the newest on the ferries?", (Request.TIMELINE, "the ferries")),
        ("todas las noticias sobre las inundaciones", (Request.TIMELINE, "las inundaciones")),
        ("水獺有新消息嗎", (Request.TIMELINE, "水獺")),
        ("中国馆的报道", (Request.TIMELINE, "中国馆")),
        ("您好，我想了解一下桥梁建设的消息，能给我看看吗？谢谢", (Request.TIMELINE, "桥梁建设")),
        ("登革热最近闹得厉害，都有些什么报道啊", (Request.TIMELINE, "登革热最近闹得厉害")),
        ("有没有台风方面的报道", (Request.TIMELINE, "台风")),
        ("麻煩幫我找所有關於颱風的新聞，謝謝", (Request.TIMELINE, "颱風")),
        ("最近一篇台风报道是哪篇", (Request.TIMELINE, "台风")),
        ("登革熱現在最新情況是怎樣", (Request.TIMELINE, "登革熱")),
        ("subway news pls", (Request.TIMELINE, "subway")),
        ("ニュースの中にマラソンの記事はありますか", (Request.TIMELINE, "ニュースの中にマラソン")),
        ("newest article in the whole archive?", (Request.LATEST, "")),
        ("讲台风的一共有几篇", (Request.COUNT, "台风")),
        ("发了几篇关于大桥的", (Request.COUNT, "大桥")),
        ("how many stories did they run on the strike", (Request.COUNT, "the strike")),
    ],
)
def test_requests_in_other_orders(asked: str, wanted: tuple[Request, str]) -> None:
    assert request_of(asked) == wanted


@pytest.mark.parametrize(
    "asked", ["一共发了几篇报道", "How many articles did the publish?", "Cuántas noticias ha publicado la"]
)
def test_all_of_an_outlet_or_a_time_is_counted(asked: str) -> None:
    assert request_of(asked, is_filtered=True) == (Request.COUNT, "")
    assert request_of(asked) is None


@pytest.mark.parametrize(
    ("asked", "topic"),
    [
        ("哪些学校扩建了", "学校扩建"),
        ("which companies went bankrupt?", "companies went bankrupt"),
        ("谁扩建了学校", None),
    ],
)
def test_what_is_wanted_of_a_list(asked: str, topic: str | None) -> None:
    assert listed_topic(asked) == topic


def test_a_topic_in_the_other_words_of_news() -> None:
    assert in_other_words("学校扩建") == ["学校改扩建", "学校加建", "学校增建"]
    assert in_other_words("大桥") == []


NEW = (
    "最近有什么新闻？", "今天有什么新闻", "最新消息", "近期有哪些报道", "latest news", "what's new?", "What is new",
    "Was gibt es Neues?", "¿Qué hay de nuevo?", "Últimas noticias", "Quoi de neuf ?", "Что нового?", "Tin mới nhất",
    "آخر الأخبار", "Son haberler", "최신 뉴스", "最新ニュース", "ताजा खबर", "ข่าวล่าสุด",
)  # fmt: skip


@pytest.mark.parametrize("asked", NEW)
def test_what_is_new(asked: str) -> None:
    assert request_of(asked) == (Request.LATEST, "")


@pytest.mark.parametrize(
    "asked",
    [
        "新桥花了多少钱？",
        "谁报道了大桥通车？",
        "新闻发布会什么时候开？",
        "When was the bridge news conference?",
        "Wer schrieb die Nachrichten?",
        "What happened to him?",
        "What happened to the crew onboard during the test?",
        "What happened to cause the fire?",
        "How many people died on the bridge?",
        "新闻发言人是谁",
        "新闻发布会时间",
        "警方公布了什么消息",
        "官方否认了哪些消息",
        "公司否认报道了吗",
        "报道中提到的公司叫什么",
        "写报道的记者叫啥",
        "哪些報導失實",
        "几条消息属实",
        "张三写过几篇文章",
        "警方收到多少条消息",
        "票价有什么变化",
        "协议有哪些内容",
        "how many stories does the building on Main Street have",
        "how many articles were retracted about vaccines",
        "how many stories about the war did he write",
        "how many reports on the fire were false",
        "everything on the menu costs what",
        "everything you need to know about taxes",
        "fake news",
        "Fox News",
        "short stories",
        "回顾展什么时候",
        "新闻主播离职",
        "What did he find on the beach?",
        "¿Cuál fue la última película?",
        "他写的文章发在哪",
        "大桥的消息属实吗",
        "回顾展在哪里办",
        "你们最近怎么样？",
        "该公司现在怎么样了",
        "¿Quién da las noticias?",
        "Кто пишет новости?",
        "有",
        "什么",
    ],
)
def test_questions_for_facts_are_none(asked: str) -> None:
    assert request_of(asked) is None


STORIES = [
    {"id": "flood", "text": "沄江水位昨日涨到警戒线以上，渡口停航，两岸转移三百人。", "published": "2022-06-20", "source": "晚报"},
    {"id": "copy", "text": "沄江水位昨日涨到警戒线以上，渡口停航，两岸转移三百人。", "published": "2022-06-21", "source": "日报"},
    {"id": "drop", "text": "沄江水位今天回落，渡口恢复通航，转移的人回了家。", "published": "2022-06-25", "source": "晚报"},
    {"id": "early", "text": "沄江水位降到十年最低，货船在渡口排队等水。", "published": "2021-12-01", "source": "日报"},
    {"id": "none", "text": "沄江水位站的老站长说起四十年里记下的每一次洪水。", "source": "日报"},
    {"id": "tea", "text": "春茶开采，茶农说今年的雨水好，一斤能卖三百元。", "published": "2022-04-01", "source": "晚报"},
]  # fmt: skip


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Archive:
    folder = tmp_path_factory.mktemp("topics")
    path = folder / "records.jsonl"
    path.write_text("\n".join(json.dumps(record, ensure_ascii=False) for record in STORIES), "utf-8")
    index_paths([path], folder / "archive", FakeEncoder())
    return Archive(folder / "archive", Settings(), FakeEncoder())


def test_a_timeline_tells_each_story_once_the_newest_first_undated_last(archive: Archive) -> None:
    told = archive.timeline("沄江水位")
    ids = [story.article.id for story in told.stories]
    assert ids[0] == "drop"
    assert ids[1] in {"flood", "copy"}
    assert ids[2:4] == ["early", "none"]
    assert (told.stories[1].articles, told.stories[1].outlets) == (2, 2)
    assert all(story.sentence in story.article.text for story in told.stories)
    assert told.articles == sum(story.articles for story in told.stories)


def test_the_oldest_may_come_first_and_filters_hold(archive: Archive) -> None:
    oldest = archive.timeline("沄江水位", oldest_first=True)
    assert oldest.stories[0].article.id == "early"
    since = archive.timeline("沄江水位", Ask("", filters=make_filters(since="2022-06-22")))
    assert [story.article.id for story in since.stories][:1] == ["drop"]
    assert "early" not in [story.article.id for story in since.stories]


def test_a_request_is_answered_with_its_stories(archive: Archive) -> None:
    answer = archive.ask("有哪些关于沄江水位的新闻？", k=2)
    assert answer.timeline is not None
    assert [hit.article.id for hit in answer.hits] == [story.article.id for story in answer.timeline.stories[:2]]
    assert [hit.text[slice(*hit.highlight)] for hit in answer.hits] == [
        story.sentence for story in answer.timeline.stories[:2]
    ]


def test_articles_that_name_a_topic_are_counted(archive: Archive) -> None:
    counted = archive.ask("有多少篇报道提到沄江水位？").timeline
    assert counted is not None
    assert counted.counted == (5, 4)
    nothing = archive.ask("有多少篇报道提到沄江火箭？").timeline
    assert nothing is not None
    assert (nothing.counted, nothing.stories) == ((0, 0), ())


@pytest.mark.parametrize("typed", ["沄江水位", "沄江 水位", "渡口停航", "列出所有沄江水位"])
def test_bare_words_are_a_topic_where_nothing_answers_them(archive: Archive, typed: str) -> None:
    answer = archive.ask(typed)
    assert answer.refusal is None or answer.timeline
    assert {hit.article.id for hit in answer.hits} & {"flood", "copy", "drop"}


@pytest.mark.parametrize(
    "typed", ["有哪些关于火箭发射的新闻？", "火箭发射的最新进展", "北极熊后续报道", "多少篇文章提到北极熊？"]
)
def test_a_topic_that_no_article_has_is_refused(archive: Archive, typed: str) -> None:
    answer = archive.ask(typed)
    assert answer.refusal is not None
    assert not (answer.timeline and answer.timeline.stories)


@pytest.mark.parametrize(
    ("typed", "topic"),
    [("鸡蛋价格", "鸡蛋价格"), ("海缆 停电？", "海缆 停电"), ("列出所有火警", "火警"), ("沄江水位多少", None), ("沄江水位涨到12米", None), ("沄江水位昨天涨了，今天又回落。", None), ("ferry strike", None)],
)  # fmt: skip
def test_what_bare_words_name(typed: str, topic: str | None) -> None:
    assert bare_topic(typed) == topic


def test_what_is_new_is_the_newest(archive: Archive) -> None:
    answer = archive.ask("最近有什么新闻？", k=3)
    assert [hit.article.id for hit in answer.hits] == ["drop", "copy", "flood"]


@pytest.mark.parametrize(
    ("asked", "filters"),
    [
        ("河口日报3月写了什么", make_filters("2024-03-01", "2024-03-31", "河口日报")),
        ("河口日報有哪些報道", make_filters(source="河口日报")),
        ("What has the Delta Herald reported on?", make_filters(source="Delta Herald")),
        ("河口日报2023年11月的报道", make_filters("2023-11-01", "2023-11-30", "河口日报")),
        ("上个月河口日报有什么新闻", make_filters("2024-04-01", "2024-04-30", "河口日报")),
        ("news from October 2023", make_filters("2023-10-01", "2023-10-31")),
    ],
)
def test_all_of_an_outlet_or_a_time_is_a_list(asked: str, filters: Filters) -> None:
    query = parse(asked, Filters(), sources=("河口日报", "Delta Herald"), today=date(2024, 5, 20))
    assert query.filters == filters
    assert request_of(query.text, is_filtered=True) == (Request.LATEST, "")


@pytest.mark.parametrize(
    "asked", ["河口日报3月销量是多少", "What has the Delta Herald's editor written in 2019?", "河口日报"]
)
def test_what_asks_for_more_is_no_list(asked: str) -> None:
    query = parse(asked, Filters(), sources=("河口日报", "Delta Herald"), today=date(2024, 5, 20))
    assert request_of(query.text, is_filtered=True) is None


def test_a_topic_that_names_its_time_is_looked_for_then() -> None:
    query = Query("河口2023年的洪水", Filters())
    narrowed = of_its_time(query, date(2024, 5, 20))
    assert (narrowed.text, narrowed.filters) == ("河口洪水", make_filters("2023-01-01", "2023-12-31"))
    assert of_its_time(Query("河口洪水", Filters()), date(2024, 5, 20)).filters == Filters()
    before = make_filters(until="2023-08-01")
    asked = of_its_time(Query("河口2023年的洪水", before, given=before), date(2023, 8, 1))
    assert asked.filters == make_filters("2023-01-01", "2023-08-01")
    since = make_filters(since="2022-01-01")
    assert of_its_time(Query("河口2023年的洪水", since, given=since), date(2023, 8, 1)).filters == since


@pytest.mark.parametrize(
    ("topic", "told", "text"),
    [
        ("the moon landing", "two bridges closed", "两座桥周一封闭，河水涨过警戒线。"),
        ("火山喷发", "两座桥封闭", "Two bridges were closed on Monday while the river rose above the mark."),
    ],
)
def test_an_archive_that_has_nothing_of_a_topic_tells_no_story(
    tmp_path: Path, topic: str, told: str, text: str
) -> None:
    path = tmp_path / "records.jsonl"
    path.write_text(json.dumps({"text": text}, ensure_ascii=False) + "\n", "utf-8")
    index_paths([path], tmp_path / "archive", encoder_of(Settings()))
    with Archive(tmp_path / "archive", Settings()) as archive:
        assert archive.timeline(topic).stories == ()
        assert archive.timeline(told).stories
