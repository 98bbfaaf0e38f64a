import json
import threading
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from retrieval import (
    Archive,
    ArchiveError,
    ArchiveLockedError,
    ArchiveMismatchError,
    ArchiveMissingError,
    ArticleError,
    Filters,
    Location,
    QuestionError,
    Settings,
    SettingsError,
    index_paths,
    remove_articles,
)
from retrieval.store.lock import writing
from tests.fakes import FakeEncoder

STORIES = {
    "bridge": ("新桥全长三百四十米，连起河两岸的六个村，老人们都来看热闹。", "2022-04-14", "甲报"),
    "library": ("县图书馆去年接待读者三十一万人次，比前年翻了一倍还多一点。", "2023-01-11", "乙报"),
    "tea": ("今年春茶每斤卖到八百元，茶农说比去年涨了两成，是十年来最高。", None, "乙报"),
}


@pytest.fixture
def articles(tmp_path: Path) -> Path:
    return written(tmp_path / "articles.jsonl")


def written(path: Path) -> Path:
    records = [
        {"id": name, "title": name, "text": text, "published": date, "source": source}
        for name, (text, date, source) in STORIES.items()
    ]
    path.write_text("\n".join(json.dumps(record, ensure_ascii=False) for record in records), "utf-8")
    return path


@pytest.fixture(params=["folder", "cluster"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Location:
    """Where an archive can be made, on this machine and past it."""
    if request.param == "folder":
        return tmp_path / "archive"
    cluster: str = request.getfixturevalue("cluster")
    return cluster


@pytest.fixture(scope="module", params=["folder", "cluster"])
def sample(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Location]:
    """An archive that is only read."""
    folder = tmp_path_factory.mktemp("sample")
    place = folder / "archive" if request.param == "folder" else request.getfixturevalue("milvus_server")
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("CHUCHU_MILVUS_PREFIX", f"t{uuid4().hex[:12]}")
        index_paths([written(folder / "articles.jsonl")], place, FakeEncoder())
        yield place


@pytest.fixture
def archive(place: Location, articles: Path) -> Location:
    index_paths([articles], place, FakeEncoder())
    return place


@pytest.fixture
def folder(tmp_path: Path, articles: Path) -> Path:
    index_paths([articles], tmp_path / "archive", FakeEncoder())
    return tmp_path / "archive"


def opened(folder: Location, encoder: FakeEncoder | None = None) -> Archive:
    return Archive(folder, Settings(), encoder or FakeEncoder())


def first(archive: Archive, question: str, filters: Filters | None = None) -> str:
    return archive.ask(question, filters=filters).hits[0].article.id


def test_questions_find_their_article_in_either_script(sample: Location) -> None:
    with opened(sample) as reader:
        assert first(reader, "新桥多长？") == "bridge"
        assert first(reader, "圖書館接待了多少讀者？") == "library"
        assert first(reader, "春茶多少钱一斤？") == "tea"


def test_a_hit_is_verbatim_at_its_span_and_lit_inside(sample: Location) -> None:
    with opened(sample) as reader:
        hits = reader.ask("去年图书馆和春茶").hits
        assert hits
        for hit in hits:
            assert hit.article.text[slice(*hit.span)] == hit.text
            assert 0 <= hit.highlight[0] < hit.highlight[1] <= len(hit.text)


def test_the_same_question_gets_the_same_answer(sample: Location) -> None:
    with opened(sample) as one, opened(sample) as other:
        answers = [reader.ask("去年怎么样？") for reader in (one, one, other)]
    assert len({tuple((hit.article.id, hit.span, hit.score) for hit in answer.hits) for answer in answers}) == 1


def test_filters_restrict_what_is_found(sample: Location) -> None:
    with opened(sample) as reader:
        assert first(reader, "新桥多长？", Filters(source="乙报")) != "bridge"
        dated = reader.ask("春茶", filters=Filters(since="2023")).hits
        assert {hit.article.id for hit in dated} == {"library", "tea"}  # the undated one answers much better
        nothing = reader.ask("新桥多长？", filters=Filters(until="1999"))
        assert [hit.article.id for hit in nothing.hits] == ["tea"]  # undated: it may be of that time


def test_k_is_the_number_of_hits(sample: Location) -> None:
    with opened(sample) as reader:
        assert [hit.rank for hit in reader.ask("去年", k=2).hits] == [1, 2]


@pytest.mark.parametrize("question", ["", " \n　\t", "问" * 100_000])
def test_a_question_that_cannot_be_asked(sample: Location, question: str) -> None:
    with opened(sample) as reader, pytest.raises(QuestionError):
        reader.ask(question)


@pytest.mark.parametrize(
    "question", ["?", "🙂", "\x00", "AND OR NOT", "words:* ^2 (", "'; DROP TABLE articles; --", "\ud800"]
)
def test_odd_questions_are_answered_or_refused_quietly(sample: Location, question: str) -> None:
    with opened(sample) as reader:
        assert len(reader.ask(question).question) == len(question)


def test_a_second_run_embeds_nothing(archive: Location, articles: Path) -> None:
    encoder = FakeEncoder()
    report = index_paths([articles], archive, encoder)
    assert (len(report.unchanged), report.added, report.changed, encoder.encoded) == (3, [], [], [])


def test_only_what_changed_is_embedded_again(archive: Location, articles: Path) -> None:
    articles.write_text(articles.read_text("utf-8").replace("三百四十米", "五百米"), "utf-8")
    encoder = FakeEncoder()
    report = index_paths([articles], archive, encoder)
    assert report.changed == ["bridge"]
    assert len(encoder.encoded) == 1
    with opened(archive) as reader:
        assert "五百米" in reader.ask("新桥多长？").hits[0].text


def test_equal_windows_are_embedded_once(tmp_path: Path, place: Location) -> None:
    for name in ("a", "b", "c"):
        (tmp_path / f"{name}.jsonl").write_text(json.dumps({"text": STORIES["tea"][0]}), "utf-8")
    encoder = FakeEncoder()
    report = index_paths([tmp_path], place, encoder)
    assert (len(report.added), report.windows, report.embedded) == (3, 3, 1)
    assert encoder.encoded.count(STORIES["tea"][0]) == 1


def test_prune_removes_what_is_gone_and_nothing_else(tmp_path: Path, archive: Location) -> None:
    texts = tmp_path / "texts"
    texts.mkdir()
    for name in ("one", "two"):
        (texts / f"{name}.jsonl").write_text(json.dumps({"id": name, "text": STORIES["tea"][0] + name}), "utf-8")
    index_paths([texts], archive, FakeEncoder())
    (texts / "two.jsonl").unlink()
    assert index_paths([texts], archive, FakeEncoder()).removed == []
    assert index_paths([texts], archive, FakeEncoder(), prune=True).removed == ["two"]
    with opened(archive) as reader:
        assert reader.stats()["articles"] == 4


def test_the_same_id_from_another_file_is_skipped_and_said(tmp_path: Path, archive: Location) -> None:
    other = tmp_path / "other.jsonl"
    other.write_text(json.dumps({"id": "tea", "text": "另一篇讲茶的文章，说的是秋茶。"}), "utf-8")
    report = index_paths([other], archive, FakeEncoder())
    assert [item.path for item in report.skipped] == [str(other)]
    assert "articles.jsonl" in report.skipped[0].reason
    with opened(archive) as reader:
        article = reader.article("tea")
        assert article is not None
        assert "春茶" in article.text


def test_a_source_for_articles_that_name_none(tmp_path: Path, place: Location) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(json.dumps({"id": "a", "text": STORIES["tea"][0]}), "utf-8")
    index_paths([path], place, FakeEncoder(), source="丙报")
    with opened(place) as archive:
        assert [(source.name, source.articles) for source in archive.sources()] == [("丙报", 1)]


def test_one_bad_record_is_skipped_and_the_rest_is_kept(tmp_path: Path, place: Location) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"id": "good", "text": "春茶每斤卖到八百元，比去年涨了两成。"}\n{"id": 7, "text"\n', "utf-8")
    report = index_paths([path], place, FakeEncoder())
    assert report.added == ["good"]
    assert [item.path for item in report.skipped] == [f"{path}:2"]


def test_removed_articles_are_found_no_more(archive: Location) -> None:
    assert remove_articles(archive, ["bridge", "never"]) == ["bridge"]
    with opened(archive) as reader:
        assert reader.article("bridge") is None
        assert "bridge" not in [hit.article.id for hit in reader.ask("新桥多长？").hits]


def test_an_open_reader_sees_what_a_writer_did(tmp_path: Path, archive: Location) -> None:
    with opened(archive) as reader:
        assert first(reader, "水厂日供水多少？") != "water"
        path = tmp_path / "water.jsonl"
        path.write_text(json.dumps({"id": "water", "text": "新建的水厂日供水两万吨，够全县用。"}), "utf-8")
        index_paths([path], archive, FakeEncoder())
        assert first(reader, "水厂日供水多少？") == "water"
        remove_articles(archive, ["water"])
        assert first(reader, "水厂日供水多少？") != "water"


def test_words_that_a_killed_writer_left_out_are_made_up_for(tmp_path: Path, folder: Path) -> None:
    with opened(folder) as archive:
        expected = archive.ask("新桥多长？").hits[0].score
    for path in sorted((folder / "words").glob("*")):
        path.unlink()
    with opened(folder) as archive:
        assert archive.ask("新桥多长？").hits[0].score == pytest.approx(expected)


def test_threads_share_an_archive(sample: Location) -> None:
    found: list[str] = []
    with opened(sample) as reader:
        threads = [threading.Thread(target=lambda: found.append(first(reader, "新桥多长？"))) for _ in range(16)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert found == ["bridge"] * 16


def test_another_model_is_told_with_both_names(archive: Location, articles: Path) -> None:
    with (
        opened(archive, FakeEncoder("other", 32)) as reader,
        pytest.raises(ArchiveMismatchError, match=r"fake \(64\).*other \(32\)"),
    ):
        reader.ask("新桥多长？")
    with pytest.raises(ArchiveMismatchError):
        index_paths([articles], archive, FakeEncoder("other", 32))


def test_no_archive(tmp_path: Path) -> None:
    with pytest.raises(ArchiveMissingError, match="chuchu index"):
        opened(tmp_path)


def test_a_missing_path_makes_no_archive(tmp_path: Path) -> None:
    with pytest.raises(ArticleError, match="nowhere"):
        index_paths([tmp_path / "nowhere"], tmp_path / "archive", FakeEncoder())
    assert not (tmp_path / "archive").exists()


def test_a_file_in_place_of_the_folder(tmp_path: Path, articles: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(ArchiveError, match="--index"):
        index_paths([articles], tmp_path / "file", FakeEncoder())


def test_two_writers_at_once(folder: Path, articles: Path) -> None:
    with writing(folder), pytest.raises(ArchiveLockedError):
        index_paths([articles], folder, FakeEncoder())
    with writing(folder), opened(folder) as archive:
        assert first(archive, "新桥多长？") == "bridge"


def test_what_was_written_before_an_interruption_stays(tmp_path: Path, place: Location) -> None:
    path = tmp_path / "many.jsonl"
    lines = [json.dumps({"id": f"a{n}", "text": f"第{n}座桥有{n * 7}米，连起{n}个村的老路。" * 40}) for n in range(70)]
    path.write_text("\n".join(lines), "utf-8")

    class Interrupted(FakeEncoder):
        def encode_passages(self, texts):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
            if any("座桥" in text for text in self.encoded):
                raise KeyboardInterrupt
            return super().encode_passages(texts)

    with pytest.raises(KeyboardInterrupt):
        index_paths([path], place, Interrupted())
    with opened(place) as archive:
        kept = archive.stats()["articles"]
        assert isinstance(kept, int)
        assert 0 < kept < 70
        assert archive.ask("第一座桥").hits
    report = index_paths([path], place, FakeEncoder())
    assert (len(report.unchanged), len(report.added)) == (kept, 70 - kept)


def test_lines_of_many_pages_of_a_folder_are_learned_and_remembered(tmp_path: Path, place: Location) -> None:
    rubric = "本栏目由云岭县茶叶协会特约刊登，每周五与您见面，讲述茶山上的人和事。"

    def page(number: int) -> Path:
        told = f"这是第{number}次上山，{'山路' * number}比上一次更长，雾也更浓，我们走了很久才到。"
        path = tmp_path / "pages" / f"{number}.txt"
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"第{number}次上山\n{rubric}\n{told}", "utf-8")
        return path

    pages, folder = [page(number) for number in range(1, 7)], place
    index_paths([tmp_path / "pages"], folder, FakeEncoder())
    for path in pages:
        path.unlink()
    page(9)
    index_paths([tmp_path / "pages"], folder, FakeEncoder())
    with opened(folder) as archive:
        found = [archive.article(f"{number}.txt") for number in (1, 6, 9)]
    assert [rubric in article.text for article in found if article] == [False] * 3


def test_a_table_of_outlets_names_them_and_a_changed_one_makes_articles_anew(tmp_path: Path, place: Location) -> None:
    page, table, folder = tmp_path / "page.txt", tmp_path / "outlets.toml", place
    page.write_text("山上的事\n2020-02-03 来源：云岭小报\n这是一段正文，写得足够长，讲一件发生在山上的小事。", "utf-8")
    named = []
    for name in ("云岭报", "云岭晚报"):
        table.write_text(f'[[outlet]]\nname = "{name}"\naliases = ["云岭小报"]\n', "utf-8")
        index_paths([page], folder, FakeEncoder(), outlets=table)
        with opened(folder) as archive:
            named += [source.name for source in archive.sources()]
    assert named == ["云岭报", "云岭晚报"]
    with pytest.raises(SettingsError, match=r"missing\.toml"):
        index_paths([page], folder, FakeEncoder(), outlets=tmp_path / "missing.toml")


def test_articles_are_counted_by_source_and_month(place: Location, tmp_path: Path) -> None:
    days = ["2022-04-14", "2022-04", "2022-04-30T23:30+08:00", "2022-05-01", "2022", None]
    records = [
        {"id": f"{source}{number}", "text": f"{source}第{number}篇：{number}号渡船今天停航一天。", "published": day}
        | ({"source": source} if source else {})
        for source in ("甲报", "")
        for number, day in enumerate(days)
    ]
    path = tmp_path / "dated.jsonl"
    path.write_text("\n".join(json.dumps(record, ensure_ascii=False) for record in records), "utf-8")
    index_paths([path], place, FakeEncoder())
    with opened(place) as reader:
        counted = {(row.source, row.month): row.articles for row in reader.months()}
    months = {"2022-04": 3, "2022-05": 1}
    assert counted == {(source, month): n for source in ("甲报", None) for month, n in months.items()}


def test_other_tellings_of_an_article_are_its_storys(place: Location, tmp_path: Path) -> None:
    text = "新桥全长三百四十米，连起河两岸的六个村，老人们都来看热闹。县长在桥头说，两岸的人等这座桥等了四十九年。" * 3
    days = {"late": "2022-05-03", "first": "2022-05-01", "undated": None, "second": "2022-05-02"}
    records = [{"id": name, "text": text, "published": day} for name, day in days.items()]
    records.append({"id": "other", "text": STORIES["tea"][0]})
    path = tmp_path / "told.jsonl"
    path.write_text("\n".join(json.dumps(record, ensure_ascii=False) for record in records), "utf-8")
    index_paths([path], place, FakeEncoder())
    with opened(place) as reader:
        assert [article.id for article in reader.copies("second")] == ["first", "late", "undated"]
        assert reader.copies("other") == reader.copies("no such article") == []
