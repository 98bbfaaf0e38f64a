"""Pasted addresses of articles: the same page is written with and without scheme, www., and marks of who shared it."""

import re
from dataclasses import dataclass
from urllib.parse import parse_qsl, unquote, urlsplit

_ADDRESS = re.compile(
    r"(?:https?://|www\.|(?<![a-z0-9@./-])(?=[a-z0-9-]+(?:\.[a-z0-9-]+)+/))[a-z0-9.-]+\.[a-z]{2,}(?::\d+)?"
    r"(?:[/?#][^\s\u3000-\u303f\u3400-\u9fff\uff00-\uffef<>\"'“”]*)?",
    re.IGNORECASE,
)
_MARK = re.compile(
    r"(?:utm_.*|spm.*|share.*|fbclid|gclid|dclid|msclkid|yclid|igshid|mc_[ce]id|from|ref|referer|referrer|source|src|scene"
    r"|isappinstalled|timestamp|wfr|for|bd_vid|hmsr|hmpl|tt_from|wx.*|sessionid|pass_ticket|nsukey|clicktime|enterid|sns.*)",
    re.IGNORECASE,
)
"""Parameters that say who shared a link, or where it was clicked, not which article it is."""
_FRONT = re.compile(r"^(?:www|m|wap|3g|mobile)\d?\.")
_PAGE = re.compile(r"/(?:index|default)\.(?:s?html?|php|aspx?)$")


@dataclass(frozen=True, slots=True)
class Address:
    """Where a page lies: host, path and the parameters that tell which page it is, each as it is compared."""

    host: str
    path: str
    parameters: tuple[str, ...]

    @property
    def parts(self) -> list[str]:
        """What stands in each way to write it, in lower case."""
        return [each for each in (self.host, self.path.strip("/"), *self.parameters) if each]


def read_address(url: str) -> Address | None:
    """Return an address as it is compared with others; None where it is none."""
    try:
        split = urlsplit(url if "://" in url else f"//{url}")
        host = (split.hostname or "").lower()
    except ValueError:
        return None
    path = _PAGE.sub("", unquote(split.path).lower()).rstrip("/")
    kept = sorted(
        f"{name}={value}".lower() for name, value in parse_qsl(split.query) if value and not _MARK.fullmatch(name)
    )
    return Address(_FRONT.sub("", host), path, tuple(kept)) if host else None


def pasted(question: str) -> tuple[Address, str] | None:
    """Return the address that a question has, and the rest of it; None where it has none."""
    match = _ADDRESS.search(question)
    address = match and read_address(match.group().rstrip(".,;:!?)]"))
    if not match or not address or not (address.path or address.parameters):
        return None
    return address, f"{question[: match.start()]} {question[match.end() :]}".strip()
