"""The labels before the values of a credit line, and the words that are no value."""

import re
import tomllib
from collections.abc import Callable, Iterator
from enum import StrEnum
from importlib.resources import files
from operator import itemgetter

from retrieval.clean.names import is_name, read_names
from retrieval.text import even
from retrieval.text.dates import find_dates


class Role(StrEnum):
    """What a label announces.

    HANDLED is what somebody did with a copy (采集时间, Saved on), OTHER anything else that stands before a date as a
    label does: neither dates an article.
    """

    PUBLISHED = "published"
    UPDATED = "updated"
    SOURCE = "source"
    AUTHOR = "author"
    EDITOR = "editor"
    COUNTER = "counter"
    HANDLED = "handled"
    OTHER = "other"


_WORDS: dict[str, str] = {
    name: "(?:" + even(words).strip().replace("\n", "|") + ")"
    for name, words in tomllib.loads((files(__package__) / "labels.toml").read_text(encoding="utf-8")).items()
}
_LABELS = (Role.PUBLISHED, Role.UPDATED, Role.SOURCE, Role.AUTHOR, Role.EDITOR, Role.COUNTER)
_LABEL = re.compile(
    # 评论丨别让… is a headline
    "|".join(
        rf"(?P<{role}>{_WORDS[role]}(?:\(s\))?\s*(?:[:=]|[|丨](?!\S{{10}})|(?<=[文者员影图摄真笔辑])/)\s*)"
        for role in _LABELS
    ),
    re.IGNORECASE,
)
# Labels that need no colon, at the head of a line or behind a gap.
_BARE = re.compile(
    r"(?:^|(?<=[\s(\[【〔|/□■◆●▪]))(?:(?P<author>文\s*[/|丨::图]+\s*(?:图\s*)?|(?:[Bb]y|BY|Von|Par|Por|Door|(?<=[,\d–·•|-]\s)(?:von|par|por|door|di|av))\s+(?=[A-Z\u00c0-\u00de])|(?<!该)作者[\s,]+|文\s*[=:]\s*"
    r"|(?:本报|本网|本台|本刊|[\u4e00-\u9fff]{2,8}?(?:[报网社台刊]|新闻|客户端))?(?:首席|特约|见习|实习|全媒体|融媒体?)?(?:记者|通讯员|评论员)\s*[:|/・·]?\s*)"
    r"|(?P<source>(?:来源于?|转自|转载自)\s+)|(?P<editor>(?:责任|图片|版面|值班|文字)?编辑\s+(?=[\u4e00-\u9fff]{2,4}(?:\s|$))|责编\s+|[校审]对\s+|Role,\s*)"
    r"|(?P<published>(?:[Pp]ublished|[Pp]osted|PUBLISHED|POSTED)(?:\s+on|\s*@)?\s+|发布于\s*|发表于\s*|(?:发表|发布|刊登)\s+(?=[12]\d{3}))|(?P<updated>(?:Last\s+)?(?:Updated|UPDATED|updated)\s+))"
)
NOISE = re.compile(rf"{_WORDS['noise']}|(?<!\w){_WORDS['weekday']}(?!\w)", re.IGNORECASE)
"""Words next to a date that say nothing about the article."""
EDGES = ' ▼▲▾▸►\t\u3000|丨/·•,，、;；:：。()（）[]【】〔〕「」『』<>《》-—–_=~*#.。"“”'
"""What may surround a value without belonging to it."""
_VIA = re.compile(r"^(?:[来來]源\s*[:：]\s*|[转轉][载載]?自|摘自|[据據]|[来來]自|[来來]源于|via |from )", re.IGNORECASE)
# 临澜日报数字版 · みなと放送 NEWS WEB · 西浜新聞社 · 大沢町公式ホームページ
_EDITION = re.compile(
    r"(?:数字[版报]|數位版|电子[版报]|電子[版報]|网络版|網路版|手机版|客户端|デジタル|オンライン|(?<=[报報聞])社"
    r"|公式(?:ホームページ|サイト)|官方网站|官网|门户网站|全球資訊網|(?<=[\u3041-\u9fff])\s(?:NEWS|WEB|ONLINE|DIGITAL|\s)+)$"
)
NOBODY = re.compile(_WORDS["nobody"], re.IGNORECASE)
"""What a source label names when it names no outlet."""


_PLACES = (
    "北京|天津|上海|重庆|河北|山西|辽宁|吉林|黑龙江|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东|海南|四川|贵州|云南|陕西|甘肃|青海|台湾|内蒙古"
    "|广西|西藏|宁夏|新疆|香港|澳门"
)
PLACE = re.compile(
    rf"(?:发布于|发自|来自|IP属地)?\s*:?\s*(?:{_PLACES})(?:省|市|自治区)?"
    r"|(?:(?:发布于|IP属地)\s*:?\s*|(?:来自|发自)(?=\S+[省市县区镇乡州]))[\u4e00-\u9fff]{2,6}"
)
"""Where an account wrote from, which platforms print next to it."""


COUNTED = re.compile(_WORDS["counted"], re.IGNORECASE)
"""How often something was read or answered."""


_ENDED = re.compile(r"\s{2,}|[（(】\]>]|[,，]\s*正文|\s(?:原创稿?|转载|综合)$")
"""Where an outlet ends in its label."""


def source_name(value: str) -> str | None:
    """Return the outlet that a source label names, None where it names none (管理员, 网络)."""
    value = value.strip(EDGES)
    if PLACE.fullmatch(even(value)):
        return None
    value = re.sub(r"^\s*(?:原创|转载|出品)[\s:：]+", "", value)
    name = _ENDED.split(_VIA.sub("", value))[0].strip(EDGES)
    name = _EDITION.sub("", name).strip(EDGES)
    words = dict.fromkeys(name.split())
    name = name if len(words) > 1 else " ".join(words)
    written = even(name)
    return None if not name or len(name) > 40 or NOBODY.fullmatch(written) or PLACE.fullmatch(written) else name


def without_trailing(value: str) -> str:
    """Cut from an outlet's name the links, places and buttons that a page prints behind it."""
    words = value[: found.start()].split() if (found := COUNTED.search(even(value))) else value.split()
    while len(words) > 1 and not NOISE.sub("", even(words[-1])).strip(EDGES):
        words.pop()
    while len(words) > 1 and (PLACE.fullmatch(even(words[-1])) or not NOISE.sub("", even(words[-1])).strip(EDGES)):
        words.pop()
    words = [word for i, word in enumerate(words) if not i or word != words[i - 1]]
    return " ".join(words) if len(words) < len(value.split()) else value


# How a label of a date ends that has no colon behind it.
_SUFFIX = r"(?:的?(?:时间戳?|日期|时刻|日时|日付|[日时于自在到从])|\s?(?:일시?|일자|시간|날짜|시각|한\s?날짜|됨))"
_VERB_ENDS = ("时间", "日期", "于", "时", "日", "일", "일시")
# Words of a label back to where they begin: 您的浏览时间, 网页快照.
_WORD = r"(?:(?<![^\s|/(\[【])[^\s\d:|/()\[\]【】]{0,8}?)?"
# What may stand between a label and its date: brackets that close, a weekday.
_GAP = rf"[\s:|丨=,(\[\])】>»–—-]*(?:(?<!\w){_WORDS['weekday']}\.?[\s,)\]】]*)?"
_BEHIND = re.compile(rf"[\s,(\[]*(?<!\w){_WORDS['weekday']}\.?[\s,)\]]*$", re.IGNORECASE)
# What ties words to the date behind them, so that they are its label unless they are a name.
_TIE = re.compile(r"(?:^|\s+)(?:on|at|as of|dated?|time|am|vom|le|el|em|il|op|den|dne|la|of)\s*$", re.IGNORECASE)
# Saved offline · Snapshot taken
_MORE = r"(?:(?<=[a-zà-ɏЀ-ӿ])\s[a-zà-ɏЀ-ӿ]{2,12}){0,2}?"
# 导出自 云笔记 2026/11/28 · Archived from the original on 28 November 2026
_THROUGH = (
    r"(?:自|于|到|从|由|\s(?:from|by|via|with|to|in|on|at|of|the|vom|am|da|de|du|dans|par|le|el|em|il)\b)[^\d|丨]{0,40}"
)
_HANDLED_BEFORE = re.compile(
    rf"{_WORD}(?:{_WORDS['handled']}(?:{_THROUGH}|{_MORE}{_SUFFIX}?{_GAP})"
    rf"|{_WORDS['button']}(?:自[^\d|丨]{{0,40}}|(?:{_SUFFIX}|\s*[:=]){_GAP}))$",
    re.IGNORECASE,
)
_HANDLED_AFTER = re.compile(
    rf"[\s(\[,–—-]{{0,3}}{_WORDS['handled']}\s*(?:[于自].*|\b(?:by|from|via|with|using)\b.*|[)\]。.,]|$)", re.IGNORECASE
)
_UPDATED_AFTER = re.compile(r"\s{0,2}(?:更新|修改|[Uu]pdated|수정|[Aa]ktualisiert)\s*(?:$|[)\]|])")
# 已于 2026-11-28 修改 · 于 2019-05-16 首次发布
_ABOUT_AFTER = re.compile(r"\s{0,2}(?:(?P<updated>更新|修改|编辑)|(?P<published>(?:首次)?(?:发布|发表)))(?=[\s)\]|]|$)")
_SAID_BEFORE = re.compile(
    rf"(?:(?P<updated>{_WORDS['updated']})|(?P<published>{_WORDS['published']})){_GAP}$", re.IGNORECASE
)
_OTHER_BEFORE = re.compile(
    rf"[^\s\d:|/()\[\]【】]{{1,16}}\s*[:=]{_GAP}$"
    rf"|[^\s\d:|/()\[\]【】]{{0,12}}(?:时间|日期|日时|日付|(?<=[\u3041-\u9fff])日|自|于|在|[截至]至|今天|当前|现在){_GAP}$"
)
_PIECE = re.compile(r"[|丨/·•—–,;、()\[\]【】]|\s{2,}|\t")
_HAN = re.compile("[\u3041-\u30ff\u3400-\u9fff]")
# 28 Nov 2026 - 29 Nov 2026: the days of something else.
_RANGE = re.compile(r"\s*(?:[-–—~至到]|to|bis)\s*")
_LETTERS = re.compile(r"[^\W\d_]{3}|[\uac00-\ud7a3]")
_BRACKETS = " \t()[]【】〔〕「」*"
# A label alone on its line is no longer, nor is a date, with a time and a zone.
_LABEL_LONGEST, _DATE_LONGEST = 60, 40
# Collected offline, Hoarded, Собрано: in a name every word has a capital and no verb's end, where there are capitals.
_PHRASE = re.compile(r"(?:^|\s)[a-zß-ÿа-я]|[a-z]ed\b|но\b|[\u0590-\u1fff\uac00-\ud7a3]")
Label = tuple[int, int, Role]
"""Where a label begins and ends in its line, and what it announces."""


def segments(
    text: str, written: str, is_outlet: Callable[[str], bool] = lambda _: False, *, strict: bool = True
) -> Iterator[tuple[Role | None, str]]:
    """Cut a line at its labels: each with its role and value, None for what stands before the first.

    `is_outlet` recognises an outlet's name, which may stand right before a date; unless `strict`, any unknown word may.
    """
    labels: list[Label] = sorted(
        (
            (*match.span(), Role(str(match.lastgroup)))
            for match in (*_LABEL.finditer(written), *_BARE.finditer(written))
        ),
        key=lambda label: (label[0], -label[1]),
    )
    labels = _with_date_labels(labels, text, written, is_outlet if strict else None)
    role: Role | None = None
    start = end = 0
    for label_start, label_end, label in labels:
        if label_start < end:
            continue
        if label_start > start or role:
            yield role, text[start:label_start]
        role, start, end = label, label_end, label_end
    if role or start < len(text):
        yield role, text[start:]


def _with_date_labels(
    labels: list[Label], text: str, written: str, is_outlet: Callable[[str], bool] | None
) -> list[Label]:
    """Add the labels that only the dates behind or before them make labels: 采集于, Saved on, 快照, an unknown word."""
    found = list(labels)
    dates = [mention.span for mention in find_dates(text) if mention.month is not None]
    for i, (start, end) in enumerate(dates):
        since, until = dates[i - 1][1] if i else 0, dates[i + 1][0] if i + 1 < len(dates) else len(text)
        role, begin = max(
            ((role, last) for first, last, role in labels if first >= since and last <= start),
            key=itemgetter(1),
            default=(None, since),
        )
        begin = max(begin, start - _LABEL_LONGEST)
        behind = _HANDLED_AFTER.match(written[end:until])
        if role is None and i + 1 < len(dates) and _RANGE.fullmatch(written[end:until]):
            found.append((start, start, Role.OTHER))
        elif role is None and until == len(text) and _UPDATED_AFTER.match(written[end:until]):
            found.append((start, start, Role.UPDATED))
        elif (about := _ABOUT_AFTER.match(written[end:until])) and written[begin:start].rstrip().endswith("于"):
            found.append((start, start, Role(str(about.lastgroup))))
        elif behind and (until == len(text) or end + behind.end() < until):
            found.append((start, start, Role.HANDLED))
        elif label := _label_of(written[begin:start], role, is_outlet):
            found.append((begin + label[0], start, label[1]))
    return sorted(found, key=lambda label: (label[0], -label[1]))


def _label_of(before: str, role: Role | None, is_outlet: Callable[[str], bool] | None) -> tuple[int, Role] | None:
    """Read the words right before a date as its label: where it begins and what it announces, None for no label.

    `role` is the label that stands before these words; behind one that announces a date, only a copy's is another.
    """
    if match := _HANDLED_BEFORE.search(before):
        return match.start(), Role.HANDLED
    if role in (Role.PUBLISHED, Role.UPDATED, Role.COUNTER):
        return None
    if (match := _SAID_BEFORE.search(before)) and _is_whole(before, match):
        return match.start(), Role(str(match.lastgroup))
    if match := _OTHER_BEFORE.search(before):
        return match.start(), Role.OTHER
    start = _words_before(before, is_outlet, untied=role is None and is_outlet is not None)
    return None if start is None else (start, Role.OTHER)


def _words_before(before: str, is_outlet: Callable[[str], bool] | None, *, untied: bool) -> int | None:
    """Return where foreign words begin that are the label of the date behind them; None for names, and for none at all.

    Tied to the date (`on`), they are one whatever they are; `untied`, a phrase or a participle is, no name in capitals.
    """
    rest = _BEHIND.sub("", before)
    tie = _TIE.search(rest)
    rest = rest[: tie.start()].rstrip() if tie else rest
    piece = _HAN.split(_PIECE.split(rest)[-1])[-1]
    words = (piece if tie else NOISE.sub(" ", piece)).strip(EDGES)
    if not _LETTERS.search(words) or is_name(words) or read_names(words) or (is_outlet and is_outlet(words)):
        return None
    if not tie and not (untied and _PHRASE.search(words)):
        return None
    return len(rest) - len(piece)


def _is_whole(before: str, match: re.Match[str]) -> bool:
    """Distinguish a label from a part of a word, or of a name that ends like one (渭南发布)."""
    if _HAN.match(match[0]):
        return match["updated"] is not None or match["published"].endswith(_VERB_ENDS)
    return not before[: match.start()][-1:].isalpha()


def label_alone(written: str) -> Role | None:
    """Read a line that holds nothing but a label; None for any other."""
    written = written.strip(_BRACKETS)
    if not written or len(written) > _LABEL_LONGEST:
        return None
    if match := _LABEL.fullmatch(written) or _LABEL.fullmatch(f"{written}:"):
        return Role(str(match.lastgroup))
    handled = _HANDLED_BEFORE.search(written)
    if handled and (not handled.start() or not _HAN.search(written)):
        return Role.HANDLED
    foreign = not _HAN.search(written)
    if foreign and (written.endswith(":") or _words_before(written, None, untied=False) is not None):
        return Role.OTHER
    return Role.OTHER if _OTHER_BEFORE.fullmatch(written) else None


def label_before(written: str) -> Role | None:
    """Read what a date right behind these words would be, None where no label says."""
    text = f"{written} 2001-02-03"
    return [*segments(text, text, strict=False)][-1][0]


def is_dated_label(written: str) -> bool:
    """Recognise a line that is a date behind a label, whatever that means."""
    *_, (role, value) = [(None, ""), *segments(written, written, strict=False)]
    return role in (Role.HANDLED, Role.OTHER) and len(value.strip()) <= _DATE_LONGEST


_OWNER = re.compile(
    r"(?:©|\(c\)|copyright)[\s©(c)]{0,20}+(?:by\s++)?[\d\s,–-]*+"
    r"(?P<after>[^\d.,|。©]{2,40}?)(?:[.,|。]|\s*(?:\d{4}|all rights|保留|版权)|$)"
    r"|(?P<before>[^\s|,。:©\d]{2,20})\s*版权所有"
    r"|版权所有(?:\s*+:\s*+|\s++)(?P<owner>[^\s|,。:©\d]{2,20})",
    re.IGNORECASE,
)


def owners(line: str) -> Iterator[str]:
    """Name the owners in a copyright line."""
    for match in _OWNER.finditer(even(line)):
        name = source_name(line[match.start(match.lastgroup or 0) : match.end(match.lastgroup or 0)])
        if name:
            yield name
