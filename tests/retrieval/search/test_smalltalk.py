import pytest

from retrieval.search.question import is_small_talk


@pytest.mark.parametrize(
    "text",
    [
        "你好",
        "您好！",
        "你好，在吗？",
        "謝謝你",
        "谢谢",
        "Hello!",
        "thanks a lot",
        "👍",
        "？？？",
        "...",
        "早上好",
        "ありがとうございます",
        "哈哈哈",
        "ok",
    ],
)
def test_talk(text: str) -> None:
    assert is_small_talk(text)


@pytest.mark.parametrize(
    "text",
    [
        "你好县在哪里？",
        "新桥多长",
        "谁说的谢谢？",
        "好人好事有哪些？",
        "hello world 是谁写的",
        "测试站建在哪里",
        "7",
        "早稻产量",
        "行政区划",
        "no smoking rules",
    ],
)
def test_questions(text: str) -> None:
    assert not is_small_talk(text)
