"""Dates that a file declares, in whatever notation its field holds → ISO 8601."""

import re
from datetime import UTC, date, datetime, time
from email.utils import parsedate_to_datetime

from retrieval.articles.metadata.credits import dates_of
from retrieval.text.notations import find_dates, month_named

_ISO = re.compile(
    r"(?P<year>[12]\d{3})(?:-(?P<month>\d{2})(?:-(?P<day>\d{2})"
    r"(?:[T ](?P<time>\d{2}:\d{2}(?::\d{2})?)(?:[.,]\d+)?\s?(?P<zone>Z|[+-]\d{2}:?\d{2})?)?)?)?"
)
_COMPACT = re.compile(r"([12]\d{3})([01]\d)([0-3]\d)(?:([0-2]\d)([0-5]\d)([0-5]\d)?)?")
_EPOCH = re.compile(r"\d{10}(?:\d{3})?(?:\.\d+)?")
# `sab, 06 mag 2023 14:07:00 +0100`: a mail's date in the words of the system that wrote it.
_MAIL = re.compile(
    r"(?:[^\W\d_]{1,12}\.?,?\s+)?(?P<day>\d{1,2})\.?\s+(?P<month>[^\W\d_]{2,12}|\d{1,2}月)\.?\s+(?P<rest>[12]\d{3}\s.*)"
)
_ENGLISH = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
# What programs write where they know no time: the first second of 1970, in Greenwich or in Peking.
_NEVER = re.compile(r"1970-01-01[T ](?:00:00(?::00)?(?:Z|\+00:?00)?|08:00(?::00)?(?:\+08:?00)?)")
# A date's notation may have so many letters around it (a weekday, 发布时间：) and still be a date, not a sentence.
_AROUND = 12


def iso_date(value: object) -> str | None:
    """Return a declared date as ISO 8601, as precise as it is given; None for what is no plain date.

    >>> iso_date("2022年4月14日 17:37"), iso_date(1649900000), iso_date("yesterday")
    ('2022-04-14T17:37', '2022-04-14T01:33:20+00:00', None)
    """
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    written = str(value).strip()
    if not written or len(written) > 80:
        return None
    found = _ISO.fullmatch(written)
    iso = _from_iso(found) if found else None
    if found is None:
        iso = _from_compact(written) or _from_epoch(written) or _from_mail(written) or _from_text(written)
    return None if iso is None or _NEVER.fullmatch(iso) else iso


def _from_iso(found: re.Match[str]) -> str | None:
    year, month, day, clock, zone = found.group("year", "month", "day", "time", "zone")
    try:
        date(int(year), int(month or 1), int(day or 1))
        time.fromisoformat(clock or "00:00")
    except ValueError:
        return None
    if zone and zone != "Z":
        zone = f"{zone[:3]}:{zone[-2:]}"
    return "-".join(filter(None, (year, month, day))) + (f"T{clock}{zone or ''}" if clock else "")


def _from_compact(written: str) -> str | None:
    """Read `20220414` and `20220414173700`."""
    found = _COMPACT.fullmatch(written)
    if not found:
        return None
    year, month, day, hour, minute, second = found.groups()
    clock = ":".join(filter(None, (hour, minute, second)))
    iso = _ISO.fullmatch(f"{year}-{month}-{day}" + (f"T{clock}" if clock else ""))
    return _from_iso(iso) if iso else None


def _from_epoch(written: str) -> str | None:
    """Read seconds or milliseconds since 1970."""
    if not _EPOCH.fullmatch(written):
        return None
    whole = written.partition(".")[0]
    return datetime.fromtimestamp(int(whole[:10]), UTC).isoformat()


def _from_mail(written: str) -> str | None:
    """Read `Thu, 14 Apr 2022 17:37:00 +0800`, also with the names of other languages."""
    if (found := _MAIL.fullmatch(written)) and (month := month_named(found["month"])):
        written = f"{found['day']} {_ENGLISH[month - 1]} {found['rest']}"
    try:
        moment = parsedate_to_datetime(written)
    except (ValueError, IndexError, TypeError):
        return None
    return moment.isoformat() if ":" in written and 1900 < moment.year < 2100 else None


def _from_text(written: str) -> str | None:
    mentions = [mention for mention in find_dates(written) if mention.iso]
    if len(mentions) != 1 or not any(mention.iso == mentions[0].iso for mention in dates_of(written)):
        return None
    begin, end = mentions[0].span
    around = written[:begin] + written[end:]
    return mentions[0].iso if len(around) <= _AROUND else None
