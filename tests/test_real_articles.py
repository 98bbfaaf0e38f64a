"""Questions put to the five real articles, through the whole of what is shipped."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from retrieval import Archive, Settings, index_paths, open_archive
from retrieval.encode import open_encoder
from retrieval.settings import BUNDLED_MODEL
from retrieval.text import fold

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
        ("资源县划拨了多少专项党费？", "17.1万元"),
        ("資源縣下撥多少專項黨費？", "17.1万元"),
        ("资源县下沉了多少名党员干部和志愿者？", "1500余名"),
        ("資源縣印刷了多少份宣傳海報？", "240余份"),
        ("How much special Party fee did Ziyuan County allocate?", "17.1万元"),
        ("婁底有多少黨員幹部主動報名？", "1038"),
        ("娄底市直机关工委下拨了多少专项党费？", "64.2万元"),
        ("娄底派了多少名党员志愿者到社区？", "604名"),
        ("銀河小區有多少住戶？", "712户"),
        ("银河小区张贴了多少张海报？", "27张"),
        ("下坝大巷道临时党支部有多少党员？", "18名"),
        ("How many households are there in Yinhe residential area?", "712户"),
        ("渭南市一共下拨了多少疫情防控专项党费？", "1391万元"),
        ("渭南劃分了多少農村網格？", "10272"),
        ("万科城有多少施工人员？", "200多名"),
        ("How many grids were the villages of Weinan divided into?", "10272"),
        ("晋源区发放了多少个口罩？", "13280"),
        ("南瓦窑村有多少党员？", "38名"),
        ("太原药业捐赠了多少钱的物资？", "195150元"),
        ("晉源區抽調了多少名優秀幹部？", "32名"),
        ("How many masks were distributed in Jinyuan district?", "13280"),
    ],
)
def test_the_lit_part_of_the_first_hit_has_the_figure(archive: Archive, question: str, answer: str) -> None:
    hit = archive.ask(question).hits[0]
    assert fold(answer) in fold(hit.text[slice(*hit.highlight)])


@pytest.mark.parametrize(
    ("question", "answer"), [("资源县设了多少个临时检查站？", "12个"), ("林皋村排查了多少户？", "1431户")]
)
def test_one_of_the_first_three_passages_has_the_figure(archive: Archive, question: str, answer: str) -> None:
    assert any(fold(answer) in fold(hit.text) for hit in archive.ask(question, k=3).hits)
