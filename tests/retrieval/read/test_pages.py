"""Web pages: the body whole, nothing from around it, and what the page declares."""

from collections import Counter
from pathlib import Path

import pytest

from retrieval.clean.article import make_article
from retrieval.read import Limits, read
from retrieval.values import Article, Draft, Skipped
from tests.retrieval.read.pages import PAGES, Page


def read_page(folder: Path, data: bytes, name: str = "page.html", limits: Limits | None = None) -> Draft | Skipped:
    (folder / name).write_bytes(data)
    [item] = read([folder / name], limits=limits)
    return item


def f1(found: str, expected: str) -> float:
    """Compare two texts by their characters, order aside."""
    ours, theirs = Counter("".join(found.split())), Counter("".join(expected.split()))
    return 2 * (ours & theirs).total() / (ours.total() + theirs.total())


def body_of(draft: Draft, page: Page) -> list[str]:
    """List the lines of the article that is made of a draft, but for its headline and credits."""
    article = make_article(draft)
    assert isinstance(article, Article)
    return [line for line in article.text.split("\n") if line not in page.around]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_page_is_read_as_a_person_reads_it(tmp_path: Path, page: Page) -> None:
    draft = read_page(tmp_path, page.markup.encode(page.codec))

    assert isinstance(draft, Draft)
    lines = draft.text.split("\n")
    assert tuple(line for line in lines if line in page.body) == page.body
    assert [line for line in lines if line in page.around] == list(page.around)
    assert body_of(draft, page) == [line for line in page.body if line not in draft.captions]
    assert (draft.title, draft.source, draft.author, draft.site) == (page.title, page.source, page.author, page.site)
    assert (draft.published, draft.published_from) == (page.published, page.published_from)
    assert draft.url == page.url


def test_our_reading_is_no_worse_than_the_extractors_alone(tmp_path: Path) -> None:
    from trafilatura import extract

    ours, theirs = [], []
    for page in PAGES:
        draft = read_page(tmp_path, page.markup.encode(page.codec))
        assert isinstance(draft, Draft)
        expected = "\n".join(line for line in page.body if line not in draft.captions)
        ours.append(f1("\n".join(body_of(draft, page)), expected))
        theirs.append(f1(extract(page.markup.encode(page.codec), include_comments=False) or "", expected))
    print(
        *(f"{page.name}: {our:.3f} {their:.3f}" for page, our, their in zip(PAGES, ours, theirs, strict=True)), sep="\n"
    )
    assert min(ours) >= 0.98
    assert sum(ours) >= sum(theirs)
