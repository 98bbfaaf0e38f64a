"""RSS, Atom, news sitemaps and other XML records → one article an item."""

from collections.abc import Iterator
from dataclasses import replace

from lxml import etree

from retrieval.articles.draft import Draft, Skipped
from retrieval.articles.readers.declared_dates import iso_date
from retrieval.articles.readers.fields import named_fields
from retrieval.articles.readers.files import File
from retrieval.articles.readers.limits import Limits, UnreadableError
from retrieval.articles.readers.records import draft_of_record
from retrieval.articles.readers.xml_tree import inner_text, local_name, outermost, parse_xml
from retrieval.values import PublishedFrom

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
        from retrieval.articles.readers.pages import draft_of_page

        yield draft_of_page(text, file, limits)
        return
    outlet = _outlet(root)
    number = 0
    for number, item in enumerate(_items(root), start=1):
        if number > limits.members:
            raise UnreadableError(f"more than {limits.members} articles: the rest is not read")
        fields = _fields(item)
        fields.setdefault("source", outlet)
        fields.setdefault("description", fields.get("summary") or fields.get("title", ""))
        try:
            draft = draft_of_record(fields, file, number)
            changed = iso_date(fields.get("updated")) if draft.published is None else None
            yield replace(draft, published=changed, published_from=PublishedFrom.UPDATED) if changed else draft
        except UnreadableError as error:
            yield Skipped(f"{file.path}#{number}", str(error))
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
