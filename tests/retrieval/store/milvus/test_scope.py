import json
from pathlib import Path

import pytest

from retrieval import Filters, Settings, index_paths
from retrieval.store.milvus import Cluster
from retrieval.store.milvus.reader import MilvusReader
from tests.fakes import FakeEncoder

YEARS = ("2019", "2021", "2022", None)


@pytest.fixture
def archive(cluster: str, tmp_path: Path) -> str:
    records = [
        {"id": f"a{year}", "text": f"新桥全长{place}百米，连起河两岸的六个村。", "published": year}
        for place, year in enumerate(YEARS, 3)
    ]
    (tmp_path / "a.jsonl").write_text("\n".join(map(json.dumps, records)), "utf-8")
    index_paths([tmp_path / "a.jsonl"], cluster, FakeEncoder())
    return cluster


@pytest.mark.parametrize(
    ("filters", "searched"),
    [
        (Filters(since="2022", until="2022"), {"y2022"}),
        (Filters(since="2020", until="2022-06"), {"y2021", "y2022"}),
        (Filters(until="2021-01-01"), {"y2019", "y2021"}),
        (Filters(since="2022-12-31"), {"y2022"}),
        (Filters(), None),
    ],
)
def test_a_date_range_searches_the_partitions_of_its_years(
    archive: str, monkeypatch: pytest.MonkeyPatch, filters: Filters, searched: set[str] | None
) -> None:
    asked, call = list[set[str] | None](), Cluster.call

    def heard(self: Cluster, method: str, collection: str, **said: object) -> object:
        names = said.get("partition_names")
        if method == "search":
            asked.append(set(names) if isinstance(names, list) else None)
        return call(self, method, collection, **said)

    reader = MilvusReader(archive, Settings())
    monkeypatch.setattr(Cluster, "call", heard)
    with reader.snapshot() as index:
        passages = {*index.nearest(FakeEncoder().encode_queries(["新桥多长"])[0], 9, filters)}
        passages |= {*index.words.search(index.words.terms(["新桥"]), 9, filters)}
        found = {place.article for place in index.catalogue.places(sorted(passages)).values()}
        years = {article.published for article in index.articles(sorted(found)).values()}
    reader.close()
    assert asked == [searched] * 2
    assert years == ({name[1:] for name in searched} if searched else set(YEARS))


def test_years_of_which_there_is_nothing_are_not_searched(archive: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        pytest.fail("there is nothing to search")

    monkeypatch.setattr(Cluster, "search", fail)
    reader, filters = MilvusReader(archive, Settings()), Filters(since="2023", until="2024")
    with reader.snapshot() as index:
        assert index.nearest(FakeEncoder().encode_queries(["新桥多长"])[0], 9, filters) == {}
        assert index.words.search(index.words.terms(["新桥"]), 9, filters) == {}
    reader.close()
