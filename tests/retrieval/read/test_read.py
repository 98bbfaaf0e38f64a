"""Files, folders, archives, standard input and records: what is read, in which order, under which id."""

import gzip
import hashlib
import io
import json
import os
import socket
import tarfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from retrieval.errors import ArticleError
from retrieval.read import Limits, read
from retrieval.values import Draft, PublishedFrom, Skipped

STORY = "清溪县图书馆昨日宣布，周末开放时间延长两小时。\n读者可凭身份证入馆。"
TOLD = STORY.encode()


def drafts(*paths: Path, limits: Limits | None = None) -> list[Draft | Skipped]:
    return list(read(paths, limits=limits))


def summary(*paths: Path, limits: Limits | None = None) -> list[tuple[str, str]]:
    return [
        (item.id, item.text) if isinstance(item, Draft) else (item.path.split("/", 3)[-1], f"! {item.reason}")
        for item in drafts(*paths, limits=limits)
    ]


def zipped(members: dict[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return packed.getvalue()


def tarred(members: dict[str, bytes], mode: str = "w:gz") -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode=mode) as archive:  # type: ignore[call-overload]
        for name, data in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return packed.getvalue()


def test_a_file_is_an_article_named_after_it(tmp_path: Path) -> None:
    path = tmp_path / "图书馆.txt"
    path.write_bytes(TOLD.replace(b"\n", b"\r\n"))

    assert drafts(path) == [Draft(id="图书馆.txt", text=STORY, path=path.as_posix())]


def test_a_folder_is_walked_in_sorted_order_without_hidden_files(tmp_path: Path) -> None:
    for name in ["b.txt", "a/2.txt", "a/1.txt", ".hidden.txt", ".git/x.txt", "c.txt"]:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(name)

    assert [name for name, _ in summary(tmp_path)] == ["a/1.txt", "a/2.txt", "b.txt", "c.txt"]


def test_an_archives_own_files_are_passed_over_and_no_article_beside_them(tmp_path: Path) -> None:
    own = [
        "catalogue.sqlite",
        "catalogue.sqlite-wal",
        "vectors.faiss",
        "words/meta.json",
        "rebuilt/a.txt",
        "writer.lock",
    ]
    for name in [*(f"index/{name}" for name in own), "index/b.txt", "a.txt", "sub/catalogue.sqlite", "sub/c.txt"]:
        (tmp_path / name).parent.mkdir(exist_ok=True, parents=True)
        (tmp_path / name).write_text("新桥通车了。")

    assert [name for name, _ in summary(tmp_path)][:2] == ["a.txt", "index/b.txt"]
    assert sorted(found.path for found in drafts(tmp_path) if isinstance(found, Skipped)) == [
        (tmp_path / "sub" / "catalogue.sqlite").as_posix()
    ]


def test_a_folder_that_links_back_to_itself_is_read_once(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "x.txt").write_bytes(TOLD)
    (tmp_path / "a" / "loop").symlink_to(tmp_path)
    (tmp_path / "dead.txt").symlink_to(tmp_path / "nowhere")

    found = drafts(tmp_path)

    assert [item.id for item in found if isinstance(item, Draft)] == ["a/x.txt"]
    assert [item.reason for item in found if isinstance(item, Skipped)] == ["No such file or directory"]


@pytest.fixture
def deep_folder(tmp_path: Path) -> Iterator[Path]:
    """A folder 1,200 deep with a file at the bottom, taken down step by step: what removes trees here recurses."""
    here = Path.cwd()
    os.chdir(tmp_path)
    for _ in range(1200):
        Path("d").mkdir()
        os.chdir("d")
    Path("x.txt").write_bytes(TOLD)
    os.chdir(here)
    yield tmp_path
    os.chdir(tmp_path)
    for _ in range(1200):
        os.chdir("d")
    Path("x.txt").unlink()
    for _ in range(1200):
        os.chdir("..")
        Path("d").rmdir()
    os.chdir(here)


def test_a_folder_can_be_very_deep(deep_folder: Path) -> None:
    assert [text for _, text in summary(deep_folder)] == [STORY]


def test_a_missing_path_is_told_before_anything_is_read(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(TOLD)

    with pytest.raises(ArticleError, match=r"^.*nowhere does not exist: .*$"):
        read([tmp_path, tmp_path / "nowhere"])


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("empty.txt", b"", "empty"),
        ("white.txt", " \r\n\t　\n".encode(), "nothing but white space"),
        ("picture.txt", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(range(256)) * 4, "binary, not text"),
        ("noise.txt", hashlib.shake_256(b"noise").digest(5000), "binary, not text"),
        ("zeros.txt", bytes(5000), "binary, not text"),
        ("photo.jpg", TOLD, ".jpg files are not read"),
        ("data.bin", bytes(range(256)), "unknown format .bin"),
        ("noname", bytes(range(256)), "unknown format"),
        ("large.txt", b"x" * 3000, "larger than 0 MB"),
        ("bad.zip", b"PK\x03\x04" + bytes(100), "damaged ZIP archive"),
        ("bad.tar.gz", b"\x1f\x8b" + bytes(100), "damaged TAR archive"),
        ("bad.json", b'{"text": "', "not JSON: Unterminated string starting at at line 1 column 10"),
        ("deep.json", b"[" * 2000, "JSON nested too deeply"),
    ],
)
def test_what_cannot_be_read_is_one_line_and_the_rest_goes_on(
    tmp_path: Path, name: str, data: bytes, reason: str
) -> None:
    (tmp_path / name).write_bytes(data)
    (tmp_path / "zz.txt").write_bytes(TOLD)

    found = drafts(tmp_path, limits=Limits(file_bytes=2500 if name == "large.txt" else 10_000))

    assert found[:-1] == [Skipped((tmp_path / name).as_posix(), reason)]
    assert isinstance(found[-1], Draft)


def test_json_nested_beyond_the_stack_is_skipped(tmp_path: Path) -> None:
    (tmp_path / "deep.json").write_bytes(b"[" * 200_000)
    (tmp_path / "deep.jsonl").write_bytes(b'{"text":' * 200_000 + b'\n{"text": "good"}\n')

    assert [text for _, text in summary(tmp_path)] == ["! JSON nested too deeply", "! JSON nested too deeply", "good"]


def test_text_is_known_whatever_its_name(tmp_path: Path) -> None:
    (tmp_path / "README").write_bytes(TOLD)
    (tmp_path / "story.dat").write_bytes(STORY.encode("gbk"))

    assert summary(tmp_path) == [("README", STORY), ("story.dat", STORY)]


def test_special_files_are_skipped(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    with socket.socket(socket.AF_UNIX) as plug:
        plug.bind(str(tmp_path / "plug.txt"))

    assert [text for _, text in summary(tmp_path)] == ["! not a regular file"] * 2


def test_file_names_in_other_encodings_become_text(tmp_path: Path) -> None:
    (tmp_path / os.fsdecode("新闻稿件.txt".encode("gbk"))).write_bytes(TOLD)

    [draft] = drafts(tmp_path)

    assert isinstance(draft, Draft)
    assert draft.id == "新闻稿件.txt"
    assert draft.path is not None
    assert draft.path.endswith("/新闻稿件.txt")


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (TOLD, [("stdin", STORY)]),
        (b'{"text": "one"}\n{"text": "two"}\n', [("stdin#1", "one"), ("stdin#2", "two")]),
        (b'[{"text": "one"}]', [("stdin#1", "one")]),
        (zipped({"a.txt": TOLD}), [("stdin/a.txt", STORY)]),
        (tarred({"a.txt": TOLD}), [("stdin/a.txt", STORY)]),
        (tarred({"a.txt": TOLD}, "w"), [("stdin/a.txt", STORY)]),
        (b"", [("stdin", "! empty")]),
    ],
)
def test_standard_input_is_read_by_its_content(
    monkeypatch: pytest.MonkeyPatch, data: bytes, expected: list[tuple[str, str]]
) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(data)))

    assert summary(Path("-")) == expected


def test_records_are_mapped_by_their_common_names(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(
        json.dumps(
            {
                "id": 7,
                "标题": "周末开放时间延长",
                "正文": STORY,
                "来源": "清溪日报",
                "作者": ["林小雨", "何山"],
                "发布时间": "2022年4月14日 17:37",
                "链接": "https://news.example/7",
                "点击": 12,
            }
        )
    )

    assert drafts(path) == [
        Draft(
            id="7",
            text=STORY,
            path=path.as_posix(),
            title="周末开放时间延长",
            source="清溪日报",
            author="林小雨, 何山",
            published="2022-04-14T17:37",
            published_from=PublishedFrom.RECORD,
            url="https://news.example/7",
            is_record=True,
        )
    ]


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({"content": "a", "text": ""}, "a"),
        ({"Article_Body": "a"}, "a"),
        ({"內容": ["第一段", "第二段"]}, "第一段\n第二段"),
        ({"text": {"value": "a"}}, "a"),
        ({"text": "<p>第一段&nbsp;</p><p>第二<b>段</b></p><script>x()</script>"}, "第一段\n第二段"),
        ({"text": "a < b and c > d"}, "a < b and c > d"),
        ({"text": "one\r\ntwo\u2028three\u0000"}, "one\ntwo\nthree"),
        ({"text": "half \ud83d of a pair"}, "half \ufffd of a pair"),
        ({"text": "ä¸­å›½"}, "中国"),
    ],
)
def test_a_records_text_is_found_and_clean(tmp_path: Path, fields: dict[str, object], text: str) -> None:
    (tmp_path / "a.jsonl").write_text(json.dumps(fields))

    assert summary(tmp_path) == [("a.jsonl#1", text)]


def test_a_bad_record_is_named_by_its_line_and_the_rest_go_on(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(
        b'\xef\xbb\xbf{"text": "one"}\n'
        b"\n"
        b"{broken\n"
        b'{"title": "no text"}\n'
        b'{"text": "  "}\n'
        b"[1, 2]\n"
        + "{“text”: 1}\n".encode("gbk")
        + b'{"text": "'
        + b"x" * 3000
        + b'"}\n'
        + '{"text": "尾声", "published": "前几天"}'.encode("gbk")
    )

    found = drafts(path, limits=Limits(line_bytes=2000))

    assert [item.id for item in found if isinstance(item, Draft)] == ["a.jsonl#1", "a.jsonl#9"]
    assert [item.text for item in found if isinstance(item, Draft)] == ["one", "尾声"]
    assert [(item.path.rpartition("/")[2], item.reason) for item in found if isinstance(item, Skipped)] == [
        ("a.jsonl:3", "not JSON: Expecting property name enclosed in double quotes at line 1 column 2"),
        ("a.jsonl:4", "no text: none of its fields is called text, content, body, 正文 …"),
        ("a.jsonl:5", "text is empty"),
        ("a.jsonl:6", "a record must be an object, not list"),
        ("a.jsonl:7", "not JSON: Expecting property name enclosed in double quotes at line 1 column 2"),
        ("a.jsonl:8", "a line of more than 0 MB"),
    ]
    last = found[-1]
    assert isinstance(last, Draft)
    assert last.published is None
    assert last.published_from is PublishedFrom.NONE


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "utf-16-be", "gb18030"])
def test_json_lines_are_read_in_any_encoding(tmp_path: Path, codec: str) -> None:
    text = "".join(f'{{"text": "第{number}段，{STORY[:20]}"}}\n' for number in range(2000))
    (tmp_path / "a.jsonl").write_bytes(text.encode(codec))

    found = summary(tmp_path)

    assert len(found) == 2000
    assert found[1999] == ("a.jsonl#2000", f"第1999段，{STORY[:20]}")


@pytest.mark.parametrize(
    ("content", "texts"),
    [
        ('{"text": "one"}', ["one"]),
        ('[{"text": "one"}, 5, {"text": "two"}]', ["one", "! a record must be an object, not int", "two"]),
        ('{"total": 2, "articles": [{"text": "one"}, {"text": "two"}], "tags": ["x"]}', ["one", "two"]),
        ('{"text": "one"}\n{"text": "two"}\n', ["one", "two"]),
    ],
)
def test_a_json_file_holds_one_record_or_many(tmp_path: Path, content: str, texts: list[str]) -> None:
    (tmp_path / "a.json").write_text(content)

    assert [text for _, text in summary(tmp_path)] == texts


def test_files_in_archives_are_named_through_them(tmp_path: Path) -> None:
    inner = zipped({"x/2.txt": TOLD, "1.jsonl": b'{"text": "one"}'})
    (tmp_path / "a.zip").write_bytes(zipped({"z.txt": TOLD, "in/b.zip": inner, "__MACOSX/z.txt": b"x", ".x/y": b"x"}))
    (tmp_path / "b.tar.gz").write_bytes(tarred({"t/y.txt": TOLD, "in.zip": inner}))
    (tmp_path / "c.tar.bz2").write_bytes(tarred({"y.txt": TOLD}, "w:bz2"))
    (tmp_path / "d.tar.xz").write_bytes(tarred({"y.txt": TOLD}, "w:xz"))
    (tmp_path / "e.tgz").write_bytes(tarred({"y.txt": TOLD}))
    (tmp_path / "f.tar").write_bytes(tarred({"y.txt": TOLD}, "w"))
    (tmp_path / "g.jsonl.gz").write_bytes(gzip.compress(b'{"text": "one"}\n{"text": "two"}\n'))

    assert [name for name, text in summary(tmp_path) if not text.startswith("!")] == [
        "a.zip/in/b.zip/1.jsonl#1",
        "a.zip/in/b.zip/x/2.txt",
        "a.zip/z.txt",
        "b.tar.gz/t/y.txt",
        "b.tar.gz/in.zip/1.jsonl#1",
        "b.tar.gz/in.zip/x/2.txt",
        "c.tar.bz2/y.txt",
        "d.tar.xz/y.txt",
        "e.tgz/y.txt",
        "f.tar/y.txt",
        "g.jsonl#1",
        "g.jsonl#2",
    ]


def test_names_packed_on_a_chinese_system_become_text(tmp_path: Path) -> None:
    packed = zipped({"AAAAAAAA.txt": TOLD}).replace(b"AAAAAAAA", "新闻稿件".encode("gbk"))
    (tmp_path / "a.zip").write_bytes(packed)

    assert summary(tmp_path) == [("a.zip/新闻稿件.txt", STORY)]


def test_an_archive_in_an_archive_in_an_archive_is_skipped(tmp_path: Path) -> None:
    deepest = zipped({"x.txt": TOLD})
    (tmp_path / "a.zip").write_bytes(zipped({"b.zip": zipped({"c.zip": deepest, "y.txt": TOLD})}))

    found = drafts(tmp_path)

    assert [item.id for item in found if isinstance(item, Draft)] == ["a.zip/b.zip/y.txt"]
    assert [item.reason for item in found if isinstance(item, Skipped)] == ["an archive inside 2 others"]


@pytest.mark.parametrize("name", ["../evil.txt", "a/../../evil.txt", "/etc/evil.txt", "..\\evil.txt", "C:\\evil.txt"])
@pytest.mark.parametrize("pack", [zipped, tarred])
def test_names_that_climb_are_skipped(tmp_path: Path, name: str, pack: object) -> None:
    assert callable(pack)
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "a").write_bytes(pack({name: TOLD, "good.txt": TOLD}))

    found = drafts(folder)

    assert [item.id for item in found if isinstance(item, Draft)] == ["a/good.txt"]
    assert [item.reason for item in found if isinstance(item, Skipped)] == ["its name climbs out of the archive"]
    assert list(tmp_path.iterdir()) == [folder]


def test_links_in_a_tar_are_not_followed(tmp_path: Path) -> None:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        link = tarfile.TarInfo("link.txt")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(link)
    (tmp_path / "a.tar").write_bytes(packed.getvalue())

    assert summary(tmp_path) == []


def test_an_encrypted_member_is_skipped(tmp_path: Path) -> None:
    data = bytearray(zipped({"a.txt": TOLD, "b.txt": TOLD}))
    for sign, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(sign) + offset] |= 1
    (tmp_path / "a.zip").write_bytes(data)

    assert [text for _, text in summary(tmp_path)] == ["! encrypted", STORY]


def test_bombs_are_defused(tmp_path: Path) -> None:
    zeros = bytes(40 * 1024 * 1024)
    (tmp_path / "a.zip").write_bytes(zipped({"a.jsonl": zeros, "b.txt": zeros, "c.txt": TOLD}))
    (tmp_path / "b.tar.gz").write_bytes(tarred({"a.jsonl": zeros}))
    (tmp_path / "c.jsonl.gz").write_bytes(gzip.compress(zeros))
    (tmp_path / "d.zip").write_bytes(zipped({f"{number}.txt": TOLD for number in range(40)}))

    found = drafts(tmp_path, limits=Limits(members=39, file_bytes=1024 * 1024))

    assert [(item.path.rpartition("/")[2], item.reason) for item in found if isinstance(item, Skipped)] == [
        ("a.jsonl", "a bomb: inflates more than 200-fold"),
        ("b.txt", "larger than 1 MB"),
        ("a.jsonl", "a bomb: inflates more than 200-fold"),
        ("b.tar.gz", "a bomb: inflates more than 200-fold"),
        ("c.jsonl", "a bomb: inflates more than 200-fold"),
        ("d.zip", "more than 39 files inside: the rest is not read"),
    ]
    assert sum(isinstance(item, Draft) for item in found) == 40


def test_an_archive_that_inflates_too_much_is_left(tmp_path: Path) -> None:
    noise = os.urandom(3000).hex().encode()
    (tmp_path / "a.zip").write_bytes(zipped({f"{number}.txt": noise for number in range(5)}))
    (tmp_path / "b.tar").write_bytes(tarred({f"{number}.txt": noise for number in range(5)}, "w"))

    found = drafts(tmp_path, limits=Limits(inflated_bytes=20_000))

    assert [item.reason for item in found if isinstance(item, Skipped)] == ["inflates to more than the limit"] * 2
    assert sum(isinstance(item, Draft) for item in found) == 3


def test_archives_inside_share_what_the_outer_one_may_inflate_to(tmp_path: Path) -> None:
    inner = zipped({f"{number}.txt": os.urandom(500).hex().encode() for number in range(5)})
    (tmp_path / "a.zip").write_bytes(zipped({f"{number}.zip": inner for number in range(10)}))

    found = drafts(tmp_path, limits=Limits(inflated_bytes=30_000))

    assert 5 <= sum(isinstance(item, Draft) for item in found) < 30
    assert {item.reason for item in found if isinstance(item, Skipped)} == {"inflates to more than the limit"}
    assert sum(isinstance(item, Skipped) for item in found) <= 3


@pytest.mark.parametrize(
    ("field", "value", "published"),
    [
        ("ctime", 1683353220, "2023-05-06T06:07:00+00:00"),
        ("release_date", "2023年5月6日", "2023-05-06"),
        ("发稿时间", "2023/5/6 14:07", "2023-05-06T14:07"),
        ("publishTime", 1683353220000, "2023-05-06T06:07:00+00:00"),
        # at night in Greenwich it is the next day in China
        ("publishTime", 1683389220, "2023-05-07T00:07:00+08:00"),
        ("pub_time", "2023-05-06", "2023-05-06"),
        ("见报日期", "2023-05-06", "2023-05-06"),
        ("date", "发布时间：2023-05-06", "2023-05-06"),
        # what is rather the day of an import, and what a program writes for no time
        ("crawl_time", "2026-11-28", None),
        ("采集时间", "2026-11-28", None),
        ("created_at", "2026-11-28", None),
        ("timestamp", "2026-11-28T07:31:00Z", None),
        ("update_time", "2026-11-28", None),
        ("入库时间", "2026-11-28", None),
        ("date", "采集时间：2026-11-28", None),
        ("date", "Saved on 2026-11-28", None),
        ("published", 0, None),
        ("published", "1970-01-01T08:00:00+08:00", None),
        ("published", "1970-01-01 00:00:00", None),
        ("published", "Thu, 01 Jan 1970 00:00:00 GMT", None),
        ("published", "1970-01-01", "1970-01-01"),
    ],
)
def test_only_fields_of_publication_date_a_record(
    tmp_path: Path, field: str, value: object, published: str | None
) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(json.dumps({"text": "一座桥。", field: value}), encoding="utf-8")
    (draft,) = read([path])
    assert isinstance(draft, Draft)
    assert draft.published == published
