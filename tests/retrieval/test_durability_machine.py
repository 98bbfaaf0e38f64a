"""An archive under random changes holds what a plain dict holds."""

import json
import shutil
from collections.abc import Sequence
from pathlib import Path
from tempfile import mkdtemp
from typing import Literal

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from retrieval import Archive, Settings, index_paths, rebuild_archive, remove_articles
from retrieval.encode.encoder import Vectors
from retrieval.upkeep.verification import verify_archive
from tests.fakes import FakeEncoder

names = st.sampled_from("abcdefgh")
editions = st.integers(0, 4)
TOPICS = dict(zip("abcdefgh", ("新桥", "春茶", "图书馆", "水厂", "小学", "老街", "医院", "车站"), strict=True))


def text_of(name: str, edition: int) -> str:
    lines = (f"{TOPICS[name]}的第{line}件事有{line * 7 + edition}个人说起，写在{line}页上。" for line in range(1, 9))
    return "\n".join(lines)


class Dying(FakeEncoder):
    """Ends the writer in the middle of its work."""

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        if self.encoded:
            raise KeyboardInterrupt
        return super().encode_passages(texts)


class ArchiveMachine(RuleBasedStateMachine):
    """Does to an archive what people do, and keeps the same in dicts: what the files say, and what is indexed."""

    @initialize()
    def start(self) -> None:
        self.place = Path(mkdtemp())
        self.files: dict[str, int] = {}
        self.indexed: dict[str, int] = {}
        (self.place / "articles").mkdir()
        self.put_file("a", 0)
        self.index(prune=False)
        self.reader = Archive(self.place / "archive", Settings(), FakeEncoder())

    def teardown(self) -> None:
        self.reader.close()
        shutil.rmtree(self.place)

    @rule(name=names, edition=editions)
    def put_file(self, name: str, edition: int) -> None:
        record = {"id": name, "text": text_of(name, edition)}
        (self.place / "articles" / f"{name}.jsonl").write_text(json.dumps(record, ensure_ascii=False), "utf-8")
        self.files[name] = edition

    @rule(name=names)
    def delete_file(self, name: str) -> None:
        (self.place / "articles" / f"{name}.jsonl").unlink(missing_ok=True)
        self.files.pop(name, None)

    @rule(prune=st.booleans())
    def index(self, *, prune: bool) -> None:
        pruned: Literal["all", False] = "all" if prune else False
        report = index_paths([self.place / "articles"], self.place / "archive", FakeEncoder(), prune=pruned)
        assert sorted(report.added) == sorted(set(self.files) - set(self.indexed))
        if prune:
            assert sorted(report.removed) == sorted(set(self.indexed) - set(self.files))
            self.indexed.clear()
        self.indexed |= self.files

    @rule(after=st.integers(0, 5))
    def index_until_stopped(self, after: int) -> None:
        asked = iter(range(after))
        report = index_paths(
            [self.place / "articles"], self.place / "archive", FakeEncoder(), stopped=lambda: next(asked, None) is None
        )
        self.indexed |= {name: self.files[name] for name in (*report.added, *report.changed)}

    @rule()
    def index_and_die(self) -> None:
        encoder = Dying()
        encoder.encoded.append("")
        try:
            report = index_paths([self.place / "articles"], self.place / "archive", encoder)
        except KeyboardInterrupt:
            return
        self.indexed |= {name: self.files[name] for name in (*report.added, *report.changed)}

    @rule(name=names)
    def remove(self, name: str) -> None:
        assert remove_articles(self.place / "archive", [name]) == ([name] if name in self.indexed else [])
        self.indexed.pop(name, None)

    @rule(lost=st.sampled_from(["vectors.faiss", "words"]))
    def lose_what_is_derived(self, lost: str) -> None:
        path = self.place / "archive" / lost
        gone = path.rename(Path(mkdtemp(dir=self.place), lost))  # at once: the index may still be tidying in there
        shutil.rmtree(gone, ignore_errors=True) if gone.is_dir() else gone.unlink()
        index_paths([], self.place / "archive", FakeEncoder())

    @rule()
    def rebuild(self) -> None:
        self.reader.close()
        rebuild_archive(self.place / "archive", FakeEncoder())
        self.reader = Archive(self.place / "archive", Settings(), FakeEncoder())

    @rule()
    def reopen(self) -> None:
        self.reader.close()
        self.reader = Archive(self.place / "archive", Settings(), FakeEncoder())

    @invariant()
    def holds_what_was_indexed(self) -> None:
        if not hasattr(self, "reader"):
            return
        for name in TOPICS:
            article = self.reader.article(name)
            assert (article.text if article else None) == (
                text_of(name, self.indexed[name]) if name in self.indexed else None
            )
        hits = [hit.article.id for name in self.indexed for hit in self.reader.ask(TOPICS[name], k=1).hits]
        assert hits == list(self.indexed)
        assert verify_archive(self.place / "archive") == ()


TestArchiveMachine = ArchiveMachine.TestCase
TestArchiveMachine.settings = settings(
    max_examples=12, stateful_step_count=10, deadline=None, suppress_health_check=list(HealthCheck)
)
