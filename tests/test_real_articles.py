"""Questions put to the five real articles, through the whole of what is shipped."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from retrieval import Archive, Settings, index_paths, open_archive
from retrieval.encoders import BUNDLED_MODEL, open_encoder
from retrieval.text.folding import fold

ARTICLES = Path(__file__).resolve().parents[2] / "shared" / "data" / "articles"


@pytest.fixture(scope="module")
def archive(prepared_cache: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    if not ARTICLES.is_dir():
        pytest.skip(f"the real articles are not here: {ARTICLES}")
    folder = tmp_path_factory.mktemp("real")
    report = index_paths([ARTICLES], folder, open_encoder(BUNDLED_MODEL, cache=prepared_cache))
    assert len(report.added) == 5
    with open_archive(folder, Settings(cache=prepared_cache)) as opened:
        yield opened


def test_the_first_passage_has_the_figure_and_its_date(archive: Archive) -> None:
    hit = archive.ask("资源县划拨了多少专项党费？").hits[0]
    assert "17.1萬元" in hit.text
    assert str(hit.article.published).startswith("2022-04-14")


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("銀河小區有多少住戶？", "712户"),
        ("渭南市一共下拨了多少疫情防控专项党费？", "1391万元"),
        ("晋源区发放了多少个口罩？", "13280"),
        ("婁底有多少黨員幹部主動報名？", "1038"),
        ("How many grids were the villages of Weinan divided into?", "10272"),
    ],
)
def test_one_of_the_first_three_passages_has_the_figure(archive: Archive, question: str, answer: str) -> None:
    assert any(fold(answer) in fold(hit.text) for hit in archive.ask(question, k=3).hits)
