"""Text misread once and saved so: undone where every byte is there, marked where not."""

import pytest

from retrieval.read.encodings import decode, undo

HANS = "清溪县图书馆昨日宣布，周末开放时间延长两小时，读者可凭身份证入馆。"
ENGLISH = "“We’re open two hours longer,” she said – it’s what readers asked for."


@pytest.mark.parametrize(
    "text", [HANS, "中国", "你好", ENGLISH, "naïve café, déjà vu", "Привет, мир", "日本語のニュース"]
)
def test_utf8_read_as_latin_1_is_undone(text: str) -> None:
    assert undo(text.encode().decode("latin-1")) == text


@pytest.mark.parametrize("text", ["中国", "你好", "图书馆", "naïve café, déjà vu", "it’s – “we"])
def test_utf8_read_as_windows_1252_is_undone(text: str) -> None:
    assert undo(text.encode().decode("cp1252")) == text


def test_twice_misread_is_twice_undone() -> None:
    assert undo(HANS.encode().decode("latin-1").encode().decode("latin-1")) == HANS


@pytest.mark.parametrize("text", [HANS, "中国", ENGLISH])
def test_gbk_read_as_latin_1_is_undone(text: str) -> None:
    assert undo(text.encode("gbk").decode("latin-1")) == text


@pytest.mark.parametrize("text", ["你好", "图书馆长", HANS[:10], HANS[10:20]])
def test_utf8_read_as_gbk_is_undone(text: str) -> None:
    misread = text.encode().decode("gb18030")
    assert misread != text

    assert undo(misread) == text


def test_only_the_misread_lines_are_undone() -> None:
    page = f"{HANS}\n{HANS[:20].encode().decode('gb18030')}\n{HANS[:6].encode().decode('latin-1')}\n{ENGLISH}"

    assert undo(page) == f"{HANS}\n{HANS[:20]}\n{HANS[:6]}\n{ENGLISH}"


def test_what_lost_its_last_byte_is_marked() -> None:
    decoded = decode("中国人".encode().decode("gb18030", "replace").encode())

    assert decoded.text == "中国\ufffd"
    assert decoded.marked == 1


def test_a_byte_that_windows_1252_lacks_is_marked() -> None:
    misread = "新华社记者".encode().decode("cp1252", "replace")

    assert undo(misread) == "新\ufffd社记者"


def test_lost_characters_read_as_gbk_are_marked() -> None:
    decoded = decode("阅读锟斤拷锟斤拷时间".encode())

    assert decoded.text == "阅读\ufffd\ufffd\ufffd\ufffd时间"
    assert decoded.marked == 4
