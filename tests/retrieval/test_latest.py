"""The newest articles, within filters."""

import json
from datetime import date
from pathlib import Path

import pytest

from retrieval import Archive, Filters, Settings, index_paths
from tests.fakes import FakeEncoder

PUBLISHED = {
    "morning": ("2023-05-02T08:00", "甲报"),
    "evening": ("2023-05-02T21:30", "乙报"),
    "spring": ("2023-03", "甲报"),
    "year": ("2023", "乙报"),
    "old": ("2019-12-31", "甲报"),
    "undated": (None, "甲报"),
}
TEXTS = ["河", "山", "茶", "桥", "鱼", "灯"]


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    records = [
        {"id": name, "text": f"{text}" * 30 + "。", "published": published, "source": source}
        for text, (name, (published, source)) in zip(TEXTS, PUBLISHED.items(), strict=True)
    ]
    path = tmp_path / "articles.jsonl"
    path.write_text("\n".join(json.dumps(record, ensure_ascii=False) for record in records), "utf-8")
    index_paths([path], tmp_path / "archive", FakeEncoder())
    return Archive(tmp_path / "archive", Settings(), FakeEncoder())


@pytest.mark.parametrize(
    ("filters", "names"),
    [
        (None, ["evening", "morning", "spring", "year", "old"]),
        (Filters(source="甲报"), ["morning", "spring", "old"]),
        (Filters(until="2022"), ["old"]),
        (Filters(since="2023-04"), ["evening", "morning", "year"]),
        (Filters(since="2023-04", source="甲报"), ["morning"]),
        (Filters(source="丙报"), []),
    ],
)
def test_newest_come_first_and_undated_never(archive: Archive, filters: Filters | None, names: list[str]) -> None:
    with archive:
        assert [article.id for article in archive.latest(9, filters)] == names
        assert [article.id for article in archive.latest(2, filters)] == names[:2]


def test_nothing_is_newer_than_the_day_it_is_asked_as_of(archive: Archive) -> None:
    with archive:
        assert archive.latest(1, as_of=date(2023, 5, 1))[0].id == "spring"
        assert archive.latest(1, Filters(until="2020"), as_of=date(2023, 5, 1))[0].id == "old"
