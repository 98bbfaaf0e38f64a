import json
from datetime import date
from difflib import SequenceMatcher
from pathlib import Path
from typing import Self

import pytest

from retrieval.clean import article as make
from retrieval.clean.article import make_article
from retrieval.values import Article, Draft, PublishedFrom, Skipped
from tests.retrieval.clean.pages import Fixture, load_fixtures

TODAY = date(2025, 1, 1)
FIXTURES = [fixture for fixture in load_fixtures() if not fixture.skipped]
XQUAD = Path(__file__).parents[4] / "shared" / "data" / "xquad"


def made(draft: Draft) -> Article:
    article = make_article(draft, today=TODAY)
    assert isinstance(article, Article), article
    return article


def clock_at(year: int, month: int, day: int) -> type[date]:
    class Clock(date):
        @classmethod
        def today(cls) -> Self:
            return cls(year, month, day)

    return Clock


def trimmed(text: str) -> str:
    return "\n".join(line.strip(" \ufeff\u200b") for line in text.split("\n"))


def overlap(expected: str, got: str) -> float:
    """Return the body's F1 by characters."""
    blocks = SequenceMatcher(None, expected, got, autojunk=False).get_matching_blocks()
    return 2 * sum(block.size for block in blocks) / (len(expected) + len(got))


def test_there_are_at_least_sixty_pages() -> None:
    assert len(FIXTURES) >= 60


@pytest.mark.parametrize("fixture", FIXTURES, ids=lambda fixture: fixture.name)
def test_a_page_is_read_as_a_careful_reader_reads_it(fixture: Fixture) -> None:
    article = made(fixture.draft)
    found = (article.title, article.source, article.author, article.published, str(article.published_from))
    assert found == (fixture.title, fixture.source, fixture.author, fixture.published, fixture.published_from)
    assert overlap(fixture.body, article.text) >= 0.90


def test_bodies_are_nearly_exact_on_average() -> None:
    scores = [overlap(fixture.body, made(fixture.draft).text) for fixture in FIXTURES]
    assert sum(scores) / len(scores) >= 0.98


@pytest.mark.parametrize("fixture", FIXTURES, ids=lambda fixture: fixture.name)
def test_cleaning_is_idempotent_and_verbatim(fixture: Fixture) -> None:
    article = made(fixture.draft)
    again = made(Draft(id=article.id, text=article.text, is_record=fixture.draft.is_record))
    assert again.text == article.text
    lines = [line for line in fixture.draft.text.replace("\r\n", "\n").split("\n") if line.strip()]
    assert all(any(paragraph in line for line in lines) for paragraph in article.text.split("\n"))


@pytest.mark.parametrize("fixture", FIXTURES, ids=lambda fixture: fixture.name)
def test_every_line_is_either_kept_or_listed_with_a_reason(fixture: Fixture) -> None:
    article = made(fixture.draft)
    kept, removed = article.text, {piece.text for piece in article.removed}
    assert all(piece.reason for piece in article.removed)
    for line in map(str.strip, fixture.draft.text.splitlines()):
        pieces = [piece for piece in removed if piece in line]
        assert line in kept or line in removed or any(line.replace(piece, "").strip() in kept for piece in pieces)


def test_a_menu_alone_is_skipped() -> None:
    menus = [fixture for fixture in load_fixtures() if fixture.skipped]
    assert menus
    assert [type(make_article(fixture.draft)) for fixture in menus] == [Skipped] * len(menus)


@pytest.mark.parametrize("text", ["", " \n\u3000\n", "首页\n登录"])
def test_nothing_to_read_is_skipped_with_a_reason(text: str) -> None:
    skipped = make_article(Draft(id="empty.txt", text=text))
    assert isinstance(skipped, Skipped)
    assert skipped.path == "empty.txt"
    assert skipped.reason


def test_what_the_file_declares_wins_over_the_page() -> None:
    page = "页面上的标题\n2020-02-03 来源：南桥日报 作者：卓一凡\n这是一段正文，写得足够长，讲一件发生在河边的小事。"
    declared = Draft(
        id="a",
        text=page,
        title="声明的标题_云岭新闻网",
        source="人民網",
        author="贺兰青",
        published="2021-04-05",
        published_from=PublishedFrom.META,
    )
    article = made(declared)
    assert (article.title, article.source, article.author) == ("声明的标题", "人民网", "贺兰青")
    assert (article.published, article.published_from) == ("2021-04-05", PublishedFrom.META)


def test_a_declared_date_in_the_future_gives_way_to_the_printed_one() -> None:
    page = "河边的小事\n2020-02-03 来源：南桥日报\n这是一段正文，写得足够长，讲一件发生在河边的小事。"
    article = made(Draft(id="a", text=page, published="2031-01-01", published_from=PublishedFrom.META))
    assert (article.published, article.published_from) == ("2020-02-03", PublishedFrom.DATELINE)


@pytest.mark.parametrize(("clock", "believed"), [((1970, 1, 1), True), ((2000, 1, 1), True), ((2026, 6, 1), False)])
def test_a_clock_that_is_plainly_wrong_bounds_nothing(
    monkeypatch: pytest.MonkeyPatch, clock: tuple[int, int, int], *, believed: bool
) -> None:
    monkeypatch.setattr(make, "date", clock_at(*clock))
    page = "河边的小事\n这是一段正文，写得足够长，讲一件发生在河边的小事。"
    article = make_article(Draft(id="a", text=page, published="2026-11-28", published_from=PublishedFrom.META))
    assert isinstance(article, Article)
    assert article.published == ("2026-11-28" if believed else None)


def test_no_article_is_older_than_its_outlet() -> None:
    page = "河边的小事\n1995-02-03 来源：澎湃新闻\n这是一段正文，写得足够长，讲一件发生在河边的小事。"
    assert made(Draft(id="a", text=page)).published is None


def test_the_wires_opening_names_its_author() -> None:
    page = (
        "河边的小事\n2020-02-03 来源：南桥日报\n本网讯（记者 卓一凡）这是一段正文，写得足够长，讲一件发生在河边的小事。"
    )
    assert made(Draft(id="a", text=page)).author == "卓一凡"


def test_repairs_are_counted_in_the_body() -> None:
    page = "廣西資源(zī)縣"  # one gloss is no damage: nothing is repaired, nothing moves
    assert made(Draft(id="a", text=page)).repairs == ()


@pytest.mark.parametrize("name", ["xquad.zh.json", "xquad.en.json"])
@pytest.mark.parametrize("is_record", [True, False])
def test_plain_paragraphs_are_never_touched(name: str, *, is_record: bool) -> None:
    path = XQUAD / name
    if not path.exists():
        pytest.skip(f"the question set is not here: {XQUAD}")
    documents = json.loads(path.read_text(encoding="utf-8"))["data"]
    texts = ["\n".join(paragraph["context"] for paragraph in document["paragraphs"]) for document in documents]
    texts += [paragraph["context"] for document in documents for paragraph in document["paragraphs"]]
    changed = [text for text in texts if made(Draft(id="a", text=text, is_record=is_record)).text != trimmed(text)]
    assert changed == []
