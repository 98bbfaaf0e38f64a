"""A set's paragraphs become an archive's articles."""

import json
from pathlib import Path

import pytest

from retrieval import ArticleError
from retrieval.archive import Archive
from retrieval.evaluation import build, evaluate, read_questions
from retrieval.settings import Settings
from tests.retrieval.evaluation.fakes import LetterEncoder

BRIDGE = "新跃鲤大桥四月二十九日上午九时通车，最终造价2.17亿元，比开工时的估算多出3,100万元。"
LIBRARY = "青岚县图书馆去年共接待读者31.2万人次，其中总馆19.8万人次，其余来自新开的三处分馆。"


def write(path: Path, *paragraphs: str) -> Path:
    qas = [
        [{"id": f"q{n}", "question": f"{text[:10]}？", "answers": [{"text": text[-8:-1]}]}]
        for n, text in enumerate(paragraphs)
    ]
    listed = [{"context": text, "qas": asked} for text, asked in zip(paragraphs, qas, strict=True)]
    path.write_text(json.dumps({"data": [{"title": "沄江", "paragraphs": listed}]}), "utf-8")
    return path


def test_paragraphs_are_indexed_as_articles_and_their_questions_find_them(tmp_path: Path) -> None:
    path = write(tmp_path / "set.json", BRIDGE, LIBRARY)
    report = build(path, tmp_path / "index", LetterEncoder())
    assert report.added == ["沄江/1", "沄江/2"]
    with Archive(tmp_path / "index", Settings(), LetterEncoder()) as archive:
        article = archive.article("沄江/1")
        assert article is not None
        assert article.text == BRIDGE
        assert [item.rank for item in evaluate(archive, read_questions(path))] == [1, 1]


def test_building_again_changes_only_what_changed(tmp_path: Path) -> None:
    path = write(tmp_path / "set.json", BRIDGE, LIBRARY)
    build(path, tmp_path / "index", LetterEncoder())
    write(path, BRIDGE, LIBRARY.replace("31.2", "32.2"))
    report = build(path, tmp_path / "index", LetterEncoder())
    assert (report.unchanged, report.changed) == (["沄江/1"], ["沄江/2"])


def test_a_parallel_set_in_the_same_archive_is_refused(tmp_path: Path) -> None:
    build(write(tmp_path / "zh.json", BRIDGE), tmp_path / "index", LetterEncoder())
    with pytest.raises(ArticleError, match=r"1 of 1 paragraphs were not indexed.*--index NEW"):
        build(write(tmp_path / "en.json", LIBRARY), tmp_path / "index", LetterEncoder())
