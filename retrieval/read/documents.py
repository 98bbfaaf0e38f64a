"""Word, RTF and EPUB documents → their paragraphs, with the title and author that they declare; feeds and site maps.

Most of it is XML, which may be hostile.
"""

import html.entities
import io
import posixpath
import re
import zipfile
from collections.abc import Callable, Container, Iterator
from dataclasses import replace
from functools import partial
from io import BytesIO

from lxml import etree

from retrieval.read.encodings import decode
from retrieval.read.files import MB, File, Limits, UnreadableError, check_marks, tidy
from retrieval.read.records import draft_or_reason, iso_date, named_fields
from retrieval.values import Draft, PublishedFrom, Skipped

_HEAD = re.compile(r"\s*(?:<\?xml[^>]*\?>\s*)?(?:<!--.*?-->\s*)*(?:<!DOCTYPE[^>\[]*(?:\[.*?\]\s*)?>)?", re.DOTALL)
_ENTITY = re.compile(r"&(?!(?:lt|gt|amp|quot|apos);)([A-Za-z][A-Za-z0-9]{1,30});")


def parse_xml(text: str, limits: Limits) -> etree._Element:
    """Parse XML; HTML's named characters are known, small damage is passed over.

    Raises:
        UnreadableError: it declares entities, has too many elements, or is no XML.
    """
    check_marks(text, "<=", limits)
    if "<!ENTITY" in text:
        raise UnreadableError("declares XML entities, which are not expanded")
    head = _HEAD.match(text)
    text = _ENTITY.sub(_character, text[head.end() :] if head else text)
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, recover=True, remove_comments=True, remove_pis=True,
        encoding="utf-8",
    )  # fmt: skip
    try:
        root = etree.fromstring(text.strip().encode(), parser)
    except etree.XMLSyntaxError as error:
        raise UnreadableError("damaged XML: {reason}", reason=str(error.msg)[:200]) from error
    if root is None:
        raise UnreadableError("damaged XML")
    return root


def local_name(element: etree._Element) -> str:
    """Return an element's name without its namespace, in lower case."""
    return element.tag.rpartition("}")[2].lower() if isinstance(element.tag, str) else ""


def outermost(within: etree._Element, names: Container[str]) -> Iterator[etree._Element]:
    """Yield the elements of these names that lie in no other one: each text counts once, however deep it lies."""
    waiting = list(reversed(within))
    while waiting:
        element = waiting.pop()
        if local_name(element) in names:
            yield element
        else:
            waiting.extend(reversed(element))


def inner_text(element: etree._Element) -> str:
    """Return an element's text; elements inside it as markup."""
    if len(element) == 0:
        return element.text or ""
    inner = [etree.tostring(child, encoding="unicode", method="html") for child in element]
    return (element.text or "") + "".join(inner)


def _character(found: re.Match[str]) -> str:
    return html.entities.html5.get(f"{found[1]};", found[0].replace("&", "&amp;"))


# A longer title of a feed, which every item would carry, is no outlet's name.
_NAME = 200
# What a file's articles are called, by its outermost element.
_ITEMS = {"rss": "item", "rdf": "item", "feed": "entry", "urlset": "url"}


def read_xml(file: File, limits: Limits) -> Iterator[Draft | Skipped]:
    """Read the items of a feed, the pages of a news sitemap, or the records of any other XML file.

    Raises:
        UnreadableError: it is hostile, damaged, or has none.
    """
    text = file.text(limits)
    root = parse_xml(text, limits)
    if local_name(root) == "html":
        from retrieval.read.html import draft_of_page

        yield draft_of_page(text, file, limits)
        return
    outlet = _outlet(root)
    number = 0
    for number, item in enumerate(_items(root), start=1):
        if number > limits.members:
            raise UnreadableError("more than {most} articles: the rest is not read", most=limits.members)
        fields = _fields(item)
        fields.setdefault("source", outlet)
        fields.setdefault("description", fields.get("summary") or fields.get("title", ""))
        draft = draft_or_reason(fields, file, number)
        if isinstance(draft, Draft) and draft.published is None and (changed := iso_date(fields.get("updated"))):
            draft = replace(draft, published=changed, published_from=PublishedFrom.UPDATED)
        yield draft
    if not number:
        raise UnreadableError("XML without articles")


def _items(root: etree._Element) -> Iterator[etree._Element]:
    """Find the items: by their name, else the elements whose children are called as an article's fields are."""
    wanted = _ITEMS.get(local_name(root))
    if wanted:
        return outermost(root, {wanted})
    return (element for element in (root, *root) if "text" in named_fields(_fields(element)))


def _outlet(root: etree._Element) -> str:
    """Return the title of the whole feed."""
    for parent in (root, *root):
        for child in parent:
            if local_name(child) == "title" and local_name(parent) in {"channel", "feed"}:
                name = inner_text(child)
                return name if len(name) <= _NAME else ""
    return ""


def _fields(item: etree._Element) -> dict[str, str]:
    """Map the names of an item's elements to what stands in them; the first of a name counts."""
    fields: dict[str, str] = {}
    for name, element in _leaves(item):
        if name == "link" and element.get("rel", "alternate") != "alternate":
            continue
        value = (name == "link" and element.get("href")) or inner_text(element)
        if value.strip():
            fields.setdefault({"encoded": "content", "loc": "link"}.get(name, name), value.strip())
    return fields


def _leaves(item: etree._Element) -> Iterator[tuple[str, etree._Element]]:
    """Yield an item's children by name; the name in an author or a publication goes by theirs."""
    for child in item:
        name = local_name(child)
        if name == "news":
            yield from _leaves(child)
        elif name in {"author", "publication"} and len(child):
            yield from ((name if local_name(part) == "name" else local_name(part), part) for part in child)
        else:
            yield name, child


# Programs fill these in by themselves.
_NOBODY = frozenset({"administrator", "admin", "user", "microsoft", "微软用户", "微軟用戶", "python-docx", "unknown"})


def read_docx(file: File, limits: Limits) -> Iterator[Draft]:
    """Read a document. Its dates are those of the file, not of the article, and are left alone.

    Raises:
        UnreadableError: it is encrypted, damaged, or has no text.
    """
    data = file.read(limits)
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise UnreadableError("encrypted, or an old .doc file")
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            body = _part(archive, "word/document.xml", limits)
            core = _part(archive, "docProps/core.xml", limits)
    except zipfile.BadZipFile as error:
        raise UnreadableError("damaged DOCX") from error
    if body is None:
        raise UnreadableError("damaged DOCX: no word/document.xml in it")
    # a text box stands twice: as drawn, and again for programs that cannot draw it
    etree.strip_elements(body, "{*}Fallback", with_tail=False)
    text = tidy("\n".join(filter(str.strip, _lines(body))))
    if not text:
        raise UnreadableError("a document without text")
    known = {} if core is None else {local_name(part): (part.text or "").strip() for part in core}
    author = known.get("creator") or None
    yield Draft(
        id=file.id,
        text=text,
        path=file.path,
        title=named_by_hand(known.get("title")),
        author=None if author and author.lower() in _NOBODY else author,
    )


def _part(archive: zipfile.ZipFile, name: str, limits: Limits) -> etree._Element | None:
    try:
        data = _member_of(archive, name, limits)
    except KeyError:
        return None
    return parse_xml(decode(data).text, limits)


def _lines(body: etree._Element) -> Iterator[str]:
    """Yield a line for each paragraph and each row of a table; what stands inside a paragraph is read with it."""
    for element in outermost(body, {"p", "tr"}):
        if local_name(element) == "p":
            yield from _paragraph(element).split("\n")
        else:
            cells = (
                " ".join(filter(None, map(_paragraph, outermost(cell, {"p"}))))
                for cell in element
                if local_name(cell) == "tc"
            )
            yield "\t".join(cells).strip()


def _paragraph(paragraph: etree._Element) -> str:
    """Return a paragraph's text as it stands after tracked changes; deleted text is not in it."""
    pieces: list[str] = []
    readings = {inner for reading in paragraph.iter("{*}rt") for inner in reading.iter()}
    for element in paragraph.iter():
        name = local_name(element)
        if name == "t" and element not in readings:
            pieces.append(element.text or "")
        elif name in {"br", "cr"}:
            pieces.append("\n")
        elif name == "tab":
            pieces.append("\t")
    return "".join(pieces).strip()


def named_by_hand(value: object) -> str | None:
    """Return a title or name that a person gave: programs write file names, `untitled` and 文档1."""
    written = " ".join(str(value or "").replace("\0", "").split())
    is_program = _PROGRAMS.search(written)
    return None if not written or is_program else written


# What programs call a document by themselves.
_PROGRAMS = re.compile(
    r"\.(?:docx?|pdf|indd|qxd|wps|txt|rtf|html?)$|^untitled|^microsoft word|^powerpoint|^新建.{0,20}(?:文[档件稿]|文檔)"
    r"|^(?:文[档件稿]|文檔|文書|document|doc|sheet|工作表|无标题|無標題)[\s\d()（）_-]*$",
    re.IGNORECASE,
)


def read_rtf(file: File, limits: Limits) -> Iterator[Draft]:
    """Read a document of the rich text format.

    Raises:
        UnreadableError: it is damaged, or has no text.
    """
    from striprtf.striprtf import rtf_to_text

    plain: Callable[..., str] = rtf_to_text
    written = file.read(limits).decode("latin-1")
    if not written.lstrip().startswith("{\\rtf"):
        raise UnreadableError("damaged RTF")
    check_marks(written, "\\{", limits)
    text = tidy(plain(written, errors="replace")).replace("\xa0", " ").strip()
    if not text:
        raise UnreadableError("a document without text")
    title = _RTF_TITLE.search(written[:20_000])
    yield Draft(
        id=file.id,
        text=text,
        path=file.path,
        title=named_by_hand(title and tidy(plain("{\\rtf1 " + title[1] + "}"))),
    )


_RTF_TITLE = re.compile(r"\{\\title ([^{}]{1,1000})\}")
_NO_CHAPTER = re.compile(
    r"(?:^|/)(?:nav|toc|cover|titlepage|copyright|colophon|contents)[^/]*\.x?html?$", re.IGNORECASE
)
_CHAPTER = re.compile(r"\.x?html?$", re.IGNORECASE)
# A page with less text is a title or an empty one.
_CHAPTER_SHORTEST = 40


def read_epub(file: File, limits: Limits) -> Iterator[Draft]:
    """Read a book: each of its chapters, in their order, is an article. Its date is the file's and is left alone.

    Raises:
        UnreadableError: it is encrypted, damaged, or no page of it has text.
    """
    from retrieval.read.html import draft_of_page, page_text

    try:
        with zipfile.ZipFile(BytesIO(file.read(limits))) as archive:
            pages, known = _chapters(archive, limits)
            drafts = []
            for name in pages:
                data = _member_of(archive, name, limits)
                page = replace(file, id=f"{file.id}/{name}", path=f"{file.path}/{name}", open=partial(io.BytesIO, data))
                try:
                    drafts.append(draft_of_page(page_text(page, limits), page, limits))
                except UnreadableError:
                    continue
    except (zipfile.BadZipFile, KeyError, NotImplementedError) as error:
        raise UnreadableError("damaged EPUB") from error
    drafts = [draft for draft in drafts if len(draft.text) >= _CHAPTER_SHORTEST]
    if not drafts:
        raise UnreadableError("a book without text")
    for draft in drafts:
        title = draft.title or (known.get("title") if len(drafts) == 1 else None)
        yield replace(
            draft, title=title, author=draft.author or known.get("creator"), site=known.get("title") or draft.site
        )


def _chapters(archive: zipfile.ZipFile, limits: Limits) -> tuple[list[str], dict[str, str]]:
    """List a book's pages, in the order of its spine where it has one, with the title and the author of the book."""
    names = {name for name in archive.namelist() if _CHAPTER.search(name) and not _NO_CHAPTER.search(name)}
    package = next((name for name in sorted(archive.namelist()) if name.lower().endswith(".opf")), None)
    root = None if package is None else parse_xml(decode(_member_of(archive, package, limits)).text, limits)
    if package is None or root is None:
        return sorted(names), {}
    items = {
        item.get("id"): item.get("href") or ""
        for item in root.iter("{*}item")
        if "nav" not in (item.get("properties") or "").split()
    }
    spine = (items.get(place.get("idref"), "") for place in root.iter("{*}itemref"))
    ordered = [posixpath.normpath(posixpath.join(posixpath.dirname(package), one)) for one in spine if one]
    known = {local_name(part): (part.text or "").strip() for part in root.iter("{*}title", "{*}creator")}
    return [name for name in ordered if name in names] or sorted(names), {key: one for key, one in known.items() if one}


def _member_of(archive: zipfile.ZipFile, name: str, limits: Limits) -> bytes:
    info = archive.getinfo(name)
    if info.flag_bits & 1:
        raise UnreadableError("encrypted")
    with archive.open(info) as stream:
        data = stream.read(limits.file_bytes + 1)
    if len(data) > limits.file_bytes:
        raise UnreadableError("inflates to more than {most} MB", most=limits.file_bytes // MB)
    return data
