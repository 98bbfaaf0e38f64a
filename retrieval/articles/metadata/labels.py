"""The labels before the values of a credit line, and the words that are no value."""

import re
import tomllib
from collections.abc import Iterator
from enum import StrEnum
from importlib.resources import files

from retrieval.text.characters import even


class Role(StrEnum):
    """What a label announces."""

    PUBLISHED = "published"
    UPDATED = "updated"
    SOURCE = "source"
    AUTHOR = "author"
    EDITOR = "editor"
    COUNTER = "counter"


_WORDS: dict[str, str] = {
    name: "(?:" + even(words).strip().replace("\n", "|") + ")"
    for name, words in tomllib.loads((files(__package__) / "labels.toml").read_text(encoding="utf-8")).items()
}
_LABEL = re.compile(
    "|".join(rf"(?P<{role}>{_WORDS[role]}(?:\(s\))?\s*(?:[:|丨=]|(?<=[文者员影图摄真])/)\s*)" for role in Role),
    re.IGNORECASE,
)
# Labels that need no colon, at the head of a line or behind a gap.
_BARE = re.compile(
    r"(?:^|(?<=[\s(\[【〔|/]))(?:(?P<author>文\s*[/|丨::图]+\s*(?:图\s*)?|(?:[Bb]y|BY|Von|Par|Por|Door)\s+(?=[A-Z])|作者\s+|文\s*[=:]\s*"
    r"|(?:本报|本网|本台|本刊|[\u4e00-\u9fff]{2,8}?[报网社台])?(?:首席|特约|见习|实习|全媒体|融媒体?)?(?:记者|通讯员|评论员)\s*[:|/・·]?\s*)"
    r"|(?P<source>来源\s+)|(?P<editor>责任编辑\s+|责编\s+)"
    r"|(?P<published>(?:Published|Posted|PUBLISHED|POSTED)(?:\s+on)?\s+|发布于\s*|发表于\s*)|(?P<updated>(?:Last\s+)?(?:Updated|UPDATED|updated)\s+))"
)
NOISE = re.compile(_WORDS["noise"], re.IGNORECASE)
"""Words beside a date that say nothing about the article."""
EDGES = ' \t\u3000|丨/·•,、;:()（）[]【】〔〕「」『』<>《》-—–_=~*#.。"“”'
"""What may surround a value without belonging to it."""
_VIA = re.compile("^(?:[转轉][载載]?自|摘自|[据據]|[来來]自|[来來]源于|via |from )", re.IGNORECASE)
# 临澜日报数字版 · みなと放送 NEWS WEB · 西浜新聞社 · 大沢町公式ホームページ
_EDITION = re.compile(
    r"(?:数字[版报]|數位版|电子[版报]|電子[版報]|网络版|網路版|手机版|客户端|デジタル|オンライン|(?<=[报報聞])社"
    r"|公式(?:ホームページ|サイト)|官方网站|官网|门户网站|全球資訊網|(?<=[\u3041-\u9fff])\s(?:NEWS|WEB|ONLINE|DIGITAL|\s)+)$"
)
NOBODY = re.compile(_WORDS["nobody"], re.IGNORECASE)
"""What a source label names when it names no outlet."""


def source_name(value: str) -> str | None:
    """Return the outlet that a source label names, None where it names none (管理员, 网络)."""
    name = re.split(r"\s{2,}|[（(】]", _VIA.sub("", value.strip(EDGES)))[0].strip(EDGES)
    name = _EDITION.sub("", name).strip(EDGES)
    return None if not name or len(name) > 40 or NOBODY.fullmatch(even(name)) else name


def segments(text: str, written: str) -> Iterator[tuple[Role | None, str]]:
    """Cut a line at its labels: each with its role and value, None for what stands before the first."""
    labels = sorted(
        [*_LABEL.finditer(written), *_BARE.finditer(written)], key=lambda match: (match.start(), -match.end())
    )
    role: Role | None = None
    start = end = 0
    for match in labels:
        if match.start() < end:
            continue
        if match.start() > start or role:
            yield role, text[start : match.start()]
        role, start, end = Role(str(match.lastgroup)), match.end(), match.end()
    if role or start < len(text):
        yield role, text[start:]
