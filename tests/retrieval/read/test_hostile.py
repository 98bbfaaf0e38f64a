"""Hostile and broken input: each file costs one line in the report, and nothing else is lost."""

import hashlib
import subprocess
import sys
import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pypdf import PdfWriter

from retrieval.read import Limits, read
from retrieval.values import Draft, Skipped
from tests.retrieval.read.builders import docx, message, paragraph, pdf
from tests.retrieval.read.pages import HANS, PAGES, paragraphs
from tests.retrieval.read.test_formats import ATOM, CORPUS, RSS, SITEMAP

STORY = "\n".join(HANS)
LIMITS = Limits(file_bytes=4 * 1024 * 1024, line_bytes=1024 * 1024)


def encrypted_pdf() -> bytes:
    writer = PdfWriter()
    writer.add_blank_page(100, 100)
    writer.encrypt("secret", algorithm="RC4-128")
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def laughing() -> str:
    entities = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    return f'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY l0 "ha">{entities}]><rss><item><title>&l9;</title></item></rss>'


def docx_bomb() -> bytes:
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b"<w>" + b" " * (8 * 1024 * 1024))
    return packed.getvalue()


OUTER = '<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><rss><item><title>a</title><content>&x;</content></item></rss>'
HOSTILE = [
    ("laughs.xml", laughing().encode(), "declares XML entities, which are not expanded"),
    ("outer.xml", OUTER.encode(), "declares XML entities, which are not expanded"),
    ("none.docx", docx(""), "a document without text"),
    ("nothing.xml", b"<a><b/></a>", "XML without articles"),
    ("broken.xml", b"\x00\x01<", "binary, not text"),
    ("deep.html", b"<div>" * 10_000 + STORY.encode(), "elements more than 1000 deep"),
    ("deeper.html", b"<b>" * 200_000 + STORY.encode(), "elements more than 1000 deep"),
    ("deep.xml", b"<a>" * 10_000, "XML without articles"),
    ("secret.pdf", encrypted_pdf(), "encrypted"),
    ("scan.pdf", pdf([]), "a PDF without a text layer"),
    ("not.pdf", b"%PDF-1.7 and nothing else", "damaged PDF"),
    ("bomb.docx", docx_bomb(), "inflates to more than 4 MB"),
    ("old.docx", b"\xd0\xcf\x11\xe0" + bytes(100), "encrypted, or an old .doc file"),
    ("not.docx", b"PK\x03\x04", "damaged DOCX"),
    ("none.html", b"<html><body><script>x</script></body></html>", "no text on the page"),
    ("none.eml", b"Subject: x\n\n", "a message without text"),
    ("none.mhtml", b"Subject: x\n\n", "no page in it"),
    ("none.md", b"---\ntitle: x\n---\n", "nothing below its front matter"),
    ("none.csv", b"\n", "empty"),
    ("line.txt", b"x" * 2_000_000, "a line of more than 1 MB"),
    ("line.jsonl", b"x" * 2_000_000, "a line of more than 1 MB"),
    ("line.csv", b"text\n" + b"x" * 2_000_000, "a row or line that is no CSV or longer than 1 MB"),
    ("head.csv", b'"text' + b"x" * 900_000 + b"\n" + b"y" * 900_000, "no column for the text among ''"),
    ("large.html", b"<p>" + b"x" * 5_000_000, "larger than 4 MB"),
    ("noise.pdf", hashlib.shake_256(b"pdf").digest(9000), "damaged PDF"),
]


@pytest.mark.parametrize(("name", "data", "reason"), HOSTILE, ids=[name for name, _, _ in HOSTILE])
def test_a_hostile_file_is_one_line_and_the_rest_goes_on(tmp_path: Path, name: str, data: bytes, reason: str) -> None:
    (tmp_path / name).write_bytes(data)
    (tmp_path / "zz.txt").write_text(STORY)

    bad, good = read([tmp_path], limits=LIMITS)

    assert isinstance(bad, Skipped)
    assert bad.path.startswith((tmp_path / name).as_posix())
    assert bad.reason == reason
    assert isinstance(good, Draft)
    assert good.text == STORY


FIXTURES = {
    "a.txt": STORY.encode("gbk"),
    "b.md": f"---\ntitle: x\n---\n# y\n\n{STORY}".encode(),
    "c.html": PAGES[0].markup.encode(),
    "d.html": PAGES[2].markup.encode("big5"),
    "e.mhtml": b"Content-Type: text/html\n\n" + PAGES[7].markup.encode("gbk"),
    "f.json": b'[{"text": "one"}, {"text": "two"}]',
    "g.jsonl": b'{"text": "one"}\n{"text": "two"}\n',
    "h.csv": f"标题,正文\nx,{HANS[0]}\n".encode(),
    "i.xml": RSS.encode("gbk"),
    "j.xml": ATOM.encode() + CORPUS.encode(),
    "k.xml": SITEMAP.encode(),
    "l.pdf": pdf(list(HANS)),
    "m.docx": docx("".join(map(paragraph, HANS))),
    "n.eml": message("题", "a@b.example", STORY, f"<html>{paragraphs(HANS)}</html>"),
}


def mutated(data: bytes, seed: bytes) -> bytes:
    """Change a few bytes, each chosen by a hash of the seed."""
    changed = bytearray(data)
    noise = hashlib.shake_256(seed).digest(64)
    for at in range(0, 64, 8):
        place = int.from_bytes(noise[at : at + 4], "big") % len(changed)
        changed[place : place + 1 + noise[at + 4] % 3] = noise[at + 5 : at + 5 + noise[at + 6] % 3]
    return bytes(changed)


@pytest.mark.parametrize("name", FIXTURES)
def test_cut_and_mutated_files_never_break_the_run(tmp_path: Path, name: str) -> None:
    """Each kind is cut at 20 places and changed 20 times: whatever comes of it, the file after it is read."""
    data = FIXTURES[name]
    spoilt = [data[: len(data) * part // 20] for part in range(20)]
    spoilt += [mutated(data, f"{name}{seed}".encode()) for seed in range(20)]
    for number, content in enumerate(spoilt):
        (tmp_path / f"{number:02}{name}").write_bytes(content)
    (tmp_path / "zz.txt").write_text(STORY)

    *found, last = read([tmp_path], limits=LIMITS)

    assert isinstance(last, Draft)
    assert last.text == STORY
    assert len({item.path.rpartition("/")[2][:2] for item in found if item.path}) == 40
    assert all(item.text.strip() for item in found if isinstance(item, Draft))


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    data=st.binary(max_size=400) | st.text(max_size=200).map(lambda text: text.encode("utf-8", "replace")),
    head=st.sampled_from(
        [b"", b"<html>", b"%PDF-1.7\n", b"PK\x03\x04", b"\x1f\x8b\x08", b"<?xml?>", b'{"text":', b"---\n"]
    ),
    suffix=st.sampled_from([*sorted({Path(name).suffix for name in FIXTURES}), ".zip", ".tar.gz", ".gz", ".what", ""]),
)
def test_any_bytes_under_any_name_are_a_draft_or_skipped(tmp_path: Path, data: bytes, head: bytes, suffix: str) -> None:
    path = tmp_path / f"a{suffix}"
    path.write_bytes(head + data)

    for item in read([path], limits=LIMITS):
        assert isinstance(item, Draft | Skipped)
        if isinstance(item, Draft):
            assert item.text.strip()
            item.text.encode()
        else:
            assert "\n" not in item.reason


def test_text_and_records_are_read_without_the_parsers_of_other_formats(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(STORY)
    (tmp_path / "b.jsonl").write_text('{"text": "one", "published": "2022-04-14"}')
    program = (
        "import sys; from pathlib import Path; from retrieval.read import read\n"
        f"assert len(list(read([Path({str(tmp_path)!r})]))) == 2\n"
        "print(*({'trafilatura', 'htmldate', 'lxml', 'pypdf', 'charset_normalizer'} & set(sys.modules)))"
    )

    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == ""
