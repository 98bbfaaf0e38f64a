"""Dates and times of day in text: one table of notations, and the days that they stand for."""

import calendar
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from retrieval.text.quantities import NUMERAL, number
from retrieval.values import Filters, Span

_CLOCK = (
    r"(?P<hour>\d{1,2})\s?(?P<sep>[:时点時]|시)\s?(?P<minute>\d{2})(?!\d)"
    r"(?:(?::|分|분)(?P<second>\d{2})(?:\.\d+|秒)?(?!\d)|分|분)?"
    r"(?:\s?(?P<meridiem>[AaPp]\.?[Mm]\b\.?))?"
    r"(?:\s?(?P<zone>Z\b|UTC\b|GMT\b|JST\b|KST\b|HKT\b|[+-]\d{2}:?\d{2}\b))?"
)
# White space is passed once and not given back: a date may stand before any number of spaces.
_AFTER = re.compile(
    r"(?:\s*+(?:[,|T]\s*+)?|\s/\s|\s*+[-–]\s++|\s++(?:at|um|à)\s++)"
    r"(?:\(?(?:星期|周|週)?[一二三四五六日天月火水木金土](?:曜日?)?\)?\s*+|[A-Z][a-z]{2,8}day,?\s*+)?"
    r"(?:(?P<named>HKT|GMT|UTC|JST|KST)\s)?"
    rf"(?P<half>上午|下午|晚上|晚间|凌晨|清晨|早上|中午|午前|午後|오전|오후)?\s*+{_CLOCK}"
)
# 15.20 GMT: a point parts hours and minutes only where a zone or am/pm follows
_POINTED = re.compile(
    r"(?:\s*+(?:,\s*+)?|\s++at\s++)(?P<named>)(?P<half>)(?P<hour>\d{1,2})(?P<sep>\.)(?P<minute>\d{2})(?P<second>)"
    r"\s?(?:(?P<zone>GMT\b|UTC\b)|(?:BST|CET|EST|EDT|[A-Z]{2}T)\b|(?P<meridiem>[AaPp]\.?[Mm]\b\.?))"
)
_BEFORE = re.compile(
    rf"(?<!\d)(?P<named>)(?P<half>){_CLOCK}(?:\s++[A-Z]{{2,4}}\b)?(?:\s*+,)?\s++(?:on\s++)?(?:[A-Z][a-z]{{2,8}}\.?,\s++)?$"
)
# Behind a date stands no longer time than `12:05 a.m., on Wednesday, `.
_LONGEST = 40
_AFTERNOON = ("下午", "晚上", "晚间", "午後", "오후", "p")
_ZONES = {"Z": "Z", "UTC": "Z", "GMT": "Z", "JST": "+09:00", "KST": "+09:00", "HKT": "+08:00"}


def time_after(text: str, start: int) -> tuple[str, int] | None:
    """Read the time of day that follows a date ending at `start`.

    Returns `17:37`, `17:37:00` or either with an offset, and where it ends; None without a time to the minute.
    """
    match = _AFTER.match(text, start) or _POINTED.match(text, start)
    written = match and _written(match)
    return (written, match.end()) if match and written else None


def time_before(text: str, end: int) -> tuple[str, int] | None:
    """Read the time of day that a date beginning at `end` follows, and where it begins."""
    match = _BEFORE.search(text[max(0, end - _LONGEST) : end])
    written = match and _written(match)
    return (written, max(0, end - _LONGEST) + match.start()) if match and written else None


def _written(match: re.Match[str]) -> str | None:
    hour = _hour(int(match["hour"]), (match["half"] or match["meridiem"] or "").lower())
    minute, second = int(match["minute"]), int(match["second"] or 0)
    if hour > 23 or minute > 59 or second > 59:
        return None
    written = f"{hour:02d}:{minute:02d}" + (f":{second:02d}" if match["second"] else "")
    return written + _offset(match["zone"] or match["named"])


def _hour(hour: int, half: str) -> int:
    if half.startswith(_AFTERNOON):
        return hour + 12 if hour < 12 else hour
    morning_midnight = half.startswith(("a", "凌晨", "午前", "오전")) and hour == 12
    return 0 if morning_midnight else hour


def _offset(zone: str | None) -> str:
    if not zone:
        return ""
    return _ZONES.get(zone) or f"{zone[:3]}:{zone[-2:]}"


EVERY_DAY = range(1, date.max.toordinal() + 1)
"""The days that there are, as ordinals."""
_ISO = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2})(?:[T ]\S+)?)?)?")


def day_range(iso: str) -> tuple[int, int]:
    """Return the first and last day, as ordinals, that `iso` (`2022`, `2022-04`, `2022-04-14`, a date-time) can mean.

    Raises:
        ValueError: it is not an ISO date.
    """
    match = _ISO.fullmatch(iso.strip())
    if match is None:
        raise ValueError(f"{iso!r} is not an ISO date such as 2022, 2022-04 or 2022-04-14")
    year, month, day = int(match[1]), match[2], match[3]
    first = date(year, int(month or 1), int(day or 1))
    if day:
        return first.toordinal(), first.toordinal()
    last_month = int(month or 12)
    return first.toordinal(), date(year, last_month, calendar.monthrange(year, last_month)[1]).toordinal()


def days_of(filters: Filters) -> tuple[int, int] | None:
    """Return the first and last day, as ordinals, that filters allow, or None if they allow any."""
    if not filters.since and not filters.until:
        return None
    since = day_range(filters.since)[0] if filters.since else EVERY_DAY[0]
    return since, day_range(filters.until)[1] if filters.until else EVERY_DAY[-1]


def month_and_year(day: int) -> tuple[tuple[int, int], tuple[int, int]]:
    """Return first and last day, as ordinals, of the month and of the year of a day: the longer dates that hold it."""
    month = date.fromordinal(day).isoformat()[:7]
    return day_range(month), day_range(month[:4])


@dataclass(frozen=True, slots=True)
class DateMention:
    """A date written in a text, as precise as it is written.

    `year` is None where none is written (`4月14日`); `time` is `17:37`, `17:37:00` or either with an offset
    (`17:37+08:00`).
    """

    span: Span
    year: int | None
    month: int | None = None
    day: int | None = None
    time: str | None = None

    @property
    def iso(self) -> str | None:
        """Write the date in ISO 8601, None without a year."""
        if self.year is None:
            return None
        parts = [f"{self.year:04d}", *(f"{part:02d}" for part in (self.month, self.day) if part is not None)]
        return "-".join(parts) + (f"T{self.time}" if self.time else "")

    @property
    def has_time(self) -> bool:
        """Whether a time of day is written next to the date."""
        return self.time is not None

    def in_year(self, year: int) -> "DateMention":
        """Complete a date written without a year."""
        return replace(self, year=year)


def find_dates(text: str) -> list[DateMention]:
    """Find the dates written in a text, in order, none overlapping another.

    A date that could be read in two ways (`03/04/2022`) or that no calendar has (`2022-02-30`) is not found, nor is a
    day of the lunar calendar.
    """
    folded = text.translate(_FOLD)
    found = sorted(_mentions(folded), key=lambda mention: (mention.span[0], -mention.span[1]))
    kept: list[DateMention] = []
    for mention in found:
        if not kept or mention.span[0] >= kept[-1].span[1]:
            kept.append(mention)
    return kept


# One character to one, so that spans stay true.
_FOLD = str.maketrans(
    "０１２３４５６７８９٠١٢٣٤٥٦٧٨٩：／－．，،（）年號時點國曆農\u3000\xa0",
    "01234567890123456789:/-.,,()年号时点国历农  ",
)

_BUDDHA = 543
"""Years that Thailand counts more."""
_ERAS = {"民国": 1911, "令和": 2018, "平成": 1988, "昭和": 1925, "大正": 1911, "明治": 1867}

_IN_ENGLISH = "January February March April May June July August September October November December"
ENGLISH_MONTHS = _IN_ENGLISH.split()
"""The names of the months in English."""
_ENGLISH = [*ENGLISH_MONTHS, *(name[:3] for name in ENGLISH_MONTHS)]
_ROWS = [row.split() for row in Path(__file__).with_name("months.txt").read_text("utf-8").splitlines()]
MONTHS_OF = {
    language: [name.replace("_", " ") for code, *names in _ROWS if code == language for name in names]
    for language in dict.fromkeys(code for code, *_ in _ROWS)
}
"""The months in further languages, as they are declined in dates, again from the first; full names only, since short
ones are common words."""
_OTHER_MONTHS = [name for code, names in MONTHS_OF.items() if code != "th" for name in names]
_MONTHS = {name.lower(): i % 12 + 1 for i, name in enumerate(_ENGLISH)} | {
    name: i % 12 + 1 for i, name in enumerate([*_OTHER_MONTHS, *MONTHS_OF["th"]])
}
_MONTHS["sept"] = 9
# Short names, which only stand for months where nothing else can stand, as in a mail's date: German, French, Spanish,
# Portuguese, Italian, Dutch, Russian twice, Ukrainian, Polish, Czech, Turkish, Romanian, Hungarian, Greek, Danish.
_SHORT_MONTHS = (
    "jan feb mär apr mai jun jul aug sep okt nov dez",
    "jan fév mar avr mai juin juil aoû sep oct nov déc",
    "ene feb mar abr may jun jul ago sep oct nov dic",
    "jan fev mar abr mai jun jul ago set out nov dez",
    "gen feb mar apr mag giu lug ago set ott nov dic",
    "jan feb mrt apr mei jun jul aug sep okt nov dec",
    "янв фев мар апр мая июн июл авг сен окт ноя дек",
    "янв фев мар апр май июн июл авг сен окт ноя дек",
    "січ лют бер кві тра чер лип сер вер жов лис гру",
    "sty lut mar kwi maj cze lip sie wrz paź lis gru",
    "led úno bře dub kvě čvn čvc srp zář říj lis pro",
    "oca şub mar nis may haz tem ağu eyl eki kas ara",
    "ian feb mar apr mai iun iul aug sep oct noi dec",
    "jan feb már ápr máj jún júl aug sze okt nov dec",
    "ιαν φεβ μαρ απρ μαϊ ιουν ιουλ αυγ σεπ οκτ νοε δεκ",
    "jan feb mrz apr maj juni juli agu sep okt nov des",
    "1月 2月 3月 4月 5月 6月 7月 8月 9月 10月 11月 12月",
    "一月 二月 三月 四月 五月 六月 七月 八月 九月 十月 十一月 十二月",
)
_SHORT = {name: i for names in _SHORT_MONTHS for i, name in enumerate(names.split(), start=1)}
_SHORT_NAMES = "|".join(
    sorted(
        {*(name for name in _SHORT if name.isalpha()), "janv", "févr", "avril", "juil", "sett"}, key=len, reverse=True
    )
)
_DAY_FIRST = (
    r"(?i:publi(?:cad[oa]|ée?|cato)|postado|atualizado|actualizado|mis en ligne|fecha|data|ngày|thứ\s\w+|chủ nhật|дата"
    r"|tarih[i:]?|le|em|el|il|am|vom|dne|op|lunes|martes|miércoles|jueves|viernes|sábado|domingo"
    r"|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|(?:segunda|terça|quarta|quinta|sexta)(?:-feira)?"
    r"|lunedì|martedì|mercoledì|giovedì|venerdì|sabato|domenica|(?:mon|diens|donners|frei|sams|sonn)tag|mittwoch)"
)
_DAY_AND_MONTH = r"(?P<day>0?[1-9]|[12]\d|3[01])/(?P<month>0?[1-9]|1[0-2])"


def _by_initial(names: Iterable[str]) -> str:
    """Return a pattern of any of these names, the longest first of those with one initial: most letters begin none."""
    of = dict[str, list[str]]()
    for name in sorted(dict.fromkeys(names), key=len, reverse=True):
        of.setdefault(name[0], []).append(name[1:])
    return "|".join(f"{initial}(?:{'|'.join(rests)})" for initial, rests in of.items())


_MONTH = (
    rf"(?P<month>\b(?:{_by_initial([*_ENGLISH, *map(str.upper, _ENGLISH), 'Sept', 'SEPT'])}"
    rf"|(?i:{_by_initial(_OTHER_MONTHS)}))(?!\w)\.?)"
)

_THAI = rf"(?P<month>{'|'.join(MONTHS_OF['th'])})"
_THAI_YEAR = r"(?:(?:พ\.?ศ\.?|ค\.?ศ\.?|ปี)\s*)?(?P<thai>(?:19|20|24|25)\d\d)(?![\d./-])"
_INITIALS = frozenset(letter for name in (*_MONTHS, *_SHORT) for letter in (name[0], name[0].upper()))
_NUMBERS = frozenset("0123456789元〇○零一二三四五六七八九十廿卅")
_NAMED_DAY = r"(?P<day>(?<![A-Za-z\d.,:/-])\d{1,2})(?:st|nd|rd|th|er|º|\.)?"
_YEAR = r"(?P<year>[12]\d{3})(?![\d])"
_SEASON = rf"(?P<month>\d{{1,2}}|{NUMERAL}{{1,3}})\s*月"
_DATE = rf"(?P<day>\d{{1,2}}|{NUMERAL}{{1,3}})\s*[日号]"


def month_named(name: str) -> int | None:
    """Return the month that a name means by itself, whole or short, in any of many languages."""
    bare = name.lower().rstrip(".")
    return _MONTHS.get(bare) or _SHORT.get(bare) or _SHORT.get(bare[:4]) or _SHORT.get(bare[:3])


# Each with characters of which one must stand in the text: most lines have none, and searching costs.
_PATTERNS = [
    (needed, re.compile(pattern))
    for needed, pattern in (
        # 2022年4月14日, 二〇二〇年二月, 民國111年4月, 令和元年
        (
            "年",
            (
                rf"(?:(?P<era>{'|'.join(_ERAS)}))?\s?(?<!\d)(?P<year>\d{{1,4}}|{NUMERAL}{{1,6}}|元)\s*年(?![间間])"
                rf"(?:\s*{_SEASON}(?:\s*{_DATE})?)?"
            ),
        ),
        ("月", rf"(?<![\d年/.-]){_SEASON}\s*{_DATE}"),
        ("년", r"(?<!\d)(?P<year>[12]\d{3})\s*년(?:\s*(?P<month>\d{1,2})월(?:\s*(?P<day>\d{1,2})일)?)?"),
        # 2022-04-14, 2022/4/14, 2022. 4. 14
        (
            "-/.",
            r"(?<![\d./-])(?P<year>[12]\d{3})(?P<sep>\s?-\s?|\s?/\s?|\.\s?)(?P<month>\d{1,2})(?P=sep)(?P<day>\d{1,2})(?!\d|[./-]\d)",
        ),
        ("-/.", r"(?<![\d./-])(?P<year>[12]\d{3})[-/](?P<month>0[1-9]|1[0-2])(?!\d|[./:-]\d)"),
        # 14.04.2022; with a slash only where one of the two cannot be a month
        ("-/.", r"(?<![\d./-])(?P<day>\d{1,2})\.\s?(?P<month>\d{1,2})\.\s?(?P<year>[12]\d{3})(?!\d)"),
        (
            "-/.",
            r"(?<![\d./-])(?P<day>1[3-9]|2\d|3[01])(?P<sep>[/-])(?P<month>0?[1-9]|1[0-2])(?P=sep)(?P<year>[12]\d{3})(?!\d)",
        ),
        (
            "-/.",
            r"(?<![\d./-])(?P<month>0?[1-9]|1[0-2])(?P<sep>[/-])(?P<day>1[3-9]|2\d|3[01])(?P=sep)(?P<year>[12]\d{3})(?!\d)",
        ),
        # Publié le 03/04/2022: with a slash also behind a word of a language that writes the day first
        ("/", rf"(?<!\w)(?:{_DAY_FIRST})[\s,:.]{{1,3}}(?P<date>{_DAY_AND_MONTH}/(?P<year>[12]\d{{3}}))(?!\d)"),
        (
            "/",
            rf"(?<![\d./-])(?P<date>{_DAY_AND_MONTH}/(?P<year>[12]\d{{3}}))(?=[\s,|–-]{{1,3}}(?:às|à|kl\.?|\d{{1,2}}h\d\d|\d\d:\d\d\s?(?:Uhr|hs?\b|GMT\+7)))",
        ),
        # ngày 3 tháng 4 năm 2022
        ("áÁ", r"(?:ngày\s+)?(?P<day>\d{1,2})\s+tháng\s+(?P<month>\d{1,2})(?:\s+năm|,)?\s+(?P<year>[12]\d{3})(?!\d)"),
        # tháng 4 năm 2022, tháng 4/2022, ngày 3/4
        ("áÁ", r"(?i:tháng)\s+(?P<month>\d{1,2})(?:\s+năm\s+|\s?[/-]\s?)(?P<year>[12]\d{3})(?!\d)"),
        ("àÀ", rf"(?i:(?<!mỗi )(?<!một )(?<!cả )(?<!uống )ngày)\s+(?!24/7)(?P<date>{_DAY_AND_MONTH})(?![\d/-])"),
        # 3 เมษายน พ.ศ. 2565, in years of the Buddha
        ("นม", rf"(?<!\d)(?P<day>\d{{1,2}})[\s-]*{_THAI}(?:[\s,-]*{_THAI_YEAR})?"),
        ("นม", rf"{_THAI}\s*{_THAI_YEAR}"),
        # 111-09-06, as offices in Taiwan count: two digits each for month and day
        (
            "-/.",
            r"(?<![\d./-])(?P<era>)(?P<year>1[0-2]\d)(?P<sep>[-/.])(?P<month>0\d|1[0-2])(?P=sep)(?P<day>[0-3]\d)(?![\d./-])",
        ),
        # 2023 05/06 14:07:22, as a page sets it in three parts
        ("/", r"(?<![\d./-])(?P<year>[12]\d{3})\s(?P<month>\d{2})\s?/\s?(?P<day>\d{2})(?=\s+\d{1,2}:\d{2}|\s*$)"),
        # 18-03-08 17:21: which year this is, another date of the page says
        ("-", r"(?<![\d./-])\d{2}-(?P<month>0[1-9]|1[0-2])-(?P<day>0[1-9]|[12]\d|3[01])(?=\s+\d{1,2}:\d{2})"),
        ("-", r"(?<=时间:)\s?\d{2}-(?P<month>0[1-9]|1[0-2])-(?P<day>0[1-9]|[12]\d|3[01])(?![\d./-])"),
        # 08/16 13:50，正文：, as dumps of Chinese pages print the month and the day
        ("/", r"(?<![\d./:-])(?P<month>\d{1,2})/(?P<day>\d{1,2})(?=\s\d{1,2}:\d{2}(?::\d{2})?[\s\]]*,?\s*正文)"),
        # 5/15(土) 10:02
        ("-/.", r"(?<![\d./:-])(?P<month>\d{1,2})/(?P<day>\d{1,2})(?=\s?\([月火水木金土日一二三四五六]\))"),
        # 04-14 17:37, as sites print recent days: only next to a time, else it is a score or a range
        ("-/.", r"(?<![\d./:-])(?P<month>\d{1,2})-(?P<day>\d{1,2})(?=\s\d{1,2}:\d{2})"),
        (_INITIALS, rf"{_MONTH}\s+{_NAMED_DAY}(?!\d|:\d)(?:(?:\s*+,)?\s++{_YEAR})?"),
        (_INITIALS, rf"{_NAMED_DAY}(?:\s+(?:of|de)\b)?[\s-]+{_MONTH}(?:(?:\s*,|\s+del?\b)?[\s-]+{_YEAR})?"),
        (_INITIALS, rf"(?!نيسان){_MONTH},?\s+(?:(?:de|del|do|(?:من\s+)?(?:عام|سنة))\s+)?{_YEAR}"),
        # 14 févr. 2022: a short name between a day and a year
        (_INITIALS, rf"{_NAMED_DAY}\s+(?:de\s+)?(?P<month>(?i:{_SHORT_NAMES}))\.?,?\s+(?:de\s+)?{_YEAR}"),
    )
]
_LUNAR = re.compile(r"(?:农历|阴历|旧历|夏历|旧暦)(?:[^\d\s,。,]{0,6}年)?$")


def _mentions(text: str) -> Iterator[DateMention]:
    letters = set(text)
    if letters.isdisjoint(_NUMBERS):
        return
    for needed, pattern in _PATTERNS:
        for match in () if letters.isdisjoint(needed) else pattern.finditer(text):
            mention = _mention(match)
            if mention and not _LUNAR.search(text[max(0, match.start() - 10) : match.start()]):
                yield _with_time(mention, text)


def _mention(match: re.Match[str]) -> DateMention | None:
    groups = match.groupdict()
    year = _year(groups.get("year"), groups.get("era")) or _thai_year(groups.get("thai"))
    month = _month(groups.get("month"))
    day = _part(groups.get("day"))
    if groups.get("year") and year is None:
        return None
    if not _in_calendar(year, month, day):
        return None
    start = match.start("date") if groups.get("date") else match.start() + len(match[0]) - len(match[0].lstrip())
    return DateMention((start, match.end()), year, month, day)


def _year(written: str | None, era: str | None) -> int | None:
    if written is None:
        return None
    value = 1 if written == "元" else number(written)
    if era is not None:
        era = era or "民国"
        return _ERAS[era] + value if value is not None and 0 < value < 200 else None
    return value if value is not None and len(written) == 4 and 1000 <= value < 3000 else None


def _thai_year(written: str | None) -> int | None:
    year = number(written) if written else None
    return year - _BUDDHA if year is not None and year > _BUDDHA + 1700 else year


def _month(written: str | None) -> int | None:
    return None if written is None else number(written) or month_named(written)


def _part(written: str | None) -> int | None:
    return None if written is None else number(written)


def _in_calendar(year: int | None, month: int | None, day: int | None) -> bool:
    try:
        # 2000 is a leap year: 29 February without a year may be one
        date(2000 if year is None else year, 1 if month is None else month, 1 if day is None else day)
    except ValueError:
        return False
    return True


def _with_time(mention: DateMention, text: str) -> DateMention:
    if mention.day is None:
        return mention
    after = time_after(text, mention.span[1])
    if after is not None:
        return replace(mention, time=after[0], span=(mention.span[0], after[1]))
    before = time_before(text, mention.span[0])
    return mention if before is None else replace(mention, time=before[0], span=(before[1], mention.span[1]))
