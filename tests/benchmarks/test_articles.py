"""Pages in the manner of large sites, and files made after public reports: what is right of each is read."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from benchmarks.articles.__main__ import CASES
from benchmarks.articles.judging import Expected, faults_of
from benchmarks.articles.kinds import composed
from benchmarks.articles.sites import pages

SITES = {name: (markup, expected) for name, markup, expected in (*pages(), *composed())}
# The first asks for a body with a sentence and without a word of it; the second is read since it can be.
CONTRADICTED = {"html/wechat_script_time.html": ["kept: 昨天"], "office/text.rtf": ["articles: 1 not 0 "]}


def cases() -> Iterator[dict[str, Any]]:
    if CASES.is_dir():
        yield from json.loads((CASES / "expected.json").read_text(encoding="utf-8"))


def test_there_are_pages_of_every_kind() -> None:
    assert len(SITES) >= 160


@pytest.mark.parametrize("name", SITES)
def test_a_page_built_as_a_site_builds_it_is_read(name: str, tmp_path: Path) -> None:
    markup, expected = SITES[name]
    path = tmp_path / "page.html"
    path.write_text(markup, encoding="utf-8")
    assert faults_of(path, expected) == []


def test_the_cases_after_public_reports_are_read() -> None:
    found = {case["file"]: faults_of(CASES / case["file"], Expected.of(case["expected"])) for case in cases()}
    if not found:
        pytest.skip(f"the cases are not here: {CASES}")
    assert {name: faults for name, faults in found.items() if faults} == CONTRADICTED
