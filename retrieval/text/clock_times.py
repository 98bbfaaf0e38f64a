"""The time of day written beside a date."""

import re

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
