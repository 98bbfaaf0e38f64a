import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.web.citing import CitationStyle, citations
from retrieval import Article

TODAY = date(2024, 6, 30)
LINK = "https://news.example/a?b=1"
CHINESE = Article("桥.txt", "", "新桥通车 总投资2.17亿元", "临澜日报", "南宫澈", "2023-05-02T07:30", language="zh-Hans")
ENGLISH = Article("bridge", "", "The bridge is open", "Yun Courier", "Jo Vale", "2023-05-02", language="en")


def cited(article: Article, style: CitationStyle, link: str | None = None) -> str:
    return citations(article, link, TODAY)[style]


@pytest.mark.parametrize(
    ("style", "article", "said"),
    [
        (CitationStyle.GBT, CHINESE, "南宫澈. 新桥通车 总投资2.17亿元[N]. 临澜日报, 2023-05-02."),
        (CitationStyle.APA, CHINESE, "南宫澈. (2023年5月2日). 新桥通车 总投资2.17亿元. 临澜日报."),
        (CitationStyle.APA, ENGLISH, "Jo Vale. (2023, May 2). The bridge is open. Yun Courier."),
        (CitationStyle.CHICAGO, CHINESE, "南宫澈. 《新桥通车 总投资2.17亿元》. 临澜日报, 2023年5月2日."),
        (CitationStyle.CHICAGO, ENGLISH, "Jo Vale. “The bridge is open.” Yun Courier, May 2, 2023."),
        (CitationStyle.PLAIN, CHINESE, "南宫澈，《新桥通车 总投资2.17亿元》，临澜日报，2023年5月2日"),
    ],
)
def test_citation_in_the_articles_language(style: CitationStyle, article: Article, said: str) -> None:
    assert cited(article, style) == said


def test_an_article_on_the_web_is_cited_with_address_and_the_day_it_was_read() -> None:
    said = cited(CHINESE, CitationStyle.GBT, LINK)
    assert said == f"南宫澈. 新桥通车 总投资2.17亿元[N/OL]. 临澜日报, 2023-05-02[2024-06-30]. {LINK}"
    assert cited(ENGLISH, CitationStyle.APA, LINK).endswith(f"Yun Courier. {LINK}")


@pytest.mark.parametrize("style", CitationStyle)
@pytest.mark.parametrize(
    ("language", "undated"),
    [("zh-Hans", "日期不详"), ("zh-Hant", "日期不詳"), ("en", "n.d."), ("xx", "n.d."), (None, "n.d.")],
)
def test_what_is_undated_says_so(style: CitationStyle, language: str | None, undated: str) -> None:
    assert undated in cited(Article("x", "正文。", "标题", "来源", language=language), style)


@pytest.mark.parametrize(
    ("published", "english", "chinese"), [("2023", "2023", "2023年"), ("2023-05", "May 2023", "2023年5月")]
)
def test_a_date_is_as_precise_as_it_is_known(published: str, english: str, chinese: str) -> None:
    for language, said in (("en", english), ("zh-Hans", chinese)):
        assert f"Source, {said}." in cited(
            Article("x", "", "T", "Source", published=published, language=language), CitationStyle.CHICAGO
        )


WORDS = st.text(alphabet='a{}\\%&$#_~^"@,\n\r 中-', max_size=12)


@given(WORDS, WORDS, WORDS, st.sampled_from([None, "2023", "2023-05", "2023-05-02"]), st.sampled_from([None, LINK]))
def test_bibtex_and_ris_keep_their_form_whatever_an_article_holds(
    title: str, source: str, author: str, day: str | None, link: str | None
) -> None:
    found = citations(Article("i}d", "正文", title, source, author, day), link, TODAY)
    entry = found[CitationStyle.BIBTEX]
    bare = re.sub(r"\\[\\%&$#_{}]", "", entry)
    assert bare.count("{") == bare.count("}")
    assert entry.startswith("@article{")
    assert all(re.fullmatch(r"  \w+ = \{.*\},?", line) for line in entry.splitlines()[1:-1])
    lines = found[CitationStyle.RIS].split("\r\n")
    assert lines[0] == "TY  - NEWS"
    assert lines[-1] == "ER  - "
    assert all(re.fullmatch(r"[A-Z][A-Z0-9]  - [^\r\n]*", line) for line in lines)
