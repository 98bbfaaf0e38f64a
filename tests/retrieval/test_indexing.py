"""Indexing runs as a whole: what is embedded once, what one bad article costs, what is done when it is stopped."""

import hashlib
import json
import shutil
import zipfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from retrieval import Archive, IndexReport, Settings, index_paths, passages, repair_archive
from retrieval import ingest as indexing
from retrieval.clean import article as make
from retrieval.encode.encoder import Vectors
from retrieval.store.catalogue import Catalogue
from retrieval.store.protocols import Known
from tests.fakes import FakeEncoder
from tests.retrieval.clean.test_make import clock_at

DAYS = ("2025-06-01", "2026-11-28")


class Quick(FakeEncoder):
    """Tells texts apart and no more: a direction a text."""

    def _vector(self, text: str) -> Vectors:
        rng = np.random.default_rng(int.from_bytes(hashlib.blake2b(text.encode(), digest_size=4).digest(), "little"))
        drawn = rng.standard_normal(self.dim).astype(np.float32)
        return np.asarray(drawn / np.linalg.norm(drawn), np.float32)


def text_of(number: int) -> str:
    return "\n".join(
        f"第{number}座桥的第{line}段有{number * 31 + line}米，连起{line}个村的老路。" for line in range(12)
    )


def write(path: Path, texts: Sequence[str]) -> Path:
    lines = [json.dumps({"id": f"a{number:03}", "text": text}) for number, text in enumerate(texts)]
    path.write_text("\n".join(lines), "utf-8")
    return path


def test_many_batches_are_embedded_once_and_reported_in_their_order(tmp_path: Path) -> None:
    encoder = Quick()
    # equal texts in neighbouring and in far batches
    texts = [text_of(number % 60) for number in range(240)]
    report = index_paths([write(tmp_path / "many.jsonl", texts)], tmp_path / "archive", encoder)
    assert report.added == [f"a{number:03}" for number in range(240)]
    windows = [text for text in encoder.encoded if "座桥" in text]
    assert len(windows) == len(set(windows)) == report.embedded == report.windows // 4
    with Archive(tmp_path / "archive", Settings(), encoder) as archive:
        assert archive.stats()["windows"] == report.windows


def test_vectors_are_those_of_their_windows(tmp_path: Path) -> None:
    whole, one = tmp_path / "whole", tmp_path / "one"
    texts = [text_of(number % 60) for number in range(120)]
    path = write(tmp_path / "many.jsonl", texts)
    index_paths([path], whole, FakeEncoder())
    for number in (3, 63, 119):
        line = path.read_text("utf-8").split("\n")[number]
        (tmp_path / "one.jsonl").write_text(line, "utf-8")
        index_paths([tmp_path / "one.jsonl"], one, FakeEncoder())
        with Archive(whole, Settings(), FakeEncoder()) as all_, Archive(one, Settings(), FakeEncoder()) as single:
            question = texts[number].split("\n")[4]
            assert all_.ask(question).hits[0].text == single.ask(question).hits[0].text


def test_one_bad_article_costs_itself_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    split = passages.split

    def fails(text: str) -> object:
        if "第7座桥" in text:
            raise ZeroDivisionError
        return split(text)

    monkeypatch.setattr(passages, "split", fails)
    path = write(tmp_path / "many.jsonl", [text_of(number) for number in range(20)])
    report = index_paths([path], tmp_path / "archive", FakeEncoder())
    assert len(report.added) == 19
    assert [item.reason for item in report.skipped] == ["a fault of chuchu: ZeroDivisionError()"]


def test_half_characters_and_controls_are_no_bad_article(tmp_path: Path) -> None:
    texts = [
        "桥上有\ud800一个残字，后面还有很长的一段话要说。",
        "桥上有\x00\x07控制字符，后面还有很长的一段话要说。",
        "好文章，" * 9,
    ]
    report = index_paths([write(tmp_path / "odd.jsonl", texts)], tmp_path / "archive", FakeEncoder())
    assert (len(report.added), report.skipped) == (3, [])


class Stopping(Quick):
    """Is interrupted while it embeds its second batch."""

    def __init__(self) -> None:
        super().__init__()
        self.batches = 0

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        self.batches += any("座桥" in text for text in texts)
        return super().encode_passages(texts)

    def is_stopped(self) -> bool:
        return self.batches >= 2


def test_stopped_it_keeps_what_is_embedded_and_goes_on_from_there(tmp_path: Path) -> None:
    path = write(tmp_path / "many.jsonl", [text_of(number) for number in range(320)])
    encoder, told = Stopping(), list[int]()

    def progress(report: IndexReport) -> None:
        told.append(report.windows)

    report = index_paths([path], tmp_path / "archive", encoder, progress=progress, stopped=encoder.is_stopped)
    assert report.stopped
    assert 0 < len(report.added) < 320
    assert told == sorted(told)
    windows = {text for text in encoder.encoded if "座桥" in text}
    assert report.windows == len(windows)  # nothing was embedded for nothing
    again = index_paths([path], tmp_path / "archive", Quick())
    assert again.unchanged == report.added
    assert len(again.added) == 320 - len(report.added)
    assert not again.stopped


def test_a_window_whose_article_was_replaced_meanwhile_is_embedded_again(tmp_path: Path) -> None:
    archive, first, second = tmp_path / "archive", tmp_path / "first.jsonl", tmp_path / "second.jsonl"
    index_paths([write(first, [text_of(0)])], archive, FakeEncoder())
    # a000 is replaced in the first batch, and a060 in the second one repeats what it said
    texts = [text_of(number + 100) for number in range(60)]
    write(first, [*texts, text_of(0)])
    assert not second.exists()
    report = index_paths([first], archive, FakeEncoder())
    assert (report.changed, len(report.added)) == (["a000"], 60)
    with Archive(archive, Settings(), FakeEncoder()) as opened:
        article = opened.article("a060")
        assert article
        # three lines of it: the figures of one line alone stand in other articles too
        assert opened.ask("".join(text_of(0).split("\n")[7:10])).hits[0].article.id == "a060"


def test_an_id_that_two_files_have_is_the_first_ones_though_it_was_written_meanwhile(tmp_path: Path) -> None:
    first, second = tmp_path / "first.jsonl", tmp_path / "second.jsonl"
    write(first, [text_of(number) * 4 for number in range(90)])  # several batches of windows, and one look into it
    write(second, [text_of(500)])
    report = index_paths([first, second], tmp_path / "archive", Quick())
    assert (len(report.added), report.changed) == (90, [])
    assert [item.reason for item in report.skipped] == [
        f"its id a000 is already that of {first}: index a folder above both"
    ]
    assert len(index_paths([first, second], tmp_path / "archive", Quick()).unchanged) == 90


def test_the_archive_is_asked_about_many_articles_at_once_and_about_few_long_ones(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, known = list[int](), Catalogue.known

    def counted(self: Catalogue, article_ids: Sequence[str]) -> dict[str, Known]:
        asked.append(len(article_ids))
        return known(self, article_ids)

    path = write(tmp_path / "many.jsonl", [text_of(number) for number in range(250)])
    index_paths([path], tmp_path / "archive", Quick())
    monkeypatch.setattr(Catalogue, "known", counted)
    assert len(index_paths([path], tmp_path / "archive", Quick()).unchanged) == 250
    assert asked == [100, 100, 50]
    asked.clear()
    monkeypatch.setattr(indexing, "_CHARACTERS", len(text_of(0)) // 24)  # a draft counts as 25
    assert len(index_paths([path], tmp_path / "archive", Quick()).unchanged) == 250
    assert max(asked) <= 5
    assert sum(asked) == 250


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A folder with articles and the archive of them, as a checkout in which the example was run."""
    folder = tmp_path / "old"
    (folder / "articles" / "sub").mkdir(parents=True)
    for number in range(6):
        (folder / "articles" / "sub" / f"{number}.txt").write_text(text_of(number), "utf-8")
    write(folder / "articles" / "many.jsonl", [text_of(number) for number in range(10, 14)])
    assert len(run_in(folder).added) == 10
    return folder


def run_in(folder: Path, articles: str = "articles", archive: str = "archive", *, prune: bool = False) -> IndexReport:
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        return index_paths([Path(articles)], archive, Quick(), prune=prune)


@pytest.mark.parametrize("is_moved", [True, False], ids=["moved", "copied"])
@pytest.mark.parametrize("is_absolute", [True, False], ids=["absolute", "relative"])
def test_articles_copied_with_their_archive_are_the_same(checkout: Path, *, is_moved: bool, is_absolute: bool) -> None:
    new = checkout.with_name("new")
    if is_absolute:
        run_in(checkout, str(checkout / "articles"))
    (shutil.move if is_moved else shutil.copytree)(checkout, new)
    prefix = f"{new}/" if is_absolute else ""

    report = run_in(new, f"{prefix}articles", f"{prefix}archive")
    assert (report.added, report.skipped, report.embedded) == ([], [], 0)
    assert len(report.changed if is_absolute else report.unchanged) == 10  # an article names its file
    (new / "articles" / "sub" / "0.txt").write_text(text_of(900), "utf-8")
    (new / "articles" / "sub" / "1.txt").unlink()
    report = run_in(new, f"{prefix}articles", f"{prefix}archive", prune=True)
    assert (report.changed, report.removed, report.skipped) == (["sub/0.txt"], ["sub/1.txt"], [])
    assert len(report.unchanged) == 8


def test_a_copy_of_a_copy_is_known_too(checkout: Path) -> None:
    for name in ("second", "third"):
        copy = checkout.with_name(name)
        shutil.copytree(checkout, copy)
        (copy / "articles" / f"{name}.txt").write_text(text_of(len(name)), "utf-8")
        report = run_in(copy)
        assert (len(report.added), report.changed, report.skipped) == (1, [], [])
        checkout = copy


def test_copied_articles_are_no_others_and_different_ones_are(checkout: Path) -> None:
    copy = checkout / "copy"
    shutil.copytree(checkout / "articles", copy)
    (copy / "sub" / "0.txt").write_text(text_of(900), "utf-8")
    report = run_in(checkout, "copy")
    assert (report.added, report.changed, len(report.unchanged)) == ([], [], 9)
    taken = checkout.resolve() / "articles" / "sub" / "0.txt"
    assert [item.reason for item in report.skipped] == [
        f"its id sub/0.txt is already that of {taken}: index a folder above both"
    ]
    shutil.rmtree(checkout / "articles")  # the first ones are gone: now these are the articles
    assert sorted(run_in(checkout, "copy").changed) == sorted(["sub/0.txt", *report.unchanged])
    assert len(run_in(checkout, "copy").unchanged) == 10


def test_records_with_the_id_of_another_file_are_skipped_also_out_of_archive_files(checkout: Path) -> None:
    for name, number in (("one.zip", 70), ("two.zip", 71)):
        with zipfile.ZipFile(checkout / "articles" / name, "w") as packed:
            packed.writestr("in.jsonl", json.dumps({"id": "z", "text": text_of(number)}))
    report = run_in(checkout)
    assert report.added == ["z"]
    assert [item.path for item in report.skipped] == ["articles/two.zip/in.jsonl"]
    assert "already that of" in report.skipped[0].reason
    assert len(run_in(checkout).skipped) == 1


def test_an_article_that_was_ahead_of_a_slow_clock_is_made_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.jsonl"
    records = [{"id": day, "text": text_of(number), "published": day} for number, day in enumerate(DAYS)]
    path.write_text("\n".join(map(json.dumps, records)), "utf-8")
    for clock, dates in (("2026-01-01", [DAYS[0], None]), ("2026-11-29", list(DAYS))):
        monkeypatch.setattr(make, "date", clock_at(*map(int, clock.split("-"))))
        report = index_paths([path], tmp_path / "archive", FakeEncoder())
        with Archive(tmp_path / "archive", Settings(), FakeEncoder()) as archive:
            assert [article.published for day in DAYS if (article := archive.article(day))] == dates
    assert (report.unchanged, report.changed) == ([DAYS[0]], [DAYS[1]])


def test_a_clock_at_1970_costs_no_date_and_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(json.dumps({"id": "a", "text": text_of(1), "published": DAYS[1]}), "utf-8")
    for module in (make, indexing):
        monkeypatch.setattr(module, "date", clock_at(1970, 1, 1))
    index_paths([path], tmp_path / "archive", FakeEncoder())
    assert "1970-01-01" in caplog.text
    with Archive(tmp_path / "archive", Settings(), FakeEncoder()) as archive:
        article = archive.article("a")
        assert article is not None
        assert article.published == DAYS[1]


@pytest.mark.parametrize("place", [".", "index"])
def test_an_archive_among_its_articles_is_no_article_and_hides_none(tmp_path: Path, place: str) -> None:
    (tmp_path / place).mkdir(exist_ok=True)
    names = ["a.txt", "damaged goods.txt", "vectors.txt", "words.txt", "writer's day.txt", "writer.txt", "derived.txt"]
    for number, name in enumerate(names):
        (tmp_path / place / name).write_text(text_of(number), "utf-8")
    for _ in range(2):
        report = index_paths([tmp_path], tmp_path / place, Quick())
        assert (report.skipped, len(report.added) + len(report.unchanged)) == ([], len(names))
        with Archive(tmp_path / place, Settings(), Quick()) as archive:
            assert archive.ask("第1座桥").hits
    (tmp_path / place / "vectors.faiss").write_bytes(b"x")
    repair_archive(tmp_path / place)
    report = index_paths([tmp_path], tmp_path / place, Quick())
    assert (report.skipped, len(report.unchanged)) == ([], len(names))
