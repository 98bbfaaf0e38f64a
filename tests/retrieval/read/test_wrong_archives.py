"""Archive files and documents whose fields are wrong: what they cost is bounded by what is there, not by what they say."""

import gzip
import io
import json
import re
import stat
import tarfile
import tracemalloc
import warnings
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from retrieval.read import Limits, read, reader_of
from retrieval.read.files import MB, File
from retrieval.values import Draft, Skipped
from tests.retrieval.read.builders import docx, paragraph, pdf

TOLD = "清溪县图书馆昨日宣布，周末开放时间延长两小时。"
DATA = TOLD.encode()


class GivenUpError(BaseException):
    """Reading goes on and on; no `Exception`, so that no reader takes it for damage."""


class Counting(io.BytesIO):
    """A file that is given up once it was read from far more often than it has blocks."""

    reads = 0

    def read(self, size: int | None = -1, /) -> bytes:
        self.reads += 1
        if self.reads > 200 + len(self.getbuffer()) // 32:
            raise GivenUpError
        return super().read(size)


def read_counted(name: str, data: bytes, limits: Limits | None = None) -> list[File | Draft | Skipped | Exception]:
    """Read a file in memory, and the files in it by their first bytes; an error that is one line ends the list."""
    opened: list[Counting] = []

    def open_again() -> IO[bytes]:
        opened.append(Counting(data))
        return opened[-1]

    file = File(name, name, open_again)
    found: list[File | Draft | Skipped | Exception] = []
    try:
        for item in reader_of(file)(file, limits or Limits()):
            found.append(item)
            if isinstance(item, File):
                _read_whole(item)
    except Exception as error:  # noqa: BLE001 that the one line is made of
        found.append(error)
    return found


def _read_whole(member: File) -> None:
    try:
        with member.open() as stream:
            while stream.read(MB):
                pass
    except Exception:  # noqa: BLE001 its line is another test's
        return


def zipped(members: list[tuple[str, bytes]]) -> bytearray:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members:
            info = zipfile.ZipInfo(name)
            info.compress_type = zipfile.ZIP_DEFLATED
            with warnings.catch_warnings(action="ignore"):  # of a name that stands twice
                archive.writestr(info, data)
    return bytearray(packed.getvalue())


def tarred(members: list[tuple[str, bytes]], kind: bytes = tarfile.REGTYPE) -> bytearray:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        for name, data in members:
            info = tarfile.TarInfo(name)
            info.type, info.size = kind, len(data)
            archive.addfile(info, io.BytesIO(data))
    return bytearray(packed.getvalue())


def spoilt_tar(at: int, field: str, value: bytes, kind: bytes | None) -> bytes:
    """Write a value into a field of one header of a TAR archive, and a checksum that fits."""
    data = tarred([("a.txt", DATA), ("b" * 120 + ".txt", DATA), ("c.txt", DATA)])
    header = memoryview(data)[at * 512 : at * 512 + 512]
    offset, width = TAR_FIELDS[field]
    header[offset : offset + width] = value[:width].ljust(width, b"\0")
    if kind:
        header[156:157] = kind
    header[148:156] = b" " * 8
    header[148:156] = b"%06o\0 " % sum(header)
    return bytes(data)


TAR_FIELDS = {
    "name": (0, 100), "mode": (100, 8), "size": (124, 12), "mtime": (136, 12), "link": (157, 100), "magic": (257, 8),
    "prefix": (345, 155), "sparse offset": (386, 12), "sparse size": (398, 12), "more sparse": (482, 1), "real": (483, 12),
}  # fmt: skip
NUMBERS = st.one_of(
    st.integers(0, 2**88 - 1).map(lambda number: b"\x80" + number.to_bytes(11, "big")),
    st.integers(0, 88).map(lambda bits: b"\x80" + (1 << bits >> 1).to_bytes(11, "big")),
    st.integers(0, 33).map(lambda bits: b"%011o\0" % ((1 << bits) - 1)),
    st.sampled_from([b"\xff" * 12, b"\0" * 12, b"7" * 12, b"-0000000001\0", b"x" * 12]),
)
KINDS = st.sampled_from([None, None, *(bytes([kind]) for kind in b"01234567SLKxgVDMN\0\xff")])
HUGE = b"\x80" + (1 << 40).to_bytes(11, "big")


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@example(0, "size", HUGE, None)
@example(4, "size", HUGE, b"L")
@example(0, "size", HUGE, b"x")
@example(0, "real", HUGE, b"S")
@example(0, "sparse size", HUGE, b"S")
@given(st.integers(0, 8), st.sampled_from(list(TAR_FIELDS)), st.one_of(NUMBERS, st.binary(max_size=155)), KINDS)
def test_a_tar_whose_header_lies_is_read_in_as_many_steps_as_it_has_blocks(
    at: int, field: str, value: bytes, kind: bytes | None
) -> None:
    found = read_counted("a.tar", spoilt_tar(at, field, value, kind))
    names = [item.id for item in found if isinstance(item, File)]
    assert len(names) == len(set(names)) <= 4
    assert all(not name.startswith("/") and ".." not in name.split("/") for name in names)


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@example(0.99, b"\xff" * 8)
@given(
    st.floats(0, 1),
    st.one_of(st.binary(min_size=1, max_size=8), st.sampled_from([b"\xff" * 8, b"\xff" * 4, b"\0" * 8])),
)
def test_a_zip_whose_fields_lie_is_read_in_as_many_steps_as_it_has_blocks(place: float, value: bytes) -> None:
    data = zipped([("a.txt", DATA), ("b.jsonl", b'{"text": "x"}\n' * 30), ("c.txt", DATA)])
    at = int(place * (len(data) - 1))
    data[at : at + len(value)] = value
    found = read_counted("a.zip", bytes(data[: len(data)]))
    names = [item.id for item in found if isinstance(item, File)]
    assert len(names) == len(set(names)) <= 3


def test_the_tar_that_declares_more_than_there_is(tmp_path: Path) -> None:
    declared = tarfile.TarInfo("a.txt")
    declared.size = 1 << 40
    written = declared.tobuf(tarfile.PAX_FORMAT) + DATA[:512].ljust(2048, b"\0")
    assert read_counted("a.tar", written)
    (tmp_path / "a.tar").write_bytes(written)
    (tmp_path / "zz.txt").write_bytes(DATA)
    bad, good = read([tmp_path])
    assert isinstance(bad, Skipped)
    assert isinstance(good, Draft)


@pytest.mark.parametrize("compress", [bytes, gzip.compress], ids=["tar", "gz"])
@pytest.mark.parametrize("size", [1 << 31, 1 << 40, 1 << 62])
def test_what_is_declared_is_neither_waited_for_nor_taken_into_memory(
    size: int, compress: Callable[[bytes], bytes]
) -> None:
    for kind in (None, b"L", b"x", b"g", b"S"):
        data = spoilt_tar(0, "size", b"\x80" + size.to_bytes(11, "big"), kind)
        tracemalloc.start()
        read_counted("a.tar.gz" if compress is gzip.compress else "a.tar", compress(data))
        assert tracemalloc.get_traced_memory()[1] < 40 * MB
        tracemalloc.stop()


def test_a_sparse_file_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "a.tar").write_bytes(spoilt_tar(0, "real", b"%011o\0" % 10_000_000, b"S"))
    [skipped, *drafts] = read([tmp_path])
    assert isinstance(skipped, Skipped)
    assert (skipped.path, skipped.reason) == (f"{tmp_path}/a.tar/a.txt", "a sparse file")
    assert len(drafts) == 2


@pytest.mark.parametrize("pack", [zipped, tarred])
def test_of_members_of_one_name_the_first_is_read_and_the_others_are_said(
    tmp_path: Path, pack: Callable[[list[tuple[str, bytes]]], bytearray]
) -> None:
    names = ["a.txt", "a.txt", "./a.txt", "sub//b.txt", "sub/b.txt", "c.txt"]
    data = pack([(name, f"{number}{TOLD}".encode()) for number, name in enumerate(names)])
    (tmp_path / "a").write_bytes(data)
    found = list(read([tmp_path]))
    assert sorted(item.text[0] for item in found if isinstance(item, Draft)) in (["0", "3", "5"], ["2", "3", "5"])
    said = [(item.path, item.reason) for item in found if isinstance(item, Skipped)]
    assert sorted({path.removeprefix(f"{tmp_path}/a/") for path, _ in said}) == ["a.txt", "sub/b.txt"]
    assert [reason for _, reason in said] == ["a file of that name stands before it in the archive"] * 3


def test_members_whose_names_cannot_be_read_are_told_apart(tmp_path: Path) -> None:
    names = {"AAAAAAAA": "新闻稿件".encode("gbk"), "BBBBBBBB": "本地要闻".encode("gbk")}
    names |= {"CCCC": b"\xffX\xffX", "DDDD": b"\x80X\x80X"}
    data = bytes(zipped([(f"{name}.txt", DATA) for name in names]))
    for name, raw in names.items():
        data = data.replace(name.encode(), raw)
    (tmp_path / "a.zip").write_bytes(data)
    (tmp_path / "b.tar").write_bytes(tarred([("\udc81\udcff.txt", DATA), ("\udc81\udcfe.txt", DATA)]))
    found = [item for item in read([tmp_path]) if isinstance(item, Draft)]
    assert len({item.id for item in found}) == 6
    assert {"a.zip/新闻稿件.txt", "a.zip/本地要闻.txt"} <= {item.id for item in found}
    for item in found:
        f"{item.id}{item.path}".encode()


@given(
    st.lists(st.binary(min_size=1, max_size=12).map(lambda raw: re.sub(rb"[/\\\0]", b"_", raw)), min_size=1),
    st.booleans(),
    st.booleans(),
)
@example([b"\xc7\xe5\xcf\xaa"], False, False)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_name_that_is_not_the_utf8_it_says_costs_no_other_member(
    tmp_path: Path, names: list[bytes], is_packed: bool, is_before: bool
) -> None:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED if is_packed else zipfile.ZIP_STORED) as archive:
        for number, name in enumerate(names):
            archive.writestr(f"{number:02}字{'x' * len(name)}.txt", f"第{number}篇。{TOLD}")
        archive.writestr("~最后.txt", f"最后一篇。{TOLD}")
    data = written.getvalue()
    for number, name in enumerate(names):
        data = data.replace(
            f"{number:02}字{'x' * len(name)}.txt".encode(), f"{number:02}".encode() + b"\xe5\xad\x97" + name + b".txt"
        )
    (tmp_path / "a.zip").write_bytes(b"before" * is_before + data)
    found = list(read([tmp_path / "a.zip"]))
    assert sorted(item.text for item in found if isinstance(item, Draft)) == sorted(
        [*(f"第{number}篇。{TOLD}" for number in range(len(names))), f"最后一篇。{TOLD}"]
    )
    with zipfile.ZipFile(tmp_path / "outer.zip", "w") as outer:
        outer.write(tmp_path / "a.zip", "inner.zip")
    inside = [item for item in read([tmp_path / "outer.zip"]) if isinstance(item, Draft)]
    assert len(inside) == len(names) + 1


def test_a_link_in_a_zip_is_no_article(tmp_path: Path) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        link = zipfile.ZipInfo("link.txt")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "../../../etc/passwd")
        archive.writestr("a.txt", DATA)
    (tmp_path / "a.zip").write_bytes(packed.getvalue())
    assert [item.id for item in read([tmp_path]) if isinstance(item, Draft)] == ["a.zip/a.txt"]


def test_a_time_in_a_name_is_no_drive(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(zipped([("12:30 要闻.txt", DATA), ("C:evil.txt", DATA), ("d:/evil.txt", DATA)]))
    found = list(read([tmp_path]))
    assert [item.id for item in found if isinstance(item, Draft)] == ["a.zip/12:30 要闻.txt"]
    assert [item.reason for item in found if isinstance(item, Skipped)] == ["its name climbs out of the archive"] * 2


def test_a_directory_of_more_members_than_may_be_read_is_not_read() -> None:
    data = zipped([(f"{number}.txt", b"x") for number in range(90)])
    found = read_counted("a.zip", bytes(data), Limits(members=40))
    assert [str(item) for item in found] == ["more than 80 files inside: it is not read"]
    assert len(read_counted("a.zip", bytes(data), Limits(members=45))) == 46


# --- documents that grow -------------------------------------------------------------------------------------------------


def _nested(depth: int) -> str:
    """A cell whose paragraphs lie inside each other, around one text."""
    return f"<w:tr><w:tc>{'<w:p>' * depth}{paragraph(TOLD)}{'</w:p>' * depth}</w:tc></w:tr>"


@pytest.mark.parametrize("depth", [0, 1, 7, 100])
def test_a_text_in_a_document_counts_once_however_deep_it_lies(tmp_path: Path, depth: int) -> None:
    (tmp_path / "a.docx").write_bytes(docx(_nested(depth) + f"<w:p>{paragraph(TOLD)}</w:p>"))
    [draft] = read([tmp_path])
    assert isinstance(draft, Draft)
    assert draft.text.count(TOLD) == 2


@pytest.mark.parametrize("depth", [1, 30])
def test_a_text_in_a_feed_counts_once_however_deep_it_lies(tmp_path: Path, depth: int) -> None:
    inner = f"<item><description>{TOLD}" * depth + "</description></item>" * depth
    (tmp_path / "a.xml").write_text(f"<rss><channel>{inner}</channel></rss>", "utf-8")
    drafts = [item for item in read([tmp_path]) if isinstance(item, Draft)]
    assert sum(draft.text.count(TOLD) for draft in drafts) <= depth


MANY = Limits(marks=1000, characters=3000, line_bytes=MB)
GROWING = {
    "elements.docx": docx("<w:p/>" * 1000),
    "attributes.docx": docx("<w:p " + " ".join(f"a{number}='x'" for number in range(1000)) + "/>"),
    "characters.docx": docx(paragraph("甲" * 3001)),
    "elements.xml": b"<rss>" + b"<a/>" * 1000 + b"</rss>",
    "elements.html": b"<p>" + b"<b>" * 1000,
    "lists.json": b"[" + b"[]," * 500 + b"[]]",
    "lists.jsonl": b'{"text": [' + b"[]," * 500 + b"[]]}",
    "characters.jsonl": json.dumps({"text": "甲" * 3001}).encode(),
    "characters.csv": f"id,text\n1,{'甲' * 3001}\n".encode(),
    "characters.txt": ("甲" * 3001).encode(),
    "characters.md": ("甲" * 3001).encode(),
    "characters.html": f"<html><p>{'甲。' * 1501}</p>".encode(),
    "characters.xml": f"<rss><item><description>{'甲' * 3001}</description></item></rss>".encode(),
    "characters.eml": f"Subject: x\nContent-Type: text/plain; charset=utf-8\n\n{'甲' * 3001}".encode(),
    "characters.pdf": pdf(["甲" * 30] * 60, ["乙" * 30] * 60),
}


@pytest.mark.parametrize("name", GROWING)
def test_what_grows_past_the_limits_is_one_line_that_says_so(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(GROWING[name])
    (tmp_path / "zz.txt").write_bytes(DATA)
    *bad, good = read([tmp_path], limits=MANY)
    assert isinstance(good, Draft)
    assert len(bad) == 1
    assert isinstance(bad[0], Skipped)
    assert bad[0].reason == (
        "an article of more than 3,000 characters"
        if name.startswith("characters")
        else "more than 1,000 elements, attributes or fields"
    )


def test_a_table_whose_quotation_mark_has_no_partner_ends_in_bounds() -> None:
    def lines() -> Iterator[bytes]:
        yield b"id,text\n1,ok ok\n2,"
        for _ in range(300_000):
            yield b'"\n",'

    found = read_counted("a.csv", b"".join(lines()), Limits(line_bytes=MB // 4))
    assert [item.text for item in found if isinstance(item, Draft)] == ["ok ok"]
    assert str(found[-1]) == "a row of more than 0 MB: the rest is not read"


@pytest.mark.parametrize("tail", ['3,"open\n4,x\n5,y\n', '3,x\n4,"'])
def test_a_table_that_ends_inside_quotation_marks_is_said(tmp_path: Path, tail: str) -> None:
    (tmp_path / "a.csv").write_text(f'id,text\n1,"a ""b"" c"\n2,"two\nlines"\n{tail}')
    said = [item.reason for item in read([tmp_path]) if isinstance(item, Skipped)]
    assert "a quotation mark without a partner: the rows after it are read as part of this one" in said
    (tmp_path / "a.csv").write_text('id,text\n1,"a ""b"" c"\n2,"two\nlines"\n')
    assert len(list(read([tmp_path]))) == 2


FONT = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"


def drawing(page: bytes, forms: list[bytes]) -> bytes:
    """Write a PDF of one page that draws forms; each form may draw those behind it, as /F0, /F1 …"""
    objects = " ".join(f"/F{number} {number + 6} 0 R" for number in range(len(forms))).encode()
    resources = b"/Resources << /Font << /F 4 0 R >> /XObject << " + objects + b" >> >>"
    form = b"/Type /XObject /Subtype /Form /BBox [0 0 1 1] " + resources
    bodies = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents 5 0 R " + resources + b" >>",
        FONT,
        b"<< /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream" % (len(packed := zlib.compress(page)), packed),
        *(b"<< %s /Length %d >>\nstream\n%s\nendstream" % (form, len(data), data) for data in forms),
    ]
    out, places = bytearray(b"%PDF-1.4\n"), []
    for number, body in enumerate(bodies, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(bodies) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % (len(bodies) + 1, start)
    return bytes(out)


def test_a_pdf_that_draws_forms_in_forms_is_looked_at_between_its_strokes(tmp_path: Path) -> None:
    text = b"BT /F 12 Tf (word) Tj ET"
    (tmp_path / "a.pdf").write_bytes(drawing(b"/F0 Do", [b"/F1 Do", text]))
    [draft] = read([tmp_path])
    assert isinstance(draft, Draft)
    assert draft.text == "word"

    many = drawing(b"/F0 Do " * 40, [b"/F1 Do " * 40, b"/F2 Do " * 40, text * 500])
    (tmp_path / "a.pdf").write_bytes(many)
    [skipped] = read([tmp_path], limits=Limits(seconds=0.5))
    assert isinstance(skipped, Skipped)
    assert skipped.reason == "takes more than 0.5 s to read"


def test_a_pdf_whose_stream_inflates_past_the_limit_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(drawing(b"BT /F 12 Tf (" + b"a" * 300_000 + b") Tj ET", []))
    [skipped] = read([tmp_path], limits=Limits(file_bytes=MB))
    assert isinstance(skipped, Skipped)
    assert skipped.reason == "a part of it inflates to more than 0 MB"
