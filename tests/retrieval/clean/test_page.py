import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from retrieval.clean import load_outlets
from retrieval.clean.body import Page, read_page, read_record
from tests.retrieval.clean.pages import load_fixtures

OUTLETS = load_outlets()
LINES = sorted({line for fixture in load_fixtures() for line in fixture.draft.text.splitlines()})
PARAGRAPHS = sorted({line for fixture in load_fixtures() for line in fixture.body.split("\n")})
WILD = st.text(
    alphabet="首页新闻 \t|·>09年月日:：。，.!?（）“”-/[]【】•…=©aBc图摄记者来源责编上一篇　\u00a0\n", max_size=400
)


def body(text: str, page: Page) -> str:
    return "\n".join(text[slice(*span)] for span in page.paragraphs)


@settings(max_examples=300, deadline=None)
@given(lines=st.lists(st.sampled_from(LINES) | st.sampled_from(PARAGRAPHS), max_size=16), gaps=st.booleans())
def test_cleaning_what_was_cleaned_changes_nothing(lines: list[str], *, gaps: bool) -> None:
    text = ("\n\n" if gaps else "\n").join(lines)
    once = body(text, read_page(text, OUTLETS))
    assert body(once, read_page(once, OUTLETS)) == once


@settings(max_examples=300, deadline=None)
@given(WILD)
def test_any_text_is_taken_apart_into_its_own_lines(text: str) -> None:
    page = read_page(text, OUTLETS)
    ends = [0, *(end for _, end in page.paragraphs)]
    for (start, end), before in zip(page.paragraphs, ends, strict=False):
        assert before <= start < end
        assert text[start:end] == text[start:end].strip()
    assert all(piece.text in text for piece in page.removed)


@settings(max_examples=200, deadline=None)
@given(WILD)
def test_records_lose_at_most_foot_lines(text: str) -> None:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    page = read_record(text, OUTLETS)
    assume(not page.tails)  # credits glued to the last line are cut from it
    kept = body(text, page).split("\n") if page.paragraphs else []
    assert len(kept) + len(page.removed) == len(lines)
    assert [piece.text for piece in page.removed] == lines[len(kept) :]


SENTENCE = "这座桥修了八年，桥头的人家等了八年，通车那天谁也没有说话。"


@pytest.mark.parametrize(
    "line",
    [
        "未经许可复制他人作品的行为，将依照著作权法处理，这是一句完整的话。",
        "请广大市民密切关注天气变化，非必要不外出。",
        "如有问题，请拨打当地热线咨询。",
        "市民可点击小程序预约，也可下载手机客户端。",
        "他们用三年时间，把这座桥的每一块石头都一一拍摄。",
        "“这是我第一次告诉路透社的记者。”他说。",
        "The minister declined to comment, telling Reuters.",
        "Sign up for the race at the town hall before Friday.",
        "Copyright law has not changed since the spring, the judge said.",
        "来源：这个词在植物学里指的是种子的出处，与新闻无关，也与水无关。",
        "作者在书里写道：“人总要有一条河。”这句话后来刻在桥头的石头上。",
        "责任编辑这个职业，在他看来，就是替读者先读一遍。",
        "图书馆的灯亮到十点，门口的石阶被磨得发亮。",
    ],
)
@pytest.mark.parametrize("place", ["middle", "end"])
def test_sentences_that_use_a_pages_words_stay(line: str, place: str) -> None:
    lines = [SENTENCE, line, SENTENCE.replace("八", "九")] if place == "middle" else [SENTENCE, line]
    text = "\n".join(["过桥", "2020-02-03 来源：南桥日报", *lines, "责任编辑：晏子清", "返回顶部"])
    assert body(text, read_page(text, OUTLETS)) == "\n".join(lines)


@pytest.mark.parametrize(
    "line",
    [
        "首页 | 新闻 | 体育 | 财经 | 科技 | 汽车 | 房产",
        "滦南县| 龙泉市| 平利县| 沁阳市| 南部县| 荥经县| 彭水",
        "分享到： 微信 微博 QQ空间",
        "您当前的位置：首页 > 新闻 > 正文",
        "Copyright © 2020 南桥日报 版权所有",
        "滇ICP备14000001号",
        "上一篇：桥头的灯",
        "图：通车那天的桥头",
        "桥头人家在等车。 卓一凡 摄",
        "相关阅读：桥头的灯",
        "Read more: The bridge at night",
        "【打印】 【关闭】",
        "シェア ツイート 印刷",
    ],
)
def test_furniture_between_paragraphs_goes(line: str) -> None:
    text = "\n".join([SENTENCE, line, SENTENCE.replace("八", "九")])
    page = read_page(text, OUTLETS)
    assert line not in body(text, page)
    assert [piece.text for piece in page.removed] == [line]
