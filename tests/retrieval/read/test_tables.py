"""Tables and records as exports and hands make them."""

import io
import json
import zipfile
from datetime import date
from pathlib import Path

import pytest

from retrieval.read import read
from retrieval.values import Draft, Skipped

TEXT = "镇政府昨天宣布，连接镇区与东岭村的廊桥将在下月初封闭施工，工期约四十天，其间行人可从下游的临时浮桥通过。"
ROW = {"标题": "青石廊桥下月封闭维修", "来源": "岭南晨刊", "作者": "贺萍", "发布时间": "2023-05-06 14:07", "正文": TEXT}


def drafts(folder: Path, name: str, data: bytes) -> list[Draft | Skipped]:
    path = folder / name
    path.write_bytes(data)
    return list(read([path]))


def only(folder: Path, name: str, data: bytes, count: int = 1) -> Draft:
    found = drafts(folder, name, data)
    assert len(found) == count, found
    assert isinstance(found[0], Draft), found[0]
    return found[0]


def row(cells: list[str]) -> str:
    return ",".join(f'"{cell}"' for cell in cells) + "\n"


def test_a_table_without_a_header_is_told_by_its_cells(tmp_path: Path) -> None:
    draft = only(tmp_path, "a.csv", (row(list(ROW.values())) * 2).encode(), 2)
    assert (draft.title, draft.source, draft.author, draft.published, draft.text) == (
        "青石廊桥下月封闭维修", "岭南晨刊", "贺萍", "2023-05-06T14:07", TEXT,
    )  # fmt: skip


@pytest.mark.parametrize("sign", [",", ";", "\t"])
def test_the_separator_that_excel_declares_is_no_header(sign: str, tmp_path: Path) -> None:
    lines = [f"sep={sign}", sign.join(ROW), sign.join(f'"{cell}"' for cell in ROW.values())]
    assert only(tmp_path, "a.csv", "\n".join(lines).encode()).source == "岭南晨刊"


@pytest.mark.parametrize(
    "wrapped",
    [
        {"_index": "n", "_id": "7", "_source": {"title": "桥", "content": TEXT}},
        {"code": 0, "data": {"title": "桥", "content": TEXT}},
        {"code": 0, "data": {"item": {"title": "桥", "content": TEXT}}},
        {"status": "ok", "result": {"list": [{"title": "桥", "content": TEXT}]}},
        {"hits": {"hits": [{"_id": "7", "_source": {"title": "桥", "content": TEXT}}]}},
    ],
)
def test_a_record_is_taken_out_of_its_wrapper(wrapped: dict[str, object], tmp_path: Path) -> None:
    # a line is one record, and no list of them
    for name in ("a.json", "a.jsonl") if wrapped.keys().isdisjoint(("result", "hits")) else ("a.json",):
        draft = only(tmp_path, name, json.dumps(wrapped).encode())
        assert (draft.title, draft.text) == ("桥", TEXT)
        (tmp_path / name).unlink()


def test_records_may_stand_by_their_ids(tmp_path: Path) -> None:
    found = drafts(
        tmp_path, "a.json", json.dumps({f"n{n}": {"title": "桥", "content": TEXT} for n in range(3)}).encode()
    )
    assert [item.id for item in found if isinstance(item, Draft)] == ["n0", "n1", "n2"]


@pytest.mark.parametrize("name", ["newsContent", "news_content", "新闻正文", "正文内容", "contentDetail", "body_html"])
def test_the_text_goes_by_many_names(name: str, tmp_path: Path) -> None:
    record = {name: TEXT, "media_name": "岭南晨刊", "pubDay": "2023-05-06"}
    draft = only(tmp_path, "a.jsonl", json.dumps(record).encode())
    assert (draft.text, draft.source, draft.published) == (TEXT, "岭南晨刊", "2023-05-06")


def test_commas_before_brackets_are_passed_over_and_those_in_texts_kept(tmp_path: Path) -> None:
    draft = only(tmp_path, "a.json", b'[{"title": "a,]", "content": "b,} %s",},]' % TEXT.encode())
    assert (draft.title, draft.text) == ("a,]", f"b,}} {TEXT}")


def test_breaks_written_as_two_characters_are_breaks(tmp_path: Path) -> None:
    draft = only(tmp_path, "a.jsonl", json.dumps({"content": f"{TEXT}\\n{TEXT}\\r\\n{TEXT}"}).encode())
    assert draft.text.split("\n") == [TEXT] * 3


def test_what_was_escaped_twice_is_read_twice(tmp_path: Path) -> None:
    record = {"title": "桥&amp;#8220;旧&amp;#8221;", "content": f"&lt;p&gt;{TEXT}&lt;/p&gt;&lt;p&gt;{TEXT}&lt;/p&gt;"}
    draft = only(tmp_path, "a.jsonl", json.dumps(record).encode())
    assert (draft.title, draft.text) == ("桥“旧”", f"{TEXT}\n{TEXT}")


def sheet(rows: list[list[object]]) -> bytes:
    from openpyxl import Workbook

    book, made = Workbook(), io.BytesIO()
    for cells in rows:
        book.active.append(cells)
    book.save(made)
    return made.getvalue()


@pytest.mark.parametrize("name", ["a.xlsx", "a.xls", "a"])
def test_sheets_are_read_like_tables_whatever_their_name(name: str, tmp_path: Path) -> None:
    data = sheet([list(ROW), ["桥", "岭南晨刊", "贺萍", date(2023, 5, 6), TEXT]])
    draft = only(tmp_path, name, data)
    assert (draft.source, draft.published, draft.text) == ("岭南晨刊", "2023-05-06", TEXT)


def test_a_document_goes_by_what_it_is(tmp_path: Path) -> None:
    page = f"<html><head><title>桥</title></head><body><h1>桥</h1><p>{TEXT}</p></body></html>".encode()
    assert TEXT in only(tmp_path, "a.doc", page).text
    (skipped,) = drafts(tmp_path, "b.doc", b"\xd0\xcf\x11\xe0" + b"\0" * 600)
    assert isinstance(skipped, Skipped)
    assert skipped.reason == ".doc files are not read: save it as .docx or .xlsx"


def test_rich_text_is_read_and_never_as_code(tmp_path: Path) -> None:
    coded = "".join(f"\\u{ord(char)}?" for char in TEXT)
    draft = only(tmp_path, "a.rtf", f"{{\\rtf1\\ansi\\ansicpg936 {coded}\\par {coded}\\par}}".encode())
    assert draft.text.split("\n") == [TEXT, TEXT]


def book(*, has_type: bool) -> bytes:
    made = io.BytesIO()
    package = (
        '<package xmlns="http://www.idpf.org/2007/opf"><metadata xmlns:dc="http://purl.org/dc/elements/1.1/">'
        "<dc:title>青石集</dc:title><dc:creator>褚遥</dc:creator></metadata><manifest>"
        '<item id="n" href="nav.xhtml" properties="nav"/><item id="b" href="b.xhtml"/><item id="a" href="a.xhtml"/>'
        '</manifest><spine><itemref idref="n"/><itemref idref="b"/><itemref idref="a"/></spine></package>'
    )
    with zipfile.ZipFile(made, "w") as archive:
        if has_type:
            archive.writestr("mimetype", "application/epub+zip")
        archive.writestr("META-INF/container.xml", "<container/>")
        archive.writestr("OEBPS/content.opf", package)
        for name in ("a", "b", "nav"):
            archive.writestr(
                f"OEBPS/{name}.xhtml", f"<html><body><h1>第{name}章</h1><p>{name}：{TEXT}</p></body></html>"
            )
    return made.getvalue()


@pytest.mark.parametrize("has_type", [True, False])
@pytest.mark.parametrize("name", ["a.epub", "a.zip.1"])
def test_the_chapters_of_a_book_are_articles_in_its_order(name: str, tmp_path: Path, *, has_type: bool) -> None:
    found = drafts(tmp_path, name, book(has_type=has_type))
    assert [(item.id, item.author) for item in found if isinstance(item, Draft)] == [
        (f"{name}/OEBPS/b.xhtml", "褚遥"), (f"{name}/OEBPS/a.xhtml", "褚遥"),
    ]  # fmt: skip
