import pytest

from retrieval.clean import load_outlets
from retrieval.clean.body.head import cut_tails

OUTLETS = load_outlets()
SENTENCE = "堤上的灯亮了一夜。"


@pytest.mark.parametrize(
    ("tail", "authors"),
    [
        ("(婁底市直機關工委 劉藝 王純芳 供稿)", ("劉藝", "王純芳")),
        ("（记者 张三 通讯员 李四）", ("张三", "李四")),
        (" (甘肃省陇南市宕昌县委宣传部刘治学 刘国庆 王晓勇)", ("刘治学", "刘国庆", "王晓勇")),
        ("（张三）", ("张三",)),
        ("[责任编辑：晏子清]", ()),
        ("（編輯：方正）1110903", ()),
        ("（完）", ()),
        ("（来源：云岭日报）", ()),
        ("（张三）（责任编辑：晏子清）（完）", ("张三",)),
    ],
)
def test_credits_behind_the_last_sentence_are_cut(tail: str, authors: tuple[str, ...]) -> None:
    text, tails = cut_tails(SENTENCE + tail, OUTLETS)
    assert text == SENTENCE
    assert "".join(piece.text for piece in tails) == tail.strip()
    assert tuple(name for piece in tails for name in piece.credits.authors) == authors


@pytest.mark.parametrize(
    "text",
    [
        f"{SENTENCE[:-1]}（比去年早了六天）。",
        f"{SENTENCE[:-1]}（见图3）",
        "他最后只说了三个字（没听清）",
        "The mill closed in 1987 (see below).",
        "站在最前面的是船工老李的儿子（李明）",
        "The prize went to the ferryman's youngest son (Jane Pellworth)",
        "（张三）",
        "",
    ],
)
def test_other_brackets_stay(text: str) -> None:
    assert cut_tails(text, OUTLETS) == (text, ())
