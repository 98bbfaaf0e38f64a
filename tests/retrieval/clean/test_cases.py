"""Files that came out wrong once: dates and comments, as their table expects them."""

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from retrieval.clean.article import make_article
from retrieval.read import read
from retrieval.values import Article, Draft

FOLDER = Path(__file__).parents[4] / "shared" / "data" / "cases" / "articles"
TABLE = FOLDER / "expected.json"
CASES: list[dict[str, Any]] = json.loads(TABLE.read_text(encoding="utf-8")) if TABLE.exists() else []
RIGHT = (
    *(
        "dates/",
        "html/account_date_without_year",
        "html/citation_microdata",
        "html/crawl_day_printed",
        "html/english_comments",
    ),
    *("html/long_reader_comments", "html/teasers_with_dates", "html/wechat_script_time", "feed/pubdate_italian"),
    *("jsonl/ctime_seconds", "jsonl/release_date", "zip/crawl.warc", "csv/more_headers"),
)


def bare(text: str) -> str:
    return "".join(text.split())


@pytest.mark.skipif(not CASES, reason=f"the cases are not here: {FOLDER}")
def test_the_cases_are_here() -> None:
    assert {name for name in RIGHT if any(case["file"].startswith(name) for case in CASES)} == set(RIGHT)


@pytest.mark.parametrize(
    "case", [case for case in CASES if case["file"].startswith(RIGHT)], ids=lambda case: case["file"]
)
def test_a_case_is_read_as_its_table_says(case: Mapping[str, Any]) -> None:
    draft = next(iter(read([FOLDER / case["file"]])))
    assert isinstance(draft, Draft), draft
    article = make_article(draft, today=date(2026, 11, 29))
    assert isinstance(article, Article), article
    expected = case["expected"]
    lines = article.text.split("\n")
    for name in ("title", "source", "author"):
        if name in expected:
            assert getattr(article, name) == expected[name]
    if "published" in expected:
        assert (article.published or "none").startswith(expected["published"] or "none")
    assert [text for text in expected.get("must_contain", []) if bare(text) not in bare(article.text)] == []
    # a line of its own where it is a word of the sentences as well
    kept = [text for text in expected.get("must_not_contain", []) if text in article.text]
    assert [text for text in kept if len(text) > 2 or text in lines] == []
