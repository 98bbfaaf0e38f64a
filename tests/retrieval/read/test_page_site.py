import pytest

from retrieval.read.html.declared import site_name


@pytest.mark.parametrize(
    ("other_parts", "lines", "site"),
    [
        (["云岭新闻网", "国内新闻"], [], "云岭新闻网"),
        (["国内新闻", "云岭新闻网"], [], "云岭新闻网"),
        (["Alder Notes"], ["Alder Notes", "Home", "The frost came on Friday."], "Alder Notes"),
        (["Alder Notes"], ["Home", "The frost came on Friday.", "© 2024 Alder Notes"], "Alder Notes"),
        ([], ["Flussblatt", "Politik", "Die Kurbel steht still.", "© Flussblatt 2024"], "Flussblatt"),
        ([], ["首页", "这一天没有风。", "版权所有 云岭晚报"], "云岭晚报"),
    ],
)
def test_a_site_is_named_where_the_page_proves_it(other_parts: list[str], lines: list[str], site: str) -> None:
    assert site_name(other_parts, lines) == site


@pytest.mark.parametrize(
    ("other_parts", "lines"),
    [
        (["国内新闻"], ["国内新闻", "这一天没有风。"]),
        (["后来的事"], ["首页", "这一天没有风。"]),
        ([], ["Home", "The frost came on Friday.", "© 2024 Dan Okafor"]),
        ([], ["云岭晚报说，这一天没有风。"]),
        ([], []),
    ],
)
def test_sections_subtitles_and_photographers_are_no_sites(other_parts: list[str], lines: list[str]) -> None:
    assert site_name(other_parts, lines) is None
