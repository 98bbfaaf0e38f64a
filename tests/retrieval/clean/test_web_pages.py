from datetime import date
from difflib import SequenceMatcher
from pathlib import Path

import pytest

from retrieval.clean.article import make_article
from retrieval.read import read
from retrieval.values import Article, Draft
from tests.retrieval.clean.pages import Fixture, load_web_pages

PAGES = load_web_pages()


def made(fixture: Fixture, data: bytes, folder: Path) -> Article:
    path = folder / f"{fixture.name.replace('/', '-')}.html"
    path.write_bytes(data)
    (draft,) = read([path])
    assert isinstance(draft, Draft), draft
    article = make_article(draft, today=date(2025, 1, 1))
    assert isinstance(article, Article), article
    return article


def overlap(expected: str, got: str) -> float:
    blocks = SequenceMatcher(None, expected, got, autojunk=False).get_matching_blocks()
    return 2 * sum(block.size for block in blocks) / (len(expected) + len(got))


@pytest.mark.parametrize(("fixture", "data"), PAGES, ids=lambda value: value.name if isinstance(value, Fixture) else "")
def test_a_saved_page_gives_title_outlet_author_and_date(fixture: Fixture, data: bytes, tmp_path: Path) -> None:
    article = made(fixture, data, tmp_path)
    assert (article.title, article.source, article.author) == (fixture.title, fixture.source, fixture.author)
    assert (article.published, str(article.published_from)) == (fixture.published, fixture.published_from)


def test_bodies_of_saved_pages_are_nearly_exact(tmp_path: Path) -> None:
    scores = [overlap(fixture.body, made(fixture, data, tmp_path).text) for fixture, data in PAGES]
    assert min(scores) >= 0.9
    assert sum(scores) / len(scores) >= 0.98
