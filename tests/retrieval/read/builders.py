"""Builders of binary files, so that none lies in the repository."""

import io
import zipfile
from email.message import EmailMessage
from html import escape


def pdf(*pages: list[str], title: str | None = None, author: str | None = None) -> bytes:
    """Write a PDF whose font maps two-byte codes to the characters of the same number; a line a list entry."""
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>", b""]
    objects.append(
        b"<< /Type /Font /Subtype /Type0 /BaseFont /F /Encoding /Identity-H /DescendantFonts [4 0 R] /ToUnicode 5 0 R >>"
    )
    objects.append(
        b"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /F /CIDSystemInfo << /Registry (A) /Ordering (I) /Supplement 0 >>"
        b" /DW 1000 >>"
    )
    rows = b"\n".join(b"<%02X00> <%02XFF> <%02X00>" % (high, high, high) for high in range(256))
    objects.append(
        _stream(
            b"/CIDInit /ProcSet findresource begin begincmap 1 begincodespacerange <0000> <FFFF> endcodespacerange\n"
            b"256 beginbfrange\n" + rows + b"\nendbfrange endcmap end"
        )
    )
    kids = []
    for lines in pages:
        shown = b"\n".join(
            b"1 0 0 1 50 %d Tm <%s> Tj" % (800 - 20 * number, line.encode("utf-16-be").hex().encode())
            for number, line in enumerate(lines)
        )
        objects.append(_stream(b"BT /F1 12 Tf\n" + shown + b"\nET"))
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 3 0 R >> >>"
            b" /Contents %d 0 R >>" % len(objects)
        )
        kids.append(b"%d 0 R" % len(objects))
    objects[1] = b"<< /Type /Pages /Kids [%s] /Count %d >>" % (b" ".join(kids), len(kids))
    info = b"".join(
        b"/%s <FEFF%s>" % (key, value.encode("utf-16-be").hex().encode())
        for key, value in ((b"Title", title), (b"Author", author))
        if value
    )
    objects.append(b"<< " + info + b" /CreationDate (D:20990101000000) >>")
    return _assembled(objects)


def _stream(data: bytes) -> bytes:
    return b"<< /Length %d >>\nstream\n%s\nendstream" % (len(data), data)


def _assembled(objects: list[bytes]) -> bytes:
    out = bytearray(b"%PDF-1.7\n")
    places = []
    for number, content in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer\n<< /Size %d /Root 1 0 R /Info %d 0 R >>\nstartxref\n%d\n%%%%EOF" % (
        len(objects) + 1,
        len(objects),
        start,
    )
    return bytes(out)


WORD = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
CORE = (
    'xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/"'
)


def docx(body: str, title: str = "", creator: str = "") -> bytes:
    """Pack a Word document around the markup of its body."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", f"<w:document {WORD}><w:body>{body}</w:body></w:document>")
        archive.writestr(
            "docProps/core.xml",
            f"<cp:coreProperties {CORE}><dc:title>{escape(title)}</dc:title><dc:creator>{escape(creator)}</dc:creator>"
            "<dcterms:created>2099-01-01T00:00:00Z</dcterms:created></cp:coreProperties>",
        )
    return packed.getvalue()


def paragraph(text: str) -> str:
    """Write a Word paragraph, its text in two runs."""
    half = len(text) // 2
    return f"<w:p><w:r><w:t>{escape(text[:half])}</w:t></w:r><w:r><w:t>{escape(text[half:])}</w:t></w:r></w:p>"


def message(subject: str, sender: str, text: str, markup: str | None = None, charset: str = "utf-8") -> bytes:
    """Write a mail, with a page as alternative."""
    mail = EmailMessage()
    mail["Subject"], mail["From"] = subject, sender
    mail["Date"] = "Thu, 14 Apr 2022 17:37:00 +0800"
    mail.set_content(text, charset=charset)
    if markup:
        mail.add_alternative(markup, subtype="html", charset=charset)
    return mail.as_bytes()
