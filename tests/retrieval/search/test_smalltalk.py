from pathlib import Path

import pytest

from retrieval.search.small_talk import is_small_talk, is_talk_over
from retrieval.store.catalogue import Catalogue
from retrieval.store.local.word_index import WordIndex
from tests.fakes import FakeEncoder
from tests.retrieval.store.builders import entry


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
        "怎么用？",
        "怎麼使用",
        "请问这个怎么用",
        "你能做什么？",
        "你能帮我做什么",
        "你会回答什么问题",
        "我可以问你什么",
        "有什么功能",
        "帮助",
        "使用说明",
        "help",
        "Help me, please",
        "What can you do?",
        "How do I use this?",
        "how does it work",
        "使い方",
        "使い方を教えて",
        "何ができますか？",
        "ヘルプ",
        "你是机器人吗？",
        "are you a bot?",
        "Vielen Dank!",
        "¡Hola!",
        "Obrigada",
        "Bonjour !",
        "Ciao, grazie",
        "Здравствуйте",
        "добрый день",
        "Xin chào",
        "Cảm ơn bạn",
        "شكرا",
        "안녕하세요",
        "감사합니다!",
        "नमस्ते",
        "สวัสดีครับ",
        "Γειά σας",
        "teşekkürler",
        "¿Cómo funciona?",
        "Comment ça marche ?",
        "помощь",
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
        "新桥怎么用",
        "微波炉怎么使用？",
        "县政府能做什么",
        "帮助了谁？",
        "how does the vaccine work",
        "help wanted ads",
        "新しい券売機の使い方",
        "Danke schön, wer baute die Brücke?",
        "Merci beaucoup pont",
        "Hallo Berlin",
        "Wie funktioniert die Fähre?",
        "спасибо мосту",
    ],
)
def test_questions(text: str) -> None:
    assert not is_small_talk(text)


def test_emoji_alone_are_a_question_where_they_stand(tmp_path: Path) -> None:
    catalogue = Catalogue(tmp_path / "catalogue.sqlite", create=True)
    catalogue.put_all([entry("emoji", "用户最常用的表情是😂，谢谢他们。", FakeEncoder())])
    words = WordIndex(tmp_path / "words", "archive")
    words.update(catalogue)
    assert [is_talk_over(words, text) for text in ("😂", "👍", "谢谢", "…", "表情")] == [False, True, True, True, False]
