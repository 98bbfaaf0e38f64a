"""The sample archive, read article by article as a careful reader reads it."""

import re
from collections import Counter
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest

from retrieval.clean.article import make_article
from retrieval.clean.boilerplate import Boilerplate, learning
from retrieval.read import read
from retrieval.values import Article, Draft
from tests.test_examples import bodies

ARCHIVE = Path(__file__).parents[3] / "examples" / "archive"
TABLE = Path(__file__).parent / "fixtures" / "sample_archive.tsv"
EXPECTED = {fields[0]: fields[1:] for line in TABLE.read_text("utf-8").splitlines() if (fields := line.split("\t"))}
# What the menus, credits and footers of the seven sites say, and no sentence of theirs does.
FURNITURE = re.compile(
    "首[页頁]|设为|加入收藏|字号|点击：|分享|打印】|关闭】|【打印|【关闭|[责責][任]?[编編]|编辑：|审核：|ICP|公网安备|版[权權]|投稿|上一篇|下一篇|返回[首顶]|阅读 \\d"
    "|猜你喜欢|相关(?:新闻|链接|阅读)|延[伸]?[阅閱]|点赞|微信|今天是：|访客|関連記事|アクセスランキング|無断転載|トップ|シェア|会員登録"
    "|複製連結|電子報|隱私權|Related stories|Sign up for|cookies|All rights|Subscribe|Skip to|Share:"
)


def made(*, learned: bool) -> Mapping[str, Article]:
    drafts = [draft for draft in read([ARCHIVE]) if isinstance(draft, Draft)]
    boilerplate = Boilerplate() if learned else None
    stream = list(learning(drafts, boilerplate)) if boilerplate else drafts
    articles = [make_article(draft, today=date(2025, 1, 1), boilerplate=boilerplate) for draft in stream]  # type: ignore[arg-type]
    return {article.id: article for article in articles if isinstance(article, Article)}


@pytest.fixture(scope="module", params=[False, True], ids=["page by page", "with learned boilerplate"])
def articles(request: pytest.FixtureRequest) -> Mapping[str, Article]:
    return made(learned=request.param)


def test_every_title_outlet_author_and_date_is_right(articles: Mapping[str, Article]) -> None:
    found = {
        article.id: [value or "" for value in (article.title, article.source, article.author, article.published)]
        for article in articles.values()
    }
    assert len(found) == 63
    assert found == EXPECTED


def test_dates_agree_with_the_names_of_the_files(articles: Mapping[str, Article]) -> None:
    named = {
        name: "-".join(match.groups())
        for name in articles
        if (match := re.search(r"/(20\d\d)-?(\d\d)-?(\d\d)[-_]", name))
    }
    assert len(named) >= 30
    assert {name: (articles[name].published or "")[:10] for name in named} == named


def test_bodies_are_the_sentences_of_the_pages(articles: Mapping[str, Article]) -> None:
    for name, body in bodies().items():
        got = articles[name].text.split("\n")
        expected = [
            line
            for line in body.split("\n")
            if not line.startswith(("· ", "□ ", "上一篇")) and line != articles[name].title
        ]
        assert len(got) == len(expected)
        # credits in brackets are cut from a last paragraph
        assert all(line == whole or re.fullmatch(r"（\S{2,4}）", whole.removeprefix(line))
                   for line, whole in zip(got, expected, strict=True)), name  # fmt: skip


def test_no_body_holds_a_line_of_its_sites_pages(articles: Mapping[str, Article]) -> None:
    drafts = [draft for draft in read([ARCHIVE]) if isinstance(draft, Draft) and not draft.is_record]
    pages = Counter((draft.id.partition("/")[0], line) for draft in drafts for line in set(draft.text.split("\n")))
    shared = {line for (_, line), count in pages.items() if count > 1 and line.strip()}
    assert len(shared) > 50
    for article in articles.values():
        assert not shared.intersection(article.text.split("\n"))
        assert not FURNITURE.search(article.text), article.id


def test_the_words_of_furniture_are_those_of_the_pages() -> None:
    pages = "\n".join(draft.text for draft in read([ARCHIVE]) if isinstance(draft, Draft))
    assert len(set(FURNITURE.findall(pages))) > 40
