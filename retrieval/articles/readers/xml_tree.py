"""XML that may be hostile → a tree: no entities, no network, no documents beside it."""

import html.entities
import re
from collections.abc import Container, Iterator

from lxml import etree

from retrieval.articles.readers.limits import Limits, UnreadableError, check_marks

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
        raise UnreadableError(f"damaged XML: {error.msg}"[:200]) from error
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
