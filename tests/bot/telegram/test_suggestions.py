"""Questions that people are offered are understood by themselves."""

import pytest

from bot.live_archive import _count_questions
from retrieval import Article


@pytest.mark.parametrize(
    ("title", "text", "questions"),
    [
        ("县图书馆读者翻番", "青岚县图书馆总分馆共接待读者31.2万人次。", ["青岚县图书馆总分馆共接待读者多少人次？"]),
        ("Bridge", "大桥一共花了2.17亿元。", []),
        ("沄江半程马拉松收官", "报名费维持60元不变。", []),
        ("油榨垄村整村下山", "省地质队监测了14个月。", []),
        ("双季稻改再生稻 三期开工", "再生稻三期共投资3.4亿元。", ["再生稻三期共投资多少元？"]),
        ("三期投资敲定", "三期投资3.4亿元，明年开工。", []),
        ("双季稻改再生稻 三期开工", "这里的三期共投资3.4亿元。", []),
        ("双季稻改再生稻 三期开工", "据说其中三期投资3.4亿元。", []),
        ("县图书馆读者翻番", "图书馆去年共接待读者31.2万人次。", []),
        ("县图书馆读者翻番", "今年县图书馆共接待读者31.2万人次。", []),
        ("縣圖書館讀者倍增", "本月縣圖書館共接待讀者31.2萬人次。", []),
    ],
)
def test_a_figure_is_asked_for_only_with_what_it_is_about_and_without_a_day_that_moves(
    title: str, text: str, questions: list[str]
) -> None:
    assert list(_count_questions(Article("a", text, title=title))) == questions
