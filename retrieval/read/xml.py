"""XML that may be hostile → a tree; feeds and site maps → articles."""

import html.entities
import re
from collections.abc import Container, Iterator
from dataclasses import replace

from lxml import etree

from retrieval.read.fields import iso_date, named_fields
from retrieval.read.files import File, Limits, UnreadableError, check_marks
from retrieval.read.records import draft_or_reason
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
