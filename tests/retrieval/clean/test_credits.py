import pytest

from retrieval.clean import load_outlets
from retrieval.clean.credits import read_credits
from retrieval.clean.labels import Role, source_name

OUTLETS = load_outlets()

# line: published, source, authors
CREDITS = {
    "2022-04-14 17:37:00    作者:楊臻瑩": ("2022-04-14T17:37:00", None, ("楊臻瑩",)),
    "2021-11-26 15:17 中国发展网 某县委宣传部刘治学 刘国庆": ("2021-11-26T15:17", "中国发展网", ("刘治学", "刘国庆")),
    "【作者: 】  【发表时间:2020/2/25】  【打印本页】  【关闭窗口": ("2020-02-25", None, ()),
    "来源:新华网 作者:张三 时间:2020-02-03 字号:大 中 小 点击:123 次": ("2020-02-03", "新华网", ("张三",)),
    "发布时间：2020年2月3日 10:20 | 来源：人民网-人民日报": ("2020-02-03T10:20", "人民网-人民日报", ()),
    "2020年02月03日 10:20来源：新华网作者：张三丰责任编辑：李四": ("2020-02-03T10:20", "新华网", ("张三丰",)),
    "來　源：大公報　作　者：麥穗": (None, "大公報", ("麥穗",)),
    "二〇二〇年二月三日": ("2020-02-03", None, ()),
    "民國111年4月14日  記者林子涵／白沙報導": ("2022-04-14", None, ("林子涵",)),
    "By Jane Smith and John Doe, March 14, 2023": ("2023-03-14", None, ("Jane Smith", "John Doe")),
    "March 14, 2023 / 5:37 PM / CBS News": ("2023-03-14T17:37", "CBS News", ()),
    "Published: 14 Mar 2023, 10:20 GMT | Updated 15 Mar 2023": ("2023-03-14T10:20Z", None, ()),
    "2022年4月14日 10時30分 朝日新聞": ("2022-04-14T10:30", "朝日新聞", ()),
    "令和4年4月14日": ("2022-04-14", None, ()),
    "新华社记者 王五": (None, None, ("王五",)),
    "本报记者 王小明 李红 通讯员 赵一": (None, None, ("王小明", "李红", "赵一")),
    "文/张三 图/李四": (None, None, ("张三",)),
    # a name in capitals may stand right before a date
    "TechWeb 2023-05-06 10:00": ("2023-05-06T10:00", "TechWeb", ()),
    "London 14 March 2023": ("2023-03-14", "London", ()),
    "2023-05-06 10:11 来源于 财新网": ("2023-05-06T10:11", "财新网", ()),
    "新京报 记者 王五 编辑 李四 2023-05-06 10:11": ("2023-05-06T10:11", "新京报", ("王五",)),
    "2023-05-06 10:11 来源：岭南晨刊 王五": ("2023-05-06T10:11", "岭南晨刊", ("王五",)),
    "採訪、撰文：王五 發表 2023-05-06 10:11": ("2023-05-06T10:11", None, ("王五",)),
    "2019年4月21日（月）": ("2019-04-21", None, ()),
    "김하늘 기자 2013년 2월 9일 08:10": ("2013-02-09T08:10", None, ("김하늘",)),
    "2023-05-06 10:11 来自石桥镇": ("2023-05-06T10:11", None, ()),
    "王五 2023-05-06 10:11 2831 人氣": ("2023-05-06T10:11", None, ("王五",)),
    "已于 2026-11-02 10:11:12 修改 收藏 3 于 2019-05-16 10:11:12 首次发布": ("2019-05-16T10:11:12", None, ()),
    "2022年4月14日 星期四 第A03版：民生 上一版 下一版": ("2022-04-14", None, ()),
    "Posted: 14/05/2020 in News": ("2020-05-14", None, ()),
    "21 août 2013, par Élise Fontanel": ("2013-08-21", None, ("Élise Fontanel",)),
    "16 июня 2019, 13:12 Автор: Павел Сухов": ("2019-06-16T13:12", None, ("Павел Сухов",)),
    "発行日 2022年4月14日": ("2022-04-14", None, ()),
    "Mis en ligne le 14 mars 2023": ("2023-03-14", None, ()),
    "入力 2022.04.14 17:37".replace("入力", "입력"): ("2022-04-14T17:37", None, ()),
}


@pytest.mark.parametrize(("line", "expected"), CREDITS.items())
def test_reads_credit_lines(line: str, expected: tuple[str | None, str | None, tuple[str, ...]]) -> None:
    found = read_credits(line, OUTLETS)
    assert found is not None
    assert (found.published.iso if found.published else None, found.source, found.authors) == expected


@pytest.mark.parametrize(
    "line",
    [
        "2022年4月14日新闻发布会实录",
        "4月14日天气",
        "评论丨别让指尖负担绊住基层的脚",
        "12月5日 城东片区",
        "记者：你好，请问这个项目进展如何？",
        "2月5日,專項黨費全部下撥到位。",
        "一、积极动员,市直党员干部主动请缨,闪电集结",
        "活动时间：2020年5月1日 地点：人民公园",
        "来源：这个词在植物学里指的是种子的出处，与新闻无关，也与水无关。",
        "作者在书里写道：“人总要有一条河。”这句话后来刻在石头上。",
        "By Monday the water had reached the second step of the church.",
        "Football Cricket Rugby Tennis",
        "1978年12月，十六岁的周阿根第一次进城。",
        "创刊时间：1998-05-06 10:00",
        "Hoarded 28 November 2026",
        "28 Nov 2026 - 29 Nov 2026",
    ],
)
def test_leaves_headlines_and_sentences_alone(line: str) -> None:
    assert read_credits(line, OUTLETS) is None


@pytest.mark.parametrize(
    "line",
    [
        *(
            "最后更新：2020-02-03 10:20",
            "编辑于 2020-02-03 10:20",
            "2020-02-03 10:20 更新",
            "Last updated on 3 February 2020, 10:20",
        ),
        *("Stand: 3.2.2020, 10:20 Uhr", "最終更新日時：2020年2月3日 10:20", "Mis à jour le 3 février 2020 à 10:20"),
    ],
)
def test_an_update_is_no_publication(line: str) -> None:
    found = read_credits(line, OUTLETS)
    assert found is not None
    assert found.published is None
    assert found.updated is not None
    assert found.updated.iso == "2020-02-03T10:20"


def test_an_editor_is_no_author() -> None:
    found = read_credits("责任编辑：刘丹阳", OUTLETS)
    assert found is not None
    assert found.authors == ()
    assert found.roles == {Role.EDITOR}


@pytest.mark.parametrize("nobody", ["管理员", "admin", "网络", "本站", "互联网", "未知", " "])
def test_some_sources_are_nobody(nobody: str) -> None:
    assert source_name(nobody) is None


@pytest.mark.parametrize(
    ("printed", "name"),
    [
        ("轉載自青嵐新聞網", "青嵐新聞網"),
        ("临澜日报数字版", "临澜日报"),
        ("西浜新聞社", "西浜新聞"),
        ("《云岭日报》（第05版）", "云岭日报"),
    ],
)
def test_a_source_is_named_without_its_trimmings(printed: str, name: str) -> None:
    assert source_name(printed) == name
