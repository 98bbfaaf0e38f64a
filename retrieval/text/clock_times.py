"""The time of day written behind a date."""

import re

_TIME = re.compile(
    r"(?:\s*[,|T]?\s*|\s*[-–]\s+|\s+(?:at|um|à)\s+)"
    r"(?:\(?(?:星期|周|週)?[一二三四五六日天月火水木金土](?:曜日?)?\)?\s*|[A-Z][a-z]{2,8}day,?\s*)?"
    r"(?P<half>上午|下午|晚上|晚间|凌晨|清晨|早上|中午|午前|午後|오전|오후)?\s*"
    r"(?P<hour>\d{1,2})\s?(?P<sep>[:时点時]|시)\s?(?P<minute>\d{2})(?!\d)"
    r"(?:(?::|分|분)(?P<second>\d{2})(?:\.\d+|秒)?(?!\d)|分|분)?"
    r"(?:\s?(?P<meridiem>[AaPp]\.?[Mm]\b\.?))?"
    r"(?:\s?(?P<zone>Z\b|UTC\b|GMT\b|JST\b|[+-]\d{2}:?\d{2}\b))?"
)
_AFTERNOON = ("下午", "晚上", "晚间", "午後", "오후", "p")
_ZONES = {"Z": "Z", "UTC": "Z", "GMT": "Z", "JST": "+09:00"}


def time_after(text: str, start: int) -> tuple[str, int] | None:
    """Read the time of day that follows a date ending at `start`.

    Returns `17:37`, `17:37:00` or either with an offset, and where it ends; None without a time to the minute.
    """
    match = _TIME.match(text, start)
    if match is None:
        return None
    hour = _hour(int(match["hour"]), (match["half"] or match["meridiem"] or "").lower())
    minute, second = int(match["minute"]), int(match["second"] or 0)
    if hour > 23 or minute > 59 or second > 59:
        return None
    written = f"{hour:02d}:{minute:02d}" + (f":{second:02d}" if match["second"] else "")
    return written + _offset(match["zone"]), match.end()


def _hour(hour: int, half: str) -> int:
    if half.startswith(_AFTERNOON):
        return hour + 12 if hour < 12 else hour
    morning_midnight = half.startswith(("a", "凌晨", "午前", "오전")) and hour == 12
    return 0 if morning_midnight else hour


def _offset(zone: str | None) -> str:
    if zone is None:
        return ""
    return _ZONES.get(zone) or f"{zone[:3]}:{zone[-2:]}"
